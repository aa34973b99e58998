"""Edits of an identity that somebody else changed meanwhile are refused with both versions, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from backend.config.problems import Conflict
from backend.review.models import Operation
from backend.review.services.bulk import identities_merge, identity_confirm, tracklets_split
from tests.unit.backend.review.town import Town


def seen(town: Town, *names: str) -> dict[int, list[int]]:
    """The identity of these tracklets, with them in it."""
    return {town.identities()[names[0]]: [town.tracklets[name].pk for name in names]}


def confirm(town: Town, number: int, seen: dict[int, list[int]]) -> Operation:
    return identity_confirm(actor=town.people["ann"], scene=town.scene, run_id=town.run.pk, number=number, seen=seen)


def refusal_of(town: Town, number: int, seen: dict[int, list[int]]) -> dict[str, Any]:
    with pytest.raises(Conflict, match=f"Identity {number} has been changed since you saw it") as refused:
        confirm(town, number, seen)
    assert refused.value.code == "identity-changed"
    return refused.value.extra


def names_of(town: Town, versions: list[dict[str, Any]]) -> list[list[str]]:
    return [[town.name_of(each["id"]) for each in version["tracklets"]] for version in versions]


def test_what_is_as_it_was_seen_is_edited(town: Town) -> None:
    found = seen(town, "c1", "a1", "b1")  # in any order
    confirm(town, town.identities()["a1"], found)
    assert Operation.objects.get().kind == "confirm"


def test_an_identity_that_came_apart_is_told_with_both_versions_and_who_did_it(town: Town) -> None:
    found, number = seen(town, "a1", "b1", "c1"), town.identities()["a1"]
    split = tracklets_split(actor=town.people["ben"], scene=town.scene, tracklets=[town.tracklets["b1"]])
    told = refusal_of(town, number, found)
    assert names_of(town, [told["yours"]]) == [["a1", "b1", "c1"]]
    # Without b1 between them the matcher has c1 with b2.
    assert sorted(names_of(town, told["current"])) == [["a1"], ["a2", "b2", "c1"], ["b1"]]
    assert (told["operation"]["number"], told["operation"]["actor"]) == (split.number, "ben")
    assert Operation.objects.count() == 1


def test_an_identity_that_another_took_in_is_told_by_the_one_that_has_it_now(town: Town) -> None:
    numbers = sorted({town.identities()["a3"], town.identities()["c3"]})
    found = {numbers[1]: [town.tracklets[name].pk for name, at in town.identities().items() if at == numbers[1]]}
    identities_merge(actor=town.people["ben"], scene=town.scene, run_id=town.run.pk, numbers=numbers)
    told = refusal_of(town, numbers[1], found)
    assert [each["number"] for each in told["current"]] == [numbers[0]]
    assert names_of(town, told["current"]) == [["a3", "b3", "c3"]]


def test_a_merge_and_a_split_are_held_to_what_was_seen_too(town: Town) -> None:
    found = seen(town, "a3", "b3")
    town.say("ben", "b3 c3", "same")
    ann, numbers = town.people["ann"], [town.identities()["a3"], town.identities()["c2"]]
    with pytest.raises(Conflict, match="ben did that"):
        identities_merge(actor=ann, scene=town.scene, run_id=town.run.pk, numbers=numbers, seen=found)
    with pytest.raises(Conflict, match="ben did that"):
        tracklets_split(actor=ann, scene=town.scene, tracklets=[town.tracklets["a3"]], seen=found)
    assert Operation.objects.count() == 1


def test_who_sends_no_version_is_taken_at_their_word(town: Town) -> None:
    town.say("ben", "b3 c3", "same")
    confirm(town, town.identities()["a3"], {})
    assert Operation.objects.count() == 2
