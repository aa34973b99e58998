"""What of a new run is what was known before: its tracklets beside those of another run, and beside people's anchors.

Boxes are read video by video: memory holds those of one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from backend.review.models import Anchor
from backend.tracking.arrays import unpack_boxes, unpack_frames, unpack_scores
from backend.tracking.models import Run, Tracklet
from backend.tracking.selectors import own_tracklet_list, tracklet_list
from ml import types as vision
from ml.matching.graph import attached


def counterparts(run: Run, earlier: Run | None) -> dict[int, int]:
    """Id of a tracklet of the run -> id of the earlier run's tracklet that it is; those without one are left out."""
    if earlier is None:
        return {}
    found = {}
    for video in run.tracklets.order_by("video").values_list("video", flat=True).distinct():
        new = list(own_tracklet_list(run=run).filter(video=video))
        old = list(tracklet_list(run=earlier).filter(video=video))
        indices = attached([as_tracklet(row) for row in new], [as_tracklet(row) for row in old])
        found.update({row.pk: old[at].pk for row, at in zip(new, indices.tolist(), strict=True) if at >= 0})
    return found


def anchor_places(run: Run, anchors: Iterable[Anchor]) -> dict[int, int]:
    """Anchor id -> id of the run's tracklet that it is, by overlap in its video; those without one are left out."""
    of_video: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        of_video[anchor.video_id].append(anchor)
    places = {}
    for video, here in of_video.items():
        rows = list(tracklet_list(run=run).filter(video=video))
        indices = attached([_anchored(anchor) for anchor in here], [as_tracklet(row) for row in rows])
        places.update({anchor.pk: rows[at].pk for anchor, at in zip(here, indices.tolist(), strict=True) if at >= 0})
    return places


def as_tracklet(row: Tracklet) -> vision.Tracklet:
    """A stored tracklet as the vision library has it."""
    frames, boxes = unpack_frames(row.frames), unpack_boxes(row.boxes)
    return vision.Tracklet(row.number, frames, boxes, unpack_scores(row.scores), row.category)


def _anchored(anchor: Anchor) -> vision.Tracklet:
    frames = unpack_frames(anchor.frames)
    return vision.Tracklet(anchor.pk, frames, unpack_boxes(anchor.boxes), np.ones(len(frames), np.float32))
