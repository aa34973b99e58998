"""The human layer of a run: what the standing verdicts make of its identities, written around what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from django.db import transaction

from backend.identities.selectors import highest_number, identity_numbers, own_numbers
from backend.identities.services import identities_change
from backend.review.components import Component, Sync, closed, component_of, joinable_beside, synced
from backend.review.models import VerdictPlace
from backend.review.services.settling import pairs_settle
from backend.review.standing import Pair, pair_of
from backend.tracking.models import Run
from ml.matching.graph import stable_numbers

# What a tracklet that lost its number weighs in the question of who gets it, beside one that has it.
GIVEN_AWAY = 1e-3
Numbers = Mapping[int, int]  # tracklet id -> identity number


@dataclass(frozen=True, slots=True)
class Effect:
    """What an edit did to the identities that people see.

    before, after   identity numbers of the tracklets whose number changed
    joined          numbers of identities that took in tracklets of several; separated: that came out of one
    contradictions  pairs with answers that cannot all be true, around the edit
    """

    before: dict[int, int] = field(default_factory=dict)
    after: dict[int, int] = field(default_factory=dict)
    joined: list[int] = field(default_factory=list)
    separated: list[int] = field(default_factory=list)
    contradictions: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.joined or self.separated)

    def told(self) -> dict[str, Any]:
        """What people are told of it, and operations keep."""
        return {
            "changed": self.changed,
            "joined": self.joined,
            "separated": self.separated,
            "tracklets": len(self.after),
            "contradictions": self.contradictions,
        }


@transaction.atomic
def layer_renew(*, run: Run, seeds: Iterable[int], seen: Numbers | None = None) -> Effect:
    """Bring the layer up to date around these tracklets (ids); the scene is locked. Returns what changed.

    seen  numbers that people saw on tracklets in the run before, where this run is new

    Identities are a pure function of the run and the standing verdicts, so it does not matter in which order verdicts
    came, or how often this is called.
    """
    wanted = set(seeds)
    if not wanted:
        return Effect()
    component, outcome, before = _synced_around(run, wanted)
    after = _numbered(component, outcome, before if seen is None else seen)
    identities_change(run=run, numbers=after)
    contradictory = _contradictory_pairs(component, outcome)
    _contradictions_mark(component, contradictory)
    pairs_settle(run=run, tracklet_ids=_affected(wanted, before, after))
    return _effect(before, after, len(contradictory))


def _synced_around(run: Run, seeds: set[int]) -> tuple[Component, Sync, Numbers]:
    """The identities that an edit at the seeds can change, synced; and their numbers until now.

    Identities meet only along eligible pairs. So it begins with the seeds' identities and all that they could join, and
    goes on to what those could join that came out different, until nothing different lies at the border. Identities
    farther off are what they were, as if the whole run had been synced.
    """
    here = closed(run=run, tracklet_ids=seeds)
    border = joinable_beside(run=run, tracklet_ids=here)
    while True:
        here = closed(run=run, tracklet_ids=here | border)
        component = component_of(run=run, tracklet_ids=here)
        outcome, before = synced(component), identity_numbers(run=run, tracklet_ids=here)
        border = joinable_beside(run=run, tracklet_ids=_regrouped(component, outcome, before)) - here
        if not border:
            return component, outcome, before


def _regrouped(component: Component, outcome: Sync, before: Numbers) -> set[int]:
    """The tracklets whose identity has other members than until now."""
    now, until_now = defaultdict(set), defaultdict(set)
    for tracklet, label in zip(component.ids, outcome.labels.tolist(), strict=True):
        now[label].add(tracklet)
        until_now[before[tracklet]].add(tracklet)
    return {each for members in now.values() if members != until_now[before[min(members)]] for each in members}


def _numbered(component: Component, outcome: Sync, seen: Numbers) -> dict[int, int]:
    """The groups' numbers: the run's own where they can be kept, else a number that people's edits made before.

    First come the run's own, so that taking every verdict back brings back every number; each stays with those who
    have it now.
    """
    ids = component.ids
    own = own_numbers(run=component.run, tracklet_ids=ids)
    first_new = highest_number(scene=component.run.scene) + 1
    lengths = np.array([tracklet.length for tracklet in component.tracklets], np.float64)
    holds = np.array([seen.get(each) == own.get(each) for each in ids])
    machine = np.array([own.get(each, 0) for each in ids], np.int64)
    weights = np.where(holds, lengths, lengths * GIVEN_AWAY)
    numbers = stable_numbers(outcome.labels, machine, weights=weights, next_number=first_new)
    new = numbers >= first_new
    taken = set(own.values())
    made = np.array([0 if seen.get(each, 0) in taken else seen.get(each, 0) for each in ids], np.int64)
    numbers[new] = stable_numbers(outcome.labels[new], made[new], weights=lengths[new], next_number=first_new)
    return dict(zip(ids, numbers.tolist(), strict=True))


def _affected(seeds: set[int], before: Numbers, after: Numbers) -> list[int]:
    """Every tracklet of the identities, before or after, that the seeds are in or that took in or lost anything."""
    moved = seeds | {each for each in after if before[each] != after[each]}
    touched = {before[each] for each in moved} | {after[each] for each in moved}
    return [each for each in after if before[each] in touched or after[each] in touched]


def _contradictory_pairs(component: Component, outcome: Sync) -> set[Pair]:
    """Every pair of every chain of answers that cannot all be true."""
    ids, found = component.ids, set()
    for each in outcome.contradictions:
        chain = [ids[row] for row in each.chain]
        found |= {pair_of(one, other) for one, other in pairwise(chain)}
        if each.cannot_link is not None:
            found.add(pair_of(chain[0], chain[-1]))
    return found


def _contradictions_mark(component: Component, pairs: set[Pair]) -> None:
    places = {each.place for pair in pairs for each in component.counted[pair]}
    here = VerdictPlace.objects.filter(run=component.run, left__in=component.ids, right__in=component.ids)
    here.filter(contradicted=True).exclude(pk__in=places).update(contradicted=False)
    here.filter(contradicted=False, pk__in=places).update(contradicted=True)


def _effect(before: Numbers, after: Numbers, contradictions: int) -> Effect:
    moved = [each for each in after if before[each] != after[each]]
    came_from, went_to = defaultdict(set), defaultdict(set)
    for each, number in after.items():
        came_from[number].add(before[each])
        went_to[before[each]].add(number)
    return Effect(
        before={each: before[each] for each in moved},
        after={each: after[each] for each in moved},
        joined=sorted(number for number, numbers in came_from.items() if len(numbers) > 1),
        separated=sorted({number for numbers in went_to.values() if len(numbers) > 1 for number in numbers}),
        contradictions=contradictions,
    )
