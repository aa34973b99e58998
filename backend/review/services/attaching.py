"""Verdicts carried over to a new run: anchored in the world, they find its tracklets by overlap (rule 1)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from backend.identities.selectors import run_numbers
from backend.review.components import places_that_stand
from backend.review.models import Verdict, VerdictPlace
from backend.review.services.relaying import layer_settle
from backend.review.services.writing import LayerChange
from backend.tracking.models import Run

BATCH = 2000


@transaction.atomic
def verdicts_attach(
    *, run: Run, places: Mapping[int, int], numbers: Mapping[int, int], change: LayerChange | None = None
) -> int:
    """Place every verdict of the scene, those taken back too, in a run whose own results are stored.

    places   anchor id -> the tracklet of the run that it is; anchors without one are left out
    numbers  tracklet id -> the identity number that people saw on it before
    change   what `layer_carry` did to the run's tracklets; verdicts go over to what is shown instead

    Returns how many verdicts that stand have no two tracklets in this run; they are kept. The scene is locked.
    """
    VerdictPlace.objects.filter(run=run).delete()
    given = Verdict.objects.filter(scene=run.scene).order_by("id")
    rows = [
        _place(run, verdict, places.get(left), places.get(right))
        for verdict, left, right in given.values_list("pk", "left", "right")
    ]
    VerdictPlace.objects.bulk_create(rows, batch_size=BATCH)
    seeds = {end for pair in places_that_stand(run=run).values_list("left", "right") for end in pair}
    # A number that the run itself gives to some vehicle can no longer be what people called another one.
    taken = run_numbers(run=run)
    seen = {tracklet: number for tracklet, number in numbers.items() if number not in taken}
    layer_settle(run=run, change=change or LayerChange(), seeds=seeds, seen=seen)
    return VerdictPlace.objects.filter(run=run, attached=False, verdict__revoked_by=None).count()


def _place(run: Run, verdict: int, left: int | None, right: int | None) -> VerdictPlace:
    attached = left is not None and right is not None and left != right
    return VerdictPlace(run=run, verdict_id=verdict, left_id=left, right_id=right, attached=attached)
