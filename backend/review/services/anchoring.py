"""Where vehicles were, kept for ever: anchors are taken from tracklets and outlive them (rule 1)."""

from __future__ import annotations

import numpy as np

from backend.review.models import Anchor
from backend.tracking.arrays import pack_floats, pack_frames, unpack_boxes, unpack_frames
from backend.tracking.models import Tracklet

ANCHOR_FRAMES = 64  # enough to be found again, little enough to keep for ever


def anchor_create(*, tracklet: Tracklet) -> Anchor:
    """Where the vehicle was, at up to ANCHOR_FRAMES of its frames spread evenly, the first and the last among them."""
    return Anchor.objects.create(**_content(tracklet))


def _content(tracklet: Tracklet) -> dict[str, object]:
    frames, boxes = unpack_frames(tracklet.frames), unpack_boxes(tracklet.boxes)
    kept = np.unique(np.linspace(0, len(frames) - 1, min(len(frames), ANCHOR_FRAMES)).round().astype(int))
    return {
        "camera_id": tracklet.camera_id,
        "video_id": tracklet.video_id,
        "first_frame": tracklet.first_frame,
        "last_frame": tracklet.last_frame,
        "frames": pack_frames(frames[kept]),
        "boxes": pack_floats(boxes[kept]),
        "tracklet": tracklet,
    }
