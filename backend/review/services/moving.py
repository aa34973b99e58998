"""Tracklets moved from one identity to another: what has to be said of them for that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise, product

from backend.accounts.models import User
from backend.identities.selectors import identities_of
from backend.review.models import Answer
from backend.review.services.bulk import (
    bridges,
    called_different,
    require_few,
    require_not_together,
    rest_of_identity,
    tracklets_of,
)
from backend.review.services.recording import Opinion, Said
from backend.review.standing import pair_of
from backend.tracking.models import Run, Tracklet

Moved = tuple[Tracklet, int | None]


def moves_said(*, run: Run, actor: User, moves: Sequence[Moved], reason: str) -> list[Said]:
    """ "Different" from what stays behind, "same" as what is next in time where they go; None is a vehicle of its own.

    What moves together from one identity to another stays together. Raises NotFound for a number that nothing has,
    BadInput for too many verdicts, Conflict where two would be seen at one time in one camera, or somebody else called
    them different.
    """
    by_target: dict[int | None, list[Tracklet]] = defaultdict(list)
    for tracklet, number in moves:
        by_target[number].append(tracklet)
    said: list[Said] = []
    for number, tracklets in by_target.items():
        if number is None:
            said += [each for tracklet in tracklets for each in _leaving(run, [tracklet], reason)]
        else:
            said += _joining(run, actor, tracklets, number, reason)
    return said


def _joining(run: Run, actor: User, tracklets: Sequence[Tracklet], number: int, reason: str) -> list[Said]:
    there = tracklets_of(run, [number])
    here = {tracklet.pk for tracklet in there}
    coming = [tracklet for tracklet in tracklets if tracklet.pk not in here]
    said = [each for group in _by_identity(run, coming) for each in _leaving(run, group, reason)]
    together = sorted([*there, *coming], key=lambda each: (each.start_s, each.pk))
    require_not_together(together)
    found = {tracklet.pk: tracklet for tracklet in together}
    new = {tracklet.pk for tracklet in coming}
    next_in_time = [pair_of(one.pk, other.pk) for one, other in pairwise(together) if {one.pk, other.pk} & new]
    pairs = dict.fromkeys([*next_in_time, *called_different(run, actor, list(found))])
    require_few(len(pairs))
    return said + [Said(found[one], found[other], Opinion(Answer.SAME, reason=reason)) for one, other in pairs]


def _leaving(run: Run, tracklets: Sequence[Tracklet], reason: str) -> list[Said]:
    """Not what the rest of their identity is; nothing to say where they are all of it."""
    rest = rest_of_identity(run, tracklets)
    require_few(len(tracklets) * len(rest))
    apart = [Said(out, stays, Opinion(Answer.DIFFERENT, reason=reason)) for out, stays in product(tracklets, rest)]
    linked = bridges(run, tracklets, rest)
    return apart + [Said(one, other, Opinion(Answer.SAME, reason=reason)) for one, other in linked]


def _by_identity(run: Run, tracklets: Iterable[Tracklet]) -> list[list[Tracklet]]:
    known = {tracklet.pk: tracklet for tracklet in tracklets}
    groups: dict[int, list[Tracklet]] = defaultdict(list)
    for tracklet, identity in identities_of(run=run, tracklet_ids=known).items():
        groups[identity].append(known[tracklet])
    return list(groups.values())
