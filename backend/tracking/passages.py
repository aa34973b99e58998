"""The tracklets of one video as a list: when each is there and where it has gaps, without its boxes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import F

from backend.accounts.models import User
from backend.identities.selectors import crop_ranks
from backend.tracking.arrays import Buffer, unpack_frames
from backend.tracking.models import Run, Tracklet, TrackletQuerySet
from backend.tracking.windows import identity_spans, run_with_video


def passages_of_video(*, user: User, run_id: int, video_id: int) -> dict[str, Any]:
    """{run, video, tracklets}, what people see of the run, in the order of their first frames. Raises NotFound."""
    run = run_with_video(user=user, run_id=run_id, video_id=video_id)
    tracklets = list(_shown(run, video_id).defer("frames", "boxes", "scores").order_by("first_frame", "number"))
    ids = [tracklet.pk for tracklet in tracklets]
    identities = identity_spans(run=run, tracklet_ids=ids)
    broken = dict(
        _shown(run, video_id).filter(length__lte=F("last_frame") - F("first_frame")).values_list("pk", "frames")
    )
    ranks = crop_ranks(tracklet_ids=ids)
    rows = [
        _passage(tracklet, identities.get(tracklet.pk), broken.get(tracklet.pk), ranks.get(tracklet.pk, []))
        for tracklet in tracklets
    ]
    return {"run": run.pk, "video": video_id, "tracklets": rows}


def spans_of(frames: npt.NDArray[np.int32]) -> list[list[int]]:
    """Frames [n], increasing -> [first, last] (both included) of each stretch without a gap."""
    if len(frames) == 0:
        return []
    ends = np.flatnonzero(np.diff(frames) > 1)
    firsts = frames[np.concatenate(([0], ends + 1))]
    lasts = frames[np.concatenate((ends, [len(frames) - 1]))]
    return [[int(first), int(last)] for first, last in zip(firsts, lasts, strict=True)]


def _shown(run: Run, video_id: int) -> TrackletQuerySet:
    return Tracklet.objects.shown().filter(run=run, video=video_id)


def _passage(
    tracklet: Tracklet, identity: tuple[int, int] | None, frames: Buffer | None, ranks: list[int]
) -> dict[str, Any]:
    number, cameras = identity or (None, 0)
    whole = [[tracklet.first_frame, tracklet.last_frame]]
    return {
        "id": tracklet.pk,
        "number": tracklet.number,
        "identity_number": number,
        "identity_cameras": cameras,
        "layer": tracklet.layer,
        "category": tracklet.category,
        "colour": tracklet.colour,
        "machine": tracklet.read,
        "note": tracklet.note,
        "start_s": tracklet.start_s,
        "end_s": tracklet.end_s,
        "spans": whole if frames is None else spans_of(unpack_frames(frames)),
        "picture": f"/api/v1/tracklets/{tracklet.pk}/crops/{ranks[0]}.jpg" if ranks else None,
    }
