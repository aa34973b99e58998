"""Laws of edits of tracklets, over any sequence of edits, verdicts and undos by several people."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.config.problems import BadInput, Conflict
from backend.identities.models import HumanMember, RunIdentity
from backend.identities.selectors import identity_numbers
from backend.review.components import component_of, synced
from backend.review.edits import (
    AnyEdit,
    Attributes,
    Boxes,
    Create,
    Cut,
    Duplicate,
    Hide,
    Interpolate,
    Made,
    Move,
    Say,
    Swap,
    Trim,
    Unhide,
)
from backend.review.models import Answer, Operation, Settled, VerdictPlace
from backend.review.selectors.versions import hidden_by_people
from backend.review.services.decisions import operation_undo
from backend.review.services.tracklet_edits import tracklets_edit
from backend.tracking.models import Candidate, Run, Tracklet
from tests.unit.backend.review.town import Town, build_town

pytestmark = pytest.mark.slow
PEOPLE = ["ann", "ben", "cleo"]
KINDS = ["cut", "swap", "trim", "hide", "unhide", "duplicate", "boxes", "interpolate", "attributes", "move", "say",
         "create", "cut and move"]  # fmt: skip

# A person, what they do, which tracklets of those that are shown it is about, and where in the first of them.
edits = st.tuples(
    st.sampled_from(PEOPLE), st.sampled_from(KINDS), st.integers(0, 12), st.integers(0, 12), st.floats(0, 1)
)
undos = st.tuples(st.sampled_from(PEOPLE), st.just("undo"), st.integers(0, 12))
steps = st.lists(st.one_of(edits, edits, edits, undos), min_size=1, max_size=7)
few = settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
many = settings(few, max_examples=100, derandomize=False)
Step = tuple[Any, ...]


@pytest.fixture(params=["electricity", "constrained"])
def town(db: None, request: pytest.FixtureRequest) -> Town:
    return build_town(request.param)


def shown(town: Town) -> list[Tracklet]:
    return list(Tracklet.objects.shown().filter(run=town.run).order_by("video", "first_frame", "number", "pk"))


def do(town: Town, step: Step) -> None:
    """One step; what cannot be done is refused, and changes nothing."""
    with suppress(Conflict, BadInput):
        if step[1] == "undo":
            person, _, which = step
            operations = list(Operation.objects.order_by("number"))
            if operations:
                operation_undo(actor=town.people[person], operation=operations[which % len(operations)])
            return
        wanted = list(meant(town, *step[1:]))
        if wanted:
            tracklets_edit(actor=town.people[step[0]], scene=town.scene, run_id=town.run.pk, edits=wanted)


def meant(town: Town, kind: str, first: int, second: int, where: float) -> Iterator[AnyEdit]:
    rows = shown(town)
    one, other = rows[first % len(rows)], rows[second % len(rows)]
    frame = one.first_frame + round(where * (one.last_frame - one.first_frame + 1))
    box = (10.0, 10.0, 50.0, 30.0)
    numbers = sorted(set(identity_numbers(run=town.run).values()))
    if kind == "unhide":
        hidden = sorted(hidden_by_people(run=town.run))
        yield from (Unhide(each) for each in hidden[:1])
    elif kind == "cut and move":
        yield Cut(one.pk, frame)
        yield Move(Made(0, 1), numbers[second % len(numbers)])
    else:
        known: dict[str, AnyEdit] = {
            "cut": Cut(one.pk, frame),
            "swap": Swap(one.pk, other.pk, frame),
            "trim": Trim(one.pk, last_frame=frame),
            "hide": Hide(one.pk),
            "duplicate": Duplicate(one.pk, other.pk),
            "boxes": Boxes(one.pk, {frame: None, frame + 1: box}),
            "interpolate": Interpolate(one.pk, one.first_frame, min(frame, one.last_frame)),
            "attributes": Attributes(one.pk, colour="red", note=str(second)),
            "move": Move(one.pk, None if second % 3 == 0 else numbers[second % len(numbers)]),
            "say": Say(one.pk, other.pk, Answer.SAME if second % 2 else Answer.DIFFERENT),
            "create": Create(one.video_id, one.camera_id, [(frame, box), (frame + 5, box)]),
        }
        yield known[kind]


def checksum(town: Town) -> str:
    """Of all that people see: tracklets with boxes and descriptions, identities, numbers, pairs still to be judged."""
    numbers = identity_numbers(run=town.run)
    seen = hashlib.sha256(repr(town.shown()).encode())
    for row in shown(town):
        told = (row.pk, row.number, row.category, row.colour, row.note, row.start_s, row.end_s, numbers[row.pk])
        seen.update(repr(told).encode() + row.frames + row.boxes + row.scores)
    run = Run.objects.get(pk=town.run.pk)
    counts = {state: count for state, count in run.pair_counts.items() if count}
    open_pairs = Candidate.objects.filter(run=run, settled=None).values_list("left", "right", "distance")
    seen.update(repr((sorted(counts.items()), sorted(open_pairs))).encode())
    return seen.hexdigest()


def require_possible(town: Town) -> None:
    """What is shown is in exactly one identity, and no identity is in a camera twice at one time."""
    numbers, rows = identity_numbers(run=town.run), shown(town)
    assert set(numbers) == {row.pk for row in rows}
    assert len({(row.video_id, row.number) for row in rows}) == len(rows)
    for one, other in combinations(rows, 2):
        if one.camera_id == other.camera_id and numbers[one.pk] == numbers[other.pk]:
            assert one.last_frame < other.first_frame or other.last_frame < one.first_frame
    sizes = {str(number): 0 for number in numbers.values()}
    for number in numbers.values():
        sizes[str(number)] += 1
    assert {row[0]: int(str(row[2])) for row in town.shown()} == sizes


def require_synced(town: Town) -> None:
    """Identities are what syncing everything that is shown at once gives."""
    whole = component_of(run=town.run, tracklet_ids=[row.pk for row in shown(town)])
    labels, numbers = synced(whole).labels.tolist(), identity_numbers(run=town.run)
    together = {(one, other) for one, other in combinations(range(len(labels)), 2) if labels[one] == labels[other]}
    ids = whole.ids
    assert together == {
        (one, other) for one, other in combinations(range(len(ids)), 2) if numbers[ids[one]] == numbers[ids[other]]
    }


def undo_all(town: Town) -> None:
    """The last first: nothing stands on it then."""
    for operation in Operation.objects.filter(inverse_of=None).order_by("-number"):
        last = operation
        while hasattr(last, "undone_by"):
            last = last.undone_by
        if last.after["standing"]:
            operation_undo(actor=town.people["ben"], operation=last)


@few
@given(steps)
def test_undoing_every_edit_brings_everything_back(town: Town, done: list[Step]) -> None:
    require_undone(town, done)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@many
@given(steps)
def test_undoing_any_edits_brings_everything_back(town: Town, done: list[Step]) -> None:
    require_undone(town, done)


def require_undone(town: Town, done: list[Step]) -> None:
    before = checksum(town)
    with transaction.atomic():
        for step in done:
            do(town, step)
            require_possible(town)
        require_synced(town)
        undo_all(town)
        assert checksum(town) == before
        assert not HumanMember.objects.exists()
        assert not RunIdentity.objects.filter(layer="human").exists()
        assert not Candidate.objects.filter(layer="human").exists()
        assert not Settled.objects.exists()
        assert not VerdictPlace.objects.filter(contradicted=True).exists()
        transaction.set_rollback(True)
