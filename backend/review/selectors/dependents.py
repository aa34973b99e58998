"""What stands on an operation: later ones that would lose their ground if it were taken back (rule 4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backend.review.edited import HumanPlace, HumanTracklet, Source, SourcePlace
from backend.review.models import Operation, Verdict


def standing_on(operation: Operation) -> Operation | None:
    """A later operation that would lose its ground if this one were taken back; None if there is none."""
    record = layer_record(operation)
    came, went = record["came"], record["went"]
    if not any((*came.values(), *went.values())):
        return None
    gone: list[Source | HumanTracklet] = [
        *Source.objects.filter(pk__in=came["sources"]).exclude(gone_by=None).select_related("gone_by__actor"),
        *HumanTracklet.objects.filter(pk__in=came["humans"]).exclude(gone_by=None).select_related("gone_by__actor"),
    ]
    later = [each.gone_by for each in gone if each.gone_by is not None]
    later += [each.operation for each in _back_already(went)]
    later += [verdict.operation for verdict in _said_of(came["humans"], operation)]
    return max(later, key=lambda each: each.number, default=None)


def refusal_by(later: Operation) -> str:
    """The reason in a sentence."""
    return (
        f"{later.actor} has gone on from there since, on {later.at:%Y-%m-%d %H:%M} UTC (operation {later.number}, "
        f"{later.get_kind_display()}); undo that first."
    )


def layer_record(operation: Operation) -> dict[str, Any]:
    """{"came", "went", "why"}: what the operation did to the layer of tracklets; empty lists if nothing."""
    nothing: dict[str, Any] = {"came": {"sources": [], "humans": []}, "went": {"sources": [], "humans": []}, "why": {}}
    return nothing | dict(operation.after.get("layer", {}))


def _back_already(went: dict[str, list[int]]) -> list[Source | HumanTracklet]:
    """What is to come back is there already, or something else has been made of the same tracklet meanwhile."""
    humans = HumanTracklet.objects.filter(pk__in=went["humans"], gone_by=None).select_related("operation__actor")
    taken = SourcePlace.objects.filter(source__in=went["sources"]).exclude(tracklet=None)
    rivals = SourcePlace.objects.none()
    for place in taken:
        rivals |= SourcePlace.objects.filter(
            tracklet=place.tracklet_id, first_frame__lte=place.last_frame, last_frame__gte=place.first_frame
        )
    sources = Source.objects.filter(places__in=rivals, gone_by=None).select_related("operation__actor")
    return [*humans, *sources]


def _said_of(humans: Iterable[int], operation: Operation) -> Iterable[Verdict]:
    rows = list(HumanPlace.objects.filter(human__in=humans).exclude(tracklet=None).values_list("tracklet", flat=True))
    given = Verdict.objects.filter(revoked_by=None).exclude(operation=operation.root).select_related("operation__actor")
    return [*given.filter(left__tracklet__in=rows), *given.filter(right__tracklet__in=rows)]
