"""Which tracklets of a run are not shown: a pure function of what people made of tracklets and where that lies."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Func

from backend.review.edited import HumanPlace, SourcePlace
from backend.tracking.models import HiddenTracklet, Run, Tracklet


def shading_renew(*, run: Run, tracklet_ids: Collection[int]) -> tuple[set[int], set[int]]:
    """Hide what of these is to be hidden and show the rest. Returns the ids that went and those that came."""
    wanted = set(tracklet_ids)
    hidden = _to_hide(run, wanted)
    now = set(HiddenTracklet.objects.filter(tracklet__in=wanted).values_list("tracklet", flat=True))
    HiddenTracklet.objects.filter(tracklet__in=now - hidden).delete()
    HiddenTracklet.objects.bulk_create(HiddenTracklet(run=run, tracklet_id=each) for each in sorted(hidden - now))
    return hidden - now, now - hidden


def _to_hide(run: Run, wanted: set[int]) -> set[int]:
    """The run's own: taken by a source that counts, or overlapped. People's: those that do not count any more."""
    taken = SourcePlace.objects.filter(run=run, tracklet__in=wanted, source__gone_by=None, hides=True)
    counting = HumanPlace.objects.filter(run=run, human__gone_by=None).exclude(tracklet=None)
    replaced = counting.filter(replaces__overlap=list(wanted)).annotate(each=Func(F("replaces"), function="unnest"))
    people = HumanPlace.objects.filter(tracklet__in=wanted).exclude(human__gone_by=None)
    return {
        *taken.values_list("tracklet", flat=True),
        *wanted.intersection(replaced.values_list("each", flat=True)),
        *people.values_list("tracklet", flat=True),
    }


def roots_shown(*, run: Run, roots: Collection[int]) -> dict[int, list[Tracklet]]:
    """The run's own tracklet -> what people see of it: itself, or people's tracklets that are made of it."""
    found: dict[int, list[Tracklet]] = {root: [] for root in roots}
    rows = Tracklet.objects.shown().filter(run=run).only("run", "layer", "roots", "start_s", "end_s", "camera")
    for row in rows.own().filter(pk__in=roots):
        found[row.pk].append(row)
    for row in rows.filter(layer="human", roots__overlap=list(roots)).order_by("start_s", "id"):
        for root in found.keys() & set(row.roots):
            found[root].append(row)
    return found
