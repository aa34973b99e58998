"""Operations on tracklets taken back and done again: what came goes, what went comes back (rule 4)."""

from __future__ import annotations

from collections.abc import Iterable

from backend.config.problems import Conflict
from backend.review.edited import HumanPlace, HumanTracklet, Source, SourcePlace
from backend.review.models import Operation
from backend.review.selectors.dependents import layer_record, refusal_by, standing_on
from backend.review.selectors.versions import operation_told
from backend.review.services.carrying import facts_place
from backend.review.services.writing import LayerChange, renew
from backend.tracking.models import Run


def layer_flip(*, inverse: Operation, inverted: Operation, run: Run | None) -> LayerChange:
    """The layer of tracklets as it was before `inverted`. Raises Conflict later-edit where something stands on it."""
    later = standing_on([inverted]).get(inverted.pk)
    if later is not None:
        raise Conflict("later-edit", refusal_by(later), extra={"operation": operation_told(later)})
    record = layer_record(inverted)
    came, went, whys = record["came"], record["went"], record["why"]
    Source.objects.filter(pk__in=came["sources"]).update(gone_by=inverse)
    Source.objects.filter(pk__in=went["sources"]).update(gone_by=None)
    for human in came["humans"]:
        HumanTracklet.objects.filter(pk=human).update(gone_by=inverse, gone_why=whys.get(str(human), ""))
    HumanTracklet.objects.filter(pk__in=went["humans"]).update(gone_by=None)
    change = LayerChange(came=went, went=came, why=whys)
    if run is not None and any((*came.values(), *went.values())):
        facts_place(run=run, sources=went["sources"], humans=went["humans"], change=change)
        renew(run=run, tracklet_ids=_tracklets_of(run, [came, went]), change=change)
    return change


def _tracklets_of(run: Run, facts: Iterable[dict[str, list[int]]]) -> set[int]:
    """The rows in this run that are to be shown or hidden because of them."""
    found: set[int] = set()
    for each in facts:
        sources = SourcePlace.objects.filter(run=run, source__in=each["sources"]).exclude(tracklet=None)
        found |= {*sources.values_list("tracklet", flat=True)}
        for tracklet, replaces in HumanPlace.objects.filter(run=run, human__in=each["humans"]).values_list(
            "tracklet", "replaces"
        ):
            found |= {*replaces, *([] if tracklet is None else [tracklet])}
    return found
