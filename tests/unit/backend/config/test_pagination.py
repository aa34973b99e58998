from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.utils.timezone import now
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from backend.accounts.models import User
from backend.config.pagination import Page, page_of, page_of_items
from backend.config.problems import BadInput
from backend.scenes.models import Scene
from backend.uploads.models import Upload
from backend.uploads.selectors import UPLOAD_ORDER

ORDERING = ["-first_name", "last_name", "-id"]


def walk(ordering: list[str], limit: int) -> list[Page[User]]:
    pages = [page_of(User.objects.all(), ordering=ordering, limit=limit)]
    while pages[-1].next:
        pages.append(page_of(User.objects.all(), ordering=ordering, limit=limit, cursor=pages[-1].next))
    return pages


class PagesOfAnyRows(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        names=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=12), limit=st.integers(1, 5)
    )
    def test_hold_every_row_once_in_order_and_lead_back(self, names: list[tuple[str, str]], limit: int) -> None:
        User.objects.bulk_create(
            User(username=str(place), first_name=first, last_name=last) for place, (first, last) in enumerate(names)
        )
        pages = walk(ORDERING, limit)
        expected = list(User.objects.order_by(*ORDERING))
        assert [row for page in pages for row in page.items] == expected
        for before, page in pairwise(pages):
            back = page_of(User.objects.all(), ordering=ORDERING, limit=limit, cursor=page.previous)
            assert back.items == before.items
            assert back.next == before.next
            assert back.previous == before.previous


@given(places=st.sets(st.tuples(st.integers(-3, 3), st.integers(0, 9))), limit=st.integers(1, 5))
def test_pages_of_items_in_memory_hold_each_once_in_order_and_lead_back(
    places: set[tuple[int, int]], limit: int
) -> None:
    def page_at(cursor: str | None) -> Page[tuple[int, int]]:
        return page_of_items(places, key=lambda place: (-place[0], place[1]), limit=limit, cursor=cursor)

    pages = [page_at(None)]
    while pages[-1].next:
        pages.append(page_at(pages[-1].next))
    assert [item for page in pages for item in page.items] == sorted(places, key=lambda place: (-place[0], place[1]))
    for before, page in pairwise(pages):
        assert page_at(page.previous) == before


@pytest.mark.parametrize("key", [["a", 1], [1], [1, 2, 3], [1, 0.5]])
def test_a_cursor_of_another_list_is_refused_for_items_in_memory(key: list[Any]) -> None:
    cursor = urlsafe_b64encode(json.dumps([0, *key]).encode()).decode()
    with pytest.raises(BadInput, match="not from this list"):
        page_of_items([(1, 2)], key=lambda item: item, limit=5, cursor=cursor)


@pytest.mark.django_db
def test_a_row_that_goes_while_paging_hides_no_other() -> None:
    User.objects.bulk_create(User(username=name) for name in "abcdef")
    first = page_of(User.objects.all(), ordering=["username"], limit=2)
    User.objects.filter(username="a").delete()
    second = page_of(User.objects.all(), ordering=["username"], limit=2, cursor=first.next)
    assert [user.username for user in second.items] == ["c", "d"]


@pytest.mark.django_db
def test_a_cursor_of_another_list_is_refused() -> None:
    User.objects.bulk_create(User(username=name) for name in "abc")
    cursor = page_of(User.objects.all(), ordering=["username"], limit=1).next
    with pytest.raises(BadInput):
        page_of(User.objects.all(), ordering=["first_name", "id"], limit=1, cursor=cursor)
    with pytest.raises(BadInput):
        page_of(User.objects.all(), ordering=["id"], limit=1, cursor=cursor)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [json.dumps([0, "\ud800"]), json.dumps([0, "\x00"]), "[" * 5000, "[0, NaN]", "{}"])
def test_a_made_up_cursor_is_refused(content: str) -> None:
    cursor = urlsafe_b64encode(content.encode()).decode()
    with pytest.raises(BadInput):
        page_of(User.objects.all(), ordering=["username"], limit=1, cursor=cursor)


@pytest.mark.django_db
def test_times_and_uuids_are_keys_like_any_other() -> None:
    owner = User.objects.create(username="owner")
    scene = Scene.objects.create(name="Road", created_by=owner)
    for number in range(5):
        Upload.objects.create(
            scene=scene, created_by=owner, camera_name="c001", file_name=f"{number}.mp4", size=1, expires_at=now()
        )
    first = Upload.objects.earliest("created_at").created_at
    Upload.objects.filter(file_name__in=["0.mp4", "1.mp4", "2.mp4"]).update(created_at=first)
    rows = Upload.objects.all()
    pages = [page_of(rows, ordering=UPLOAD_ORDER, limit=1)]
    while pages[-1].next:
        pages.append(page_of(rows, ordering=UPLOAD_ORDER, limit=1, cursor=pages[-1].next))
    assert [row for page in pages for row in page.items] == list(rows.order_by(*UPLOAD_ORDER))
    back = page_of(rows, ordering=UPLOAD_ORDER, limit=1, cursor=pages[-1].previous)
    assert back.items == pages[-2].items


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key",
    [
        ["2026-01-01T00:00:00", str(UUID(int=1))],
        ["yesterday", str(UUID(int=1))],
        [1, str(UUID(int=1))],
        ["2026-01-01T00:00:00+00:00", "no UUID"],
        ["2026-01-01T00:00:00+00:00", -1],
    ],
)
def test_a_made_up_time_or_uuid_is_refused(key: list[Any]) -> None:
    cursor = urlsafe_b64encode(json.dumps([0, *key]).encode()).decode()
    with pytest.raises(BadInput):
        page_of(Upload.objects.all(), ordering=UPLOAD_ORDER, limit=1, cursor=cursor)
