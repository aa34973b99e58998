"""Tracklets as people are told of them, without their boxes."""

from __future__ import annotations

from typing import Any

from backend.review.selectors.meetings import meetings_of
from backend.tracking.models import Tracklet


def state_of(row: Tracklet, *, shown: bool | None = None) -> dict[str, Any]:
    """A tracklet without its boxes, as JSON; `shown` if it is known."""
    state = {
        "id": row.pk,
        "number": row.number,
        "camera": {"id": row.camera_id, "name": row.camera.name},
        "video": row.video_id,
        "first_frame": row.first_frame,
        "last_frame": row.last_frame,
        "length": row.length,
        "start_s": row.start_s,
        "end_s": row.end_s,
        "category": row.category,
        "colour": row.colour,
        "note": row.note,
        "layer": row.layer,
    }
    return state if shown is None else state | {"shown": shown}


def together_told(one: Tracklet, other: Tracklet) -> dict[str, Any]:
    """What a refusal adds about two that are seen at one time in one camera, the first to begin first.

    One may be a duplicate of the other; with `handover` the first may end where the second begins.
    """
    (met,) = meetings_of([one, other], {one.pk: one.pk, other.pk: other.pk})
    both = [met.first, met.second]
    return {
        "tracklets": [row.pk for row in both],
        "together": [state_of(row) for row in both],
        "handover": met.handover,
    }
