"""Which answers count: from everything that was said about pairs to must-links and cannot-links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from backend.review.models import Answer

Pair = tuple[int, int]  # tracklet ids, the lower first


@dataclass(frozen=True, slots=True)
class Given:
    """An answer about two tracklets, in the order in which answers were given. `place` is its VerdictPlace."""

    place: int
    pair: Pair
    answer: str
    person: int
    settles: bool


def pair_of(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def counting(given: Iterable[Given]) -> dict[Pair, list[Given]]:
    """The answers that count about each pair: of each person the latest, and none from before the last settling one.

    An answer settles if it was given about a contradiction: whoever gave it had the earlier ones before their eyes. So
    two people who disagree without knowing both count, and contradict each other, until somebody settles it.
    """
    by_pair: dict[Pair, dict[int, Given]] = defaultdict(dict)
    for each in given:
        if each.settles:
            by_pair[each.pair].clear()
        by_pair[each.pair][each.person] = each
    return {pair: list(people.values()) for pair, people in by_pair.items()}


def judged_enough(counted: dict[Pair, list[Given]], *, people: int) -> dict[Pair, list[Given]]:
    """Those pairs of which so many people's answers count, or one that settles a contradiction."""
    return {
        pair: answers
        for pair, answers in counted.items()
        if len(answers) >= people or any(each.settles for each in answers)
    }


def pairs_with(answer: Answer, counted: dict[Pair, list[Given]]) -> list[Pair]:
    """The pairs of which somebody says this, in order of ids."""
    return sorted(pair for pair, answers in counted.items() if any(each.answer == answer for each in answers))


def linked(pairs: Iterable[Pair]) -> dict[int, int]:
    """tracklet -> the lowest tracklet that these pairs link it to, in one step or several. Only those in a pair."""
    lowest: dict[int, int] = {}

    def root(tracklet: int) -> int:
        while lowest.setdefault(tracklet, tracklet) != tracklet:
            tracklet = lowest[tracklet]
        return tracklet

    for pair in pairs:
        one, other = sorted(root(tracklet) for tracklet in pair)
        lowest[other] = one
    return {tracklet: root(tracklet) for tracklet in lowest}
