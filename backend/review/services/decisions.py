"""Verdicts and their inverse: each one transaction, stored and in effect at once (rules 1 and 4)."""

from __future__ import annotations

from django.db import transaction

from backend.accounts.models import User
from backend.config.idempotency import key_reused
from backend.config.problems import Conflict
from backend.review.models import Operation, OperationKind, Verdict, VerdictPlace
from backend.review.selectors.operations import already_undone, operation_rows
from backend.review.services.flipping import layer_flip
from backend.review.services.layer import Effect
from backend.review.services.recording import (
    Opinion,
    Said,
    current_run,
    edit_begin,
    operation_create,
    operation_finish,
    verdicts_record,
)
from backend.review.services.relaying import layer_settle
from backend.review.services.telling import turned_round
from backend.review.services.writing import LayerChange
from backend.scenes.models import Scene
from backend.tracking.models import Run, Tracklet


@transaction.atomic
def verdict_give(
    *, actor: User, scene: Scene, left: Tracklet, right: Tracklet, opinion: Opinion, request: str = ""
) -> Operation:
    """Store what the person says of two tracklets of the scene's current run, and what follows from it.

    request  an Idempotency-Key: the operation that it brought before is returned, nothing is done again

    Raises NotFound, Refused below analyst, BadInput for one tracklet twice, Conflict where the run is no longer the
    one that people see or a "same" is impossible. An answer that contradicts others is stored.
    """
    scene, earlier = edit_begin(scene=scene, actor=actor, kind=OperationKind.VERDICT, request=request)
    if earlier is not None:
        return earlier
    run = current_run(scene=scene, run_ids={left.run_id, right.run_id})
    said = [Said(left, right, opinion)]
    return verdicts_record(scene=scene, run=run, actor=actor, kind=OperationKind.VERDICT, said=said, request=request)


@transaction.atomic
def operation_undo(*, actor: User, operation: Operation, request: str = "") -> Operation:
    """The inverse of an operation, as an operation of its own; the inverse of an inverse does it again.

    Anybody may undo who may decide. Raises NotFound, Refused below analyst, Conflict already-undone or later-edit with
    the reason where a later operation stands in the way.
    """
    scene, earlier = edit_begin(scene=operation.scene, actor=actor, kind=OperationKind.UNDO, request=request)
    if earlier is not None:
        if earlier.inverse_of_id != operation.pk:
            raise key_reused()
        return earlier
    inverted = operation_rows().get(pk=operation.pk)
    refusal = already_undone(inverted)
    if refusal is not None:
        raise Conflict("already-undone", refusal)
    inverse = operation_create(scene=scene, actor=actor, kind=OperationKind.UNDO, request=request, inverse_of=inverted)
    stands = inverted.after["standing"]
    change = layer_flip(inverse=inverse, inverted=inverted, run=scene.current_run)
    Verdict.objects.filter(operation=inverted.root).update(revoked_by=inverse if stands else None)
    effect = _effect_of(scene.current_run, inverted.root, change)
    changes = [turned_round(each) for each in inverted.after.get("changes", [])]
    more = {"layer": change.record(), "changes": changes}
    return operation_finish(operation=inverse, effect=effect, standing=not stands, more=more)


def _effect_of(run: Run | None, root: Operation, change: LayerChange) -> Effect:
    if run is None:
        return Effect()
    places = VerdictPlace.objects.filter(run=run, verdict__operation=root, attached=True)
    seeds = {end for pair in places.values_list("left", "right") for end in pair}
    return layer_settle(run=run, change=change, seeds=seeds)
