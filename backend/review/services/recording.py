"""How every edit is written: an operation, its verdicts with their anchors, what follows, under a lock of the scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import Max

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.idempotency import key_reused
from backend.config.problems import BadInput, Conflict
from backend.review.models import Anchor, Answer, Lease, Operation, OperationKind, Verdict, VerdictPlace
from backend.review.services.layer import Effect, layer_renew
from backend.review.standing import pair_of
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


@dataclass(frozen=True, slots=True)
class Said:
    """An opinion about two tracklets, in any order."""

    left: Tracklet
    right: Tracklet
    opinion: Opinion


def edit_begin(*, scene: Scene, actor: User, kind: OperationKind, request: str) -> tuple[Scene, Operation | None]:
    """The scene, locked, and the operation that this Idempotency-Key of this person brought before, if it did.

    Edits of two people at once are as if one came after the other. Raises NotFound for a stranger, Refused below
    analyst, Problem idempotency-key-reused where the key brought something of another kind or in another scene:
    to answer with that would lose this edit.
    """
    require_scene_role(actor, scene, Role.ANALYST)
    rows = Scene.objects.select_for_update(no_key=True, of=("self",)).select_related("current_run")
    locked = rows.get(pk=scene.pk)
    earlier = Operation.objects.filter(actor=actor, request=request).first() if request else None
    if earlier is not None and (earlier.scene_id, earlier.kind) != (scene.pk, kind):
        raise key_reused()
    return locked, earlier


def current_run(*, scene: Scene, run_ids: set[int]) -> Run:
    """The run that people see in the scene. Raises Conflict where the edit is about another one."""
    run = scene.current_run
    if run is None or run_ids != {run.pk}:
        raise Conflict(
            "run-not-current",
            "These tracklets are of a run that is no longer shown in this scene; load what the new run found.",
        )
    run.scene = scene
    return run


def operation_create(
    *, scene: Scene, actor: User, kind: OperationKind, request: str, inverse_of: Operation | None = None
) -> Operation:
    """An operation with the scene's next number; `operation_finish` says what it did."""
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


def operation_finish(*, operation: Operation, effect: Effect, standing: bool) -> Operation:
    """Keep what it changed, and whether its verdicts stand after it."""
    operation.before = {"standing": not standing, "numbers": effect.before}
    operation.after = {"standing": standing, "numbers": effect.after, "effect": effect.told()}
    operation.save(update_fields=["before", "after"])
    return operation


def verdicts_record(
    *, scene: Scene, run: Run, actor: User, kind: OperationKind, said: Sequence[Said], request: str
) -> Operation:
    """One operation that says all of this about tracklets of the scene's current run; the scene is locked.

    Raises BadInput for one tracklet twice, Conflict for an impossible "same"; nothing is stored then.
    """
    for each in said:
        _require_possible(each.left, each.right, each.opinion.answer)
    operation = operation_create(scene=scene, actor=actor, kind=kind, request=request)
    for each in said:
        _store(operation, run, each)
    seeds = {tracklet.pk for each in said for tracklet in (each.left, each.right)}
    return operation_finish(operation=operation, effect=layer_renew(run=run, seeds=seeds), standing=True)


def _require_possible(left: Tracklet, right: Tracklet, answer: Answer) -> None:
    if left.pk == right.pk:
        raise BadInput("right", "This is the same tracklet twice; a verdict is about two.")
    together = max(left.start_s, right.start_s) <= min(left.end_s, right.end_s)
    if answer == Answer.SAME and left.camera_id == right.camera_id and together:
        raise Conflict(
            "overlap-in-camera",
            f"Tracklets {left.number} and {right.number} are seen at one time in camera {left.camera.name}, so they "
            "cannot be one vehicle; answer different, or cannot tell where both boxes are on one vehicle.",
        )


def _store(operation: Operation, run: Run, said: Said) -> None:
    left, right = sorted((said.left, said.right), key=lambda tracklet: (tracklet.end_s, tracklet.pk))
    verdict = Verdict.objects.create(
        scene=operation.scene,
        operation=operation,
        left=_anchor(left),
        right=_anchor(right),
        answer=said.opinion.answer,
        confidence=said.opinion.confidence,
        reason=said.opinion.reason,
        opened_at=said.opinion.opened_at,
        person=operation.actor,
        settles=_is_contradiction(run, left, right),
    )
    VerdictPlace.objects.create(run=run, verdict=verdict, left=left, right=right, attached=True)
    low, high = pair_of(left.pk, right.pk)
    Lease.objects.filter(run=run, left=low, right=high).delete()


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
