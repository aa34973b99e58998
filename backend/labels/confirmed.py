"""Which tracklets of a run are labelled: what people's answers hold together, and confident machine joins if asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from backend.identities.selectors import identity_numbers
from backend.review.components import given_by, places_that_stand
from backend.review.models import Answer
from backend.review.standing import Given, Pair, counting, linked, pairs_with
from backend.tracking.models import Candidate, Layer, Run, Tracklet


@dataclass(frozen=True, slots=True)
class Label:
    """A tracklet's (id) identity number. `human`: people confirmed it; if not, the machine's joins did."""

    tracklet: int
    identity: int
    human: bool


def labels_of(*, run: Run, machine_from: float | None = None) -> list[Label]:
    """The labelled tracklets among those that people see, by identity and tracklet.

    Of every identity its confirmed part is labelled: the largest group of its tracklets that "same" answers hold
    together. A tracklet alone counts where people drew or changed it or answered about it. Answers that contradict each
    other do not count. With `machine_from`, tracklets that joins of at least this probability tie to that part are in
    it too, and of identities without one the largest group of at least two.
    """
    numbers = identity_numbers(run=run)
    answers = _answers(run)
    same = _within(pairs_with(Answer.SAME, answers), numbers)
    sure = [] if machine_from is None else _within(_machine_pairs(run, machine_from), numbers)
    touched = {each for pair in (*same, *pairs_with(Answer.DIFFERENT, answers)) for each in pair}
    touched |= set(Tracklet.objects.filter(run=run, layer=Layer.HUMAN).values_list("pk", flat=True))
    confirmed, tied = linked(same), linked([*same, *sure])
    members = defaultdict(list)
    for tracklet, number in sorted(numbers.items()):
        members[number].append(tracklet)
    labels = []
    for number, tracklets in sorted(members.items()):
        core = _core(_groups(tracklets, confirmed), touched)
        labelled = core if machine_from is None else _tied(core, _groups(tracklets, tied))
        labels += [Label(each, number, each in core) for each in sorted(labelled)]
    return labels


def _answers(run: Run) -> dict[Pair, list[Given]]:
    """The answers that count and that no other one contradicts."""
    places = places_that_stand(run=run)
    contradicted = set(places.filter(contradicted=True).values_list("pk", flat=True))
    counted = counting(given_by(places))
    return {pair: [each for each in given if each.place not in contradicted] for pair, given in counted.items()}


def _machine_pairs(run: Run, least: float) -> list[Pair]:
    rows = Candidate.objects.filter(run=run, probability__gte=least).order_by("pk")
    return list(rows.annotate(one=F("left"), other=F("right")).values_list("one", "other"))


def _within(pairs: Iterable[Pair], numbers: dict[int, int]) -> list[Pair]:
    """Those of two shown tracklets of one identity."""
    return [(one, other) for one, other in pairs if one in numbers and numbers[one] == numbers.get(other)]


def _groups(tracklets: list[int], roots: dict[int, int]) -> list[set[int]]:
    """The largest first; of equal ones that with the lowest tracklet."""
    found = defaultdict(set)
    for tracklet in tracklets:
        found[roots.get(tracklet, tracklet)].add(tracklet)
    return sorted(found.values(), key=lambda group: (-len(group), min(group)))


def _core(groups: list[set[int]], touched: set[int]) -> set[int]:
    return next((group for group in groups if len(group) > 1 or group <= touched), set())


def _tied(core: set[int], groups: list[set[int]]) -> set[int]:
    """The group around the confirmed part; without one the largest, if it joins anything."""
    if core:
        return next(group for group in groups if core <= group)
    return groups[0] if len(groups[0]) > 1 else set()
