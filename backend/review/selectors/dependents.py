"""What stands on an operation: later ones that would lose their ground if it were taken back (rule 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q

from backend.review.edited import HumanPlace, HumanTracklet, Source, SourcePlace
from backend.review.models import Operation, Verdict

Record = dict[str, Any]  # of `layer_record`
Fact = tuple[str, int]  # "sources" or "humans", id
_BOXES = [f"{side}__{name}" for side in ("left", "right") for name in ("frames", "boxes")]


def standing_on(operations: Collection[Operation]) -> dict[int, Operation]:
    """By operation (id): the last later one that would lose its ground if it were taken back, where there is one.

    As many queries for many operations as for one.
    """
    records = {each.pk: layer_record(each) for each in operations}
    gone = _gone_since(records.values())
    back = _back_already(records.values())
    said = _said_of([human for record in records.values() for human in record["came"]["humans"]])
    found = {}
    for operation in operations:
        came, went = records[operation.pk]["came"], records[operation.pk]["went"]
        later = [gone[name, key] for name in came for key in came[name] if (name, key) in gone]
        later += [each for name in went for key in went[name] for each in back.get((name, key), ())]
        verdicts = [each for human in came["humans"] for each in said.get(human, ())]
        later += [each.operation for each in verdicts if each.operation_id != operation.root.pk]
        if later:
            found[operation.pk] = max(later, key=lambda each: each.number)
    return found


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


def _all(records: Iterable[Record], side: str, name: str) -> set[int]:
    return {key for record in records for key in record[side][name]}


def _gone_since(records: Collection[Record]) -> dict[Fact, Operation]:
    """Of what came: by what it stopped to count since."""
    sources = Source.objects.filter(pk__in=_all(records, "came", "sources")).exclude(gone_by=None)
    humans = HumanTracklet.objects.filter(pk__in=_all(records, "came", "humans")).exclude(gone_by=None)
    found = {("sources", each.pk): each.gone_by for each in sources.select_related("gone_by__actor")}
    found |= {("humans", each.pk): each.gone_by for each in humans.select_related("gone_by__actor")}
    return {fact: later for fact, later in found.items() if later is not None}


def _back_already(records: Collection[Record]) -> dict[Fact, list[Operation]]:
    """Of what is to come back: by what it is there already, or what else was made of the same tracklet meanwhile."""
    back: dict[Fact, list[Operation]] = defaultdict(list)
    humans = HumanTracklet.objects.filter(pk__in=_all(records, "went", "humans"), gone_by=None)
    for human in humans.select_related("operation__actor"):
        back["humans", human.pk].append(human.operation)
    went = SourcePlace.objects.filter(source__in=_all(records, "went", "sources")).exclude(tracklet=None)
    taken = list(went)
    rivals = SourcePlace.objects.filter(tracklet__in=[place.tracklet_id for place in taken], source__gone_by=None)
    by_tracklet: dict[int | None, list[SourcePlace]] = defaultdict(list)
    for rival in rivals.select_related("source__operation__actor"):
        by_tracklet[rival.tracklet_id].append(rival)
    for place in taken:
        for rival in by_tracklet[place.tracklet_id]:
            if rival.first_frame <= place.last_frame and rival.last_frame >= place.first_frame:
                back["sources", place.source_id].append(rival.source.operation)
    return back


def _said_of(humans: Collection[int]) -> dict[int, list[Verdict]]:
    """People's tracklet (id of the fact) -> the verdicts about it that count, in whatever run."""
    places = HumanPlace.objects.filter(human__in=humans).exclude(tracklet=None)
    human_of = dict(places.values_list("tracklet", "human"))
    given = Verdict.objects.filter(revoked_by=None).select_related("operation__actor", "left", "right")
    said: dict[int, list[Verdict]] = defaultdict(list)
    for verdict in given.filter(Q(left__tracklet__in=human_of) | Q(right__tracklet__in=human_of)).defer(*_BOXES):
        for end in (verdict.left.tracklet_id, verdict.right.tracklet_id):
            if end in human_of:
                said[human_of[end]].append(verdict)
    return said
