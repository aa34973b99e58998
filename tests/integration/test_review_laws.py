"""Laws of the human layer, over any sequence of verdicts and undos by several people."""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.config.problems import BadInput, Conflict
from backend.identities.models import HumanMember, RunIdentity
from backend.review.components import component_of, synced
from backend.review.models import Operation, Settled, VerdictPlace
from backend.review.services.bulk import identities_merge, tracklets_split
from backend.review.services.decisions import operation_undo
from tests.unit.backend.review.town import STARTS, Town, build_town

pytestmark = pytest.mark.slow
ANSWERS = ["same", "same", "different", "different", "cannot_tell"]

verdicts = st.tuples(
    st.sampled_from(["ann", "ben", "cleo"]),
    st.sampled_from([f"{one} {other}" for one, other in combinations(STARTS, 2)]),
    st.sampled_from(ANSWERS),
)
edits = st.tuples(verdicts, st.sampled_from([None, None, "merge", "split"])).map(
    lambda drawn: drawn[0] if drawn[1] is None else (*drawn[0][:2], drawn[1])
)
undos = st.tuples(st.sampled_from(["ann", "ben", "cleo"]), st.integers(0, 9))


many_steps = st.lists(st.one_of(edits, edits, undos), max_size=8)
some_verdicts = st.lists(verdicts, min_size=2, max_size=5, unique_by=lambda verdict: verdict[:2])
few = settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
many = settings(few, max_examples=100)

Verdict = tuple[str, str, str]
Step = Verdict | tuple[str, int]


@pytest.fixture(params=["electricity", "constrained"])
def town(db: None, request: pytest.FixtureRequest) -> Town:
    return build_town(request.param)


def do(town: Town, step: Step) -> None:
    """One step; what cannot be done is refused, and changes nothing."""
    with suppress(Conflict, BadInput):
        if step[-1] == "merge":
            merge(town, *step[:2])
        elif step[-1] == "split":
            tracklets = [town.tracklets[step[1].split()[0]]]
            tracklets_split(actor=town.people[step[0]], scene=town.scene, tracklets=tracklets)
        elif len(step) == 3:
            town.say(*step)
        elif operations := list(Operation.objects.order_by("number")):
            person, which = step
            operation_undo(actor=town.people[person], operation=operations[which % len(operations)])


def merge(town: Town, person: str, pair: str) -> None:
    """A merge that is not refused makes one identity of everything that the two held."""
    before = town.identities()
    numbers = [before[name] for name in pair.split()]
    identities_merge(actor=town.people[person], scene=town.scene, run_id=town.run.pk, numbers=numbers)
    after = town.identities()
    assert len({after[name] for name in before if before[name] in numbers}) == 1


def undo_all(town: Town) -> None:
    for operation in Operation.objects.order_by("-number"):
        if operation.after["standing"] and operation.root == operation and is_standing(operation):
            last = operation
            while hasattr(last, "undone_by"):
                last = last.undone_by
            operation_undo(actor=town.people["ben"], operation=last)


def is_standing(operation: Operation) -> bool:
    return operation.verdicts.filter(revoked_by=None).exists()


def require_possible(town: Town) -> None:
    """Every tracklet is in one identity, and no identity is in a camera twice at one time."""
    members = [name for group in town.groups() for name in group.split()]
    assert sorted(members) == sorted(STARTS)
    for group in town.groups():
        for one, other in combinations(group.split(), 2):
            assert one[0] != other[0] or abs(STARTS[one] - STARTS[other]) > 2


def require_counted(town: Town) -> None:
    """Lists agree with memberships, and the layer is what syncing the whole run at once gives."""
    sizes = {str(number): 0 for number in town.identities().values()}
    for number in town.identities().values():
        sizes[str(number)] += 1
    assert {row[0]: int(str(row[2])) for row in town.shown()} == sizes
    whole = component_of(run=town.run, tracklet_ids=[tracklet.pk for tracklet in town.tracklets.values()])
    labels = synced(whole).labels
    numbers = np.array([town.identities()[name] for name in names_of(town, whole.ids)])
    assert np.array_equal(labels[:, None] == labels, numbers[:, None] == numbers)


def names_of(town: Town, ids: list[int]) -> list[str]:
    names = {tracklet.pk: name for name, tracklet in town.tracklets.items()}
    return [names[each] for each in ids]


@few
@given(many_steps)
def test_undoing_everything_brings_everything_back(town: Town, steps: list[Step]) -> None:
    require_undone(town, steps)


@pytest.mark.soak
@many
@given(many_steps)
def test_undoing_everything_brings_everything_back_however_it_came(town: Town, steps: list[Step]) -> None:
    require_undone(town, steps)


def require_undone(town: Town, steps: list[Step]) -> None:
    before = (town.identities(), town.shown())
    with transaction.atomic():
        for step in steps:
            do(town, step)
            require_possible(town)
        require_counted(town)
        undo_all(town)
        assert (town.identities(), town.shown()) == before
        assert not HumanMember.objects.exists()
        assert not RunIdentity.objects.filter(layer="human").exists()
        assert not Settled.objects.exists()
        assert not VerdictPlace.objects.filter(contradicted=True).exists()
        transaction.set_rollback(True)


@few
@given(some_verdicts)
def test_the_order_in_which_people_decide_does_not_matter(town: Town, said: list[Verdict]) -> None:
    require_same_in_any_order(town, said)


@pytest.mark.soak
@many
@given(some_verdicts)
def test_no_order_in_which_people_decide_matters(town: Town, said: list[Verdict]) -> None:
    require_same_in_any_order(town, said)


def require_same_in_any_order(town: Town, said: list[Verdict]) -> None:
    """As long as nobody settles a contradiction, which is about what was said before."""
    outcomes = []
    for order in (said, said[::-1]):
        with transaction.atomic():
            for step in order:
                do(town, step)
            settled = any(operation.verdicts.filter(settles=True).exists() for operation in Operation.objects.all())
            outcomes.append((town.groups(), settled))
            transaction.set_rollback(True)
    if not any(settled for _, settled in outcomes):
        assert outcomes[0] == outcomes[1]
