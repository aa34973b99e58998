"""Edits of whole identities: many verdicts as one operation, with one undo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, pairwise, product
from types import MappingProxyType

from django.db import transaction

from backend.accounts.models import User
from backend.config.problems import BadInput, Conflict, NotFound
from backend.identities.models import Identity
from backend.identities.selectors import identities_of, members_of
from backend.review.components import answers_among
from backend.review.models import Answer, Operation, OperationKind, VerdictPlace
from backend.review.selectors.changes import together_told
from backend.review.services.recording import (
    Opinion,
    Said,
    current_run,
    edit_begin,
    verdicts_record,
)
from backend.review.services.seen import Seen, require_as_seen
from backend.review.standing import Pair, counting, linked, pair_of, pairs_with
from backend.scenes.models import Scene
from backend.tracking.models import Run, Tracklet

MOST_VERDICTS = 500
NOTHING_SEEN: Seen = MappingProxyType({})


@transaction.atomic
def identities_merge(
    *,
    actor: User,
    scene: Scene,
    run_id: int,
    numbers: Sequence[int],
    seen: Seen = NOTHING_SEEN,
    reason: str = "",
    request: str = "",
) -> Operation:
    """These identities of the current run are one vehicle: "same" from each of their tracklets to the next in time.

    It is also said of pairs that the person called different before, as a split does: the later answer counts.
    Raises NotFound, Refused below analyst, BadInput for less than two identities, Conflict where the run is no longer
    shown, an identity is another one than was `seen` (identity-changed, with both), two of the tracklets are seen at
    one time in one camera, or answers of others keep them apart.
    """
    scene, earlier = edit_begin(scene=scene, actor=actor, kind=OperationKind.MERGE, request=request)
    if earlier is not None:
        return earlier
    if len(set(numbers)) < 2:
        raise BadInput("numbers", "Name at least two identities; one alone is merged already.")
    run = current_run(scene=scene, run_ids={run_id})
    require_as_seen(run=run, seen=seen)
    said = _one_vehicle(run, actor, tracklets_of(run, numbers), reason)
    return verdicts_record(scene=scene, run=run, actor=actor, kind=OperationKind.MERGE, said=said, request=request)


@transaction.atomic
def identity_confirm(
    *,
    actor: User,
    scene: Scene,
    run_id: int,
    number: int,
    seen: Seen = NOTHING_SEEN,
    reason: str = "",
    request: str = "",
) -> Operation:
    """All of this identity is one vehicle: it stays together whatever the matcher says, and is not asked about again.

    Raises NotFound, Refused below analyst, Conflict where the run is no longer shown, the identity is another one than
    was `seen` (identity-changed, with both), or nothing is to be confirmed.
    """
    scene, earlier = edit_begin(scene=scene, actor=actor, kind=OperationKind.CONFIRM, request=request)
    if earlier is not None:
        return earlier
    run = current_run(scene=scene, run_ids={run_id})
    require_as_seen(run=run, seen=seen)
    said = _one_vehicle(run, actor, tracklets_of(run, [number]), reason)
    if not said:
        raise Conflict("nothing-to-confirm", f"Identity {number} has one tracklet only; there is nothing to confirm.")
    return verdicts_record(scene=scene, run=run, actor=actor, kind=OperationKind.CONFIRM, said=said, request=request)


@transaction.atomic
def tracklets_split(
    *,
    actor: User,
    scene: Scene,
    tracklets: Sequence[Tracklet],
    seen: Seen = NOTHING_SEEN,
    reason: str = "",
    request: str = "",
) -> Operation:
    """These tracklets are not the vehicle that the rest of their identity is: "different" from each to each.

    Of the rest, what answers held together over those that leave is called the same, so that it stays together.
    Raises NotFound, Refused below analyst, BadInput where they are of several identities or all of one, Conflict where
    the run is no longer shown or the identity is another one than was `seen` (identity-changed, with both).
    """
    scene, earlier = edit_begin(scene=scene, actor=actor, kind=OperationKind.SPLIT, request=request)
    if earlier is not None:
        return earlier
    run = current_run(scene=scene, run_ids={tracklet.run_id for tracklet in tracklets})
    require_as_seen(run=run, seen=seen)
    rest = rest_of_identity(run, tracklets)
    if not rest:
        raise BadInput("tracklets", "These are all of the identity; leave out those that stay.")
    require_few(len(tracklets) * len(rest))
    said = [Said(out, stays, Opinion(Answer.DIFFERENT, reason=reason)) for out, stays in product(tracklets, rest)]
    said += [Said(one, other, Opinion(Answer.SAME, reason=reason)) for one, other in bridges(run, tracklets, rest)]
    return verdicts_record(scene=scene, run=run, actor=actor, kind=OperationKind.SPLIT, said=said, request=request)


def tracklets_of(run: Run, numbers: Sequence[int]) -> list[Tracklet]:
    """In order of time. Raises NotFound for a number that nothing in the run has, BadInput for too many tracklets."""
    identities = Identity.objects.filter(scene=run.scene, number__in=numbers)
    identity_of = members_of(run=run, identities=identities.values_list("pk", flat=True))
    if len(set(identity_of.values())) < len(set(numbers)):
        raise NotFound("identity in this run")
    require_few(len(identity_of) - 1)
    rows = Tracklet.objects.filter(pk__in=identity_of).select_related("camera").defer("scores")
    return list(rows.order_by("start_s", "id"))


def _one_vehicle(run: Run, actor: User, tracklets: Sequence[Tracklet], reason: str) -> list[Said]:
    """ "Same" along the order of time, and of each pair that was called different. Raises Conflict, BadInput."""
    require_not_together(tracklets)
    found = {tracklet.pk: tracklet for tracklet in tracklets}
    in_time = [pair_of(one.pk, other.pk) for one, other in pairwise(tracklets)]
    pairs = dict.fromkeys([*in_time, *called_different(run, actor, list(found))])
    require_few(len(pairs))
    return [Said(found[one], found[other], Opinion(Answer.SAME, reason=reason)) for one, other in pairs]


def require_not_together(tracklets: Sequence[Tracklet]) -> None:
    """Raises Conflict where two of these, in order of time, are seen at one time in one camera."""
    for one, other in combinations(tracklets, 2):
        if one.camera_id == other.camera_id and other.start_s <= one.end_s:
            raise Conflict(
                "overlap-in-camera",
                f"Tracklets {one.number} and {other.number} are seen at one time in camera {one.camera.name}, so "
                "these identities cannot be one vehicle; split one of the two off first, or mark one as a duplicate.",
                extra=together_told(one, other),
            )


def called_different(run: Run, actor: User, ids: Sequence[int]) -> list[Pair]:
    """Pairs of these tracklets of which a "different" counts, for the person to say otherwise.

    Raises Conflict for somebody else's, which another answer would only contradict. Where it is contradicted already,
    everybody has seen it, and the next answer settles it.
    """
    counted = counting(answers_among(run=run, tracklet_ids=ids))
    pairs = pairs_with(Answer.DIFFERENT, counted)
    places = [given.place for pair in pairs for given in counted[pair] if given.answer == Answer.DIFFERENT]
    others = VerdictPlace.objects.filter(pk__in=places, contradicted=False).exclude(verdict__person=actor)
    rows = others.select_related("verdict__person", "verdict__operation", "left__camera", "right__camera")
    for place in rows.order_by("verdict")[:1]:
        raise Conflict("called-different", _denial(place))
    return pairs


def _denial(place: VerdictPlace) -> str:
    sides = [side for side in (place.left, place.right) if side is not None]
    one, other = (f"{side.number} in camera {side.camera.name}" for side in sides)
    return (
        f"{place.verdict.person} called tracklets {one} and {other} different vehicles (operation "
        f"{place.verdict.operation.number}), so these identities stay apart; undo that operation first if it is wrong."
    )


def rest_of_identity(run: Run, tracklets: Sequence[Tracklet]) -> list[Tracklet]:
    """What else is in their identity, in order of time. Raises BadInput where they are of several."""
    chosen = {tracklet.pk for tracklet in tracklets}
    identities = set(identities_of(run=run, tracklet_ids=chosen).values())
    if len(identities) != 1:
        raise BadInput("tracklets", "Name tracklets of one identity.")
    rest = set(members_of(run=run, identities=identities)) - chosen
    rows = Tracklet.objects.filter(pk__in=rest).select_related("camera").defer("scores")
    return list(rows.order_by("start_s", "id"))


def bridges(run: Run, out: Sequence[Tracklet], rest: Sequence[Tracklet]) -> list[tuple[Tracklet, Tracklet]]:
    """Pairs of the rest, in order of time, that answers link only by way of the tracklets that leave."""
    here = [tracklet.pk for tracklet in (*out, *rest)]
    same = pairs_with(Answer.SAME, counting(answers_among(run=run, tracklet_ids=here)))
    staying = {tracklet.pk for tracklet in rest}
    kept = [pair for pair in same if staying.issuperset(pair)]
    before, vehicles = linked(same), defaultdict(list)
    for tracklet in rest:
        vehicles[before.get(tracklet.pk)].append(tracklet)
    found = []
    for vehicle, members in vehicles.items():
        for one, other in pairwise(members):
            roots = linked(kept)
            if vehicle is not None and roots.get(one.pk, one.pk) != roots.get(other.pk, other.pk):
                kept.append(pair_of(one.pk, other.pk))
                found.append((one, other))
    return found


def require_few(verdicts: int) -> None:
    if verdicts > MOST_VERDICTS:
        raise BadInput("tracklets", f"This takes {verdicts} verdicts at once, more than {MOST_VERDICTS}; take fewer.")
