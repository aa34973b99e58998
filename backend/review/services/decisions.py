"""Verdicts and their inverse: each one transaction, stored and in effect at once (rules 1 and 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import transaction
from django.db.models import Max

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.problems import BadInput, Conflict
from backend.review.models import Anchor, Answer, Lease, Operation, OperationKind, Verdict, VerdictPlace
from backend.review.selectors.operations import operation_rows, undo_refusal
from backend.review.services.layer import Effect, layer_renew
from backend.scenes.models import Scene
from backend.tracking.arrays import pack_floats, pack_frames, unpack_boxes, unpack_frames
from backend.tracking.models import Run, Tracklet

ANCHOR_FRAMES = 64  # enough to be found again, little enough to keep for ever


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a person says of a pair. confidence 1..4, opened_at: when the pair was shown."""

    answer: Answer
    confidence: int | None = None
    reason: str = ""
    opened_at: datetime | None = None


@transaction.atomic
def verdict_give(
    *, actor: User, scene: Scene, left: Tracklet, right: Tracklet, opinion: Opinion, request: str = ""
) -> Operation:
    """Store what the person says of two tracklets of the scene's current run, and what follows from it.

    request  an Idempotency-Key: the operation that it brought before is returned, nothing is done again

    Raises NotFound, Refused below analyst, BadInput for one tracklet twice, Conflict where the run is no longer the
    one that people see or a "same" is impossible. An answer that contradicts others is stored.
    """
    scene = _locked(scene, actor)
    earlier = _earlier(actor, request)
    if earlier is not None:
        return earlier
    run = _current_run(scene, left, right)
    _require_possible(left, right, opinion.answer)
    operation = _operation(scene, actor, OperationKind.VERDICT, request)
    first, second = sorted((left, right), key=lambda tracklet: (tracklet.end_s, tracklet.pk))
    verdict = Verdict.objects.create(
        scene=scene,
        operation=operation,
        left=_anchor(first),
        right=_anchor(second),
        answer=opinion.answer,
        confidence=opinion.confidence,
        reason=opinion.reason,
        opened_at=opinion.opened_at,
        person=actor,
        settles=_is_contradiction(run, first, second),
    )
    VerdictPlace.objects.create(run=run, verdict=verdict, left=first, right=second, attached=True)
    low, high = sorted((first.pk, second.pk))
    Lease.objects.filter(run=run, left=low, right=high).delete()
    return _record(operation, layer_renew(run=run, seeds=(low, high)), standing=True)


@transaction.atomic
def operation_undo(*, actor: User, operation: Operation, request: str = "") -> Operation:
    """The inverse of an operation, as an operation of its own; the inverse of an inverse does it again.

    Anybody may undo who may decide. Raises NotFound, Refused below analyst, Conflict with the reason where a later
    operation stands in the way.
    """
    scene = _locked(operation.scene, actor)
    earlier = _earlier(actor, request)
    if earlier is not None:
        return earlier
    inverted = operation_rows().get(pk=operation.pk)
    refusal = undo_refusal(inverted)
    if refusal is not None:
        raise Conflict("already-undone", refusal)
    inverse = _operation(scene, actor, OperationKind.UNDO, request, inverse_of=inverted)
    stands = inverted.after["standing"]
    Verdict.objects.filter(operation=inverted.root).update(revoked_by=inverse if stands else None)
    return _record(inverse, _effect_of(scene.current_run, inverted.root), standing=not stands)


def _locked(scene: Scene, actor: User) -> Scene:
    """The scene, locked: edits of two people at once are as if one came after the other."""
    require_scene_role(actor, scene, Role.ANALYST)
    rows = Scene.objects.select_for_update(no_key=True, of=("self",)).select_related("current_run")
    return rows.get(pk=scene.pk)


def _earlier(actor: User, request: str) -> Operation | None:
    return Operation.objects.filter(actor=actor, request=request).first() if request else None


def _current_run(scene: Scene, left: Tracklet, right: Tracklet) -> Run:
    run = scene.current_run
    if run is None or {left.run_id, right.run_id} != {run.pk}:
        raise Conflict(
            "run-not-current",
            "These tracklets are of a run that is no longer shown in this scene; take the next pair of the new run.",
        )
    return run


def _require_possible(left: Tracklet, right: Tracklet, answer: Answer) -> None:
    if left.pk == right.pk:
        raise BadInput("right", "This is the same tracklet twice; a verdict is about two.")
    together = max(left.start_s, right.start_s) <= min(left.end_s, right.end_s)
    if answer == Answer.SAME and left.camera_id == right.camera_id and together:
        raise Conflict(
            "overlap-in-camera",
            "These two are seen at one time in one camera, so they cannot be one vehicle; answer different, or cannot "
            "tell where both boxes are on one vehicle.",
        )


def _operation(
    scene: Scene, actor: User, kind: OperationKind, request: str, *, inverse_of: Operation | None = None
) -> Operation:
    number = (scene.operations.aggregate(last=Max("number"))["last"] or 0) + 1
    return Operation.objects.create(
        scene=scene,
        number=number,
        kind=kind,
        actor=actor,
        request=request,
        run=scene.current_run,
        inverse_of=inverse_of,
        about=None if inverse_of is None else inverse_of.root,
    )


def _record(operation: Operation, effect: Effect, *, standing: bool) -> Operation:
    operation.before = {"standing": not standing, "numbers": effect.before}
    operation.after = {"standing": standing, "numbers": effect.after, "effect": effect.told()}
    operation.save(update_fields=["before", "after"])
    return operation


def _anchor(tracklet: Tracklet) -> Anchor:
    """Where the vehicle was, at up to ANCHOR_FRAMES of its frames spread evenly, the first and the last among them."""
    frames, boxes = unpack_frames(tracklet.frames), unpack_boxes(tracklet.boxes)
    kept = np.unique(np.linspace(0, len(frames) - 1, min(len(frames), ANCHOR_FRAMES)).round().astype(int))
    return Anchor.objects.create(
        camera_id=tracklet.camera_id,
        video_id=tracklet.video_id,
        first_frame=tracklet.first_frame,
        last_frame=tracklet.last_frame,
        frames=pack_frames(frames[kept]),
        boxes=pack_floats(boxes[kept]),
    )


def _is_contradiction(run: Run, one: Tracklet, other: Tracklet) -> bool:
    pair = [one.pk, other.pk]
    return VerdictPlace.objects.filter(run=run, left__in=pair, right__in=pair, contradicted=True).exists()


def _effect_of(run: Run | None, root: Operation) -> Effect:
    places = VerdictPlace.objects.filter(run=run, verdict__operation=root, attached=True)
    seeds = {tracklet for pair in places.values_list("left", "right") for tracklet in pair}
    return Effect() if run is None else layer_renew(run=run, seeds=seeds)
