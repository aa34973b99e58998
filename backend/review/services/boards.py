"""Boards, handed out and answered: the pairs on a board are with one person, and all its answers are one operation."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.review.models import Lease, Operation, OperationKind
from backend.review.selectors.boards import anchors, rivals_of
from backend.review.selectors.queue import QueueFilter, cameras_wanted, offers, open_candidates
from backend.review.services.leases import HELD_FOR
from backend.review.services.recording import Said, current_run, edit_begin, verdicts_record
from backend.review.standing import pair_of
from backend.scenes.models import Scene
from backend.tracking.models import Candidate


@transaction.atomic
def boards_lease(*, actor: User, scene: Scene, limit: int, wanted: QueueFilter) -> dict[int, list[Candidate]]:
    """Up to `limit` identities (ids), in the order of the queue, each with the pairs to ask about beside it.

    The pairs are this person's for HELD_FOR, in place of whatever they held before. Raises Refused below analyst,
    NotFound for a link.
    """
    require_scene_role(actor, scene, Role.ANALYST)
    scene = Scene.objects.select_for_update(no_key=True, of=("self",)).select_related("current_run").get(pk=scene.pk)
    now = timezone.now()
    Lease.objects.filter(run__scene=scene, expires_at__lte=now).delete()
    run = scene.current_run
    if run is None:
        return {}
    Lease.objects.filter(run=run, person=actor).delete()
    rows = open_candidates(run=run, person=actor, wanted=wanted, cameras=cameras_wanted(scene, wanted))
    held = {(lease.left_id, lease.right_id) for lease in Lease.objects.filter(run=run)}
    boards: dict[int, list[Candidate]] = {}
    for identity in anchors(run=run, offers=offers(run=run, rows=rows, taken=held)):
        if len(boards) == limit:
            break
        rivals = rivals_of(run=run, identity=identity, rows=rows, taken=held)
        if rivals:
            boards[identity] = rivals
            held |= {pair_of(row.left_id, row.right_id) for row in rivals}
    pairs = {pair_of(row.left_id, row.right_id): row.pk for rivals in boards.values() for row in rivals}
    Lease.objects.bulk_create(
        Lease(run=run, left_id=low, right_id=high, candidate_id=key, person=actor, expires_at=now + HELD_FOR)
        for (low, high), key in pairs.items()
    )
    return boards


@transaction.atomic
def verdicts_give(*, actor: User, scene: Scene, said: Sequence[Said], request: str = "") -> Operation:
    """Say all of this of pairs of the scene's current run, as one operation with one undo.

    request  an Idempotency-Key: the operation that it brought before is returned, nothing is done again

    Raises NotFound, Refused below analyst, BadInput for one tracklet twice, Conflict where the run is no longer the
    one that people see or a "same" is impossible; nothing is stored then.
    """
    scene, earlier = edit_begin(scene=scene, actor=actor, kind=OperationKind.VERDICT, request=request)
    if earlier is not None:
        return earlier
    run = current_run(scene=scene, run_ids={end.run_id for each in said for end in (each.left, each.right)})
    return verdicts_record(scene=scene, run=run, actor=actor, kind=OperationKind.VERDICT, said=said, request=request)
