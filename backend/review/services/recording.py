"""How every edit is written: an operation, its verdicts with their anchors, what follows, under a lock of the scene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.idempotency import key_reused
from backend.config.problems import BadInput, Conflict
from backend.review.models import Answer, Lease, Operation, OperationKind, Verdict, VerdictPlace
from backend.review.selectors.changes import together_told
from backend.review.selectors.versions import require_shown
from backend.review.services.anchoring import anchor_create
from backend.review.services.layer import Effect, layer_renew
from backend.review.standing import pair_of
from backend.scenes.models import Scene
from backend.tracking.models import Run, Tracklet


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


def operation_finish(
    *, operation: Operation, effect: Effect, standing: bool, more: Mapping[str, Any] | None = None
) -> Operation:
    """Keep what it changed, and whether it stands after it; `more` of it beside that."""
    operation.before = {"standing": not standing, "numbers": effect.before}
    operation.after = {"standing": standing, "numbers": effect.after, "effect": effect.told(), **(more or {})}
    operation.save(update_fields=["before", "after"])
    return operation


def verdicts_record(
    *, scene: Scene, run: Run, actor: User, kind: OperationKind, said: Sequence[Said], request: str
) -> Operation:
    """One operation that says all of this about tracklets of the scene's current run; the scene is locked.

    Raises BadInput for one tracklet twice, Conflict for an impossible "same"; nothing is stored then.
    """
    operation = operation_create(scene=scene, actor=actor, kind=kind, request=request)
    seeds = verdicts_store(operation=operation, run=run, said=said)
    return operation_finish(operation=operation, effect=layer_renew(run=run, seeds=seeds), standing=True)


def verdicts_store(*, operation: Operation, run: Run, said: Sequence[Said]) -> set[int]:
    """The verdicts of an operation, not in effect yet. Returns the tracklets (ids) that they are about.

    Raises BadInput for one tracklet twice, Conflict for an impossible "same", or tracklet-changed for what people no
    longer see: nothing would follow from an answer about that. The caller's transaction undoes all.
    """
    require_shown(run=run, rows=(tracklet for each in said for tracklet in (each.left, each.right)))
    for each in said:
        _require_possible(each.left, each.right, each.opinion.answer)
    for each in said:
        _store(operation, run, each)
    return {tracklet.pk for each in said for tracklet in (each.left, each.right)}


def _require_possible(left: Tracklet, right: Tracklet, answer: Answer) -> None:
    if left.pk == right.pk:
        raise BadInput("right", "This is the same tracklet twice; a verdict is about two.")
    together = max(left.start_s, right.start_s) <= min(left.end_s, right.end_s)
    if answer == Answer.SAME and left.camera_id == right.camera_id and together:
        raise Conflict(
            "overlap-in-camera",
            f"Tracklets {left.number} and {right.number} are seen at one time in camera {left.camera.name}, so they "
            "cannot be one vehicle; answer different, or mark one as a duplicate where both boxes are on one vehicle.",
            extra=together_told(left, right),
        )


def _store(operation: Operation, run: Run, said: Said) -> None:
    left, right = sorted((said.left, said.right), key=lambda tracklet: (tracklet.end_s, tracklet.pk))
    verdict = Verdict.objects.create(
        scene=operation.scene,
        operation=operation,
        left=anchor_create(tracklet=left),
        right=anchor_create(tracklet=right),
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


def _is_contradiction(run: Run, one: Tracklet, other: Tracklet) -> bool:
    pair = [one.pk, other.pk]
    return VerdictPlace.objects.filter(run=run, left__in=pair, right__in=pair, contradicted=True).exists()
