"""Tracks of a window of frames, packed for drawing over a playing video."""

from __future__ import annotations

from typing import Any

import numpy as np

from backend.accounts.models import User
from backend.accounts.permissions import visible_through
from backend.config.problems import BadInput, NotFound
from backend.identities.models import RunIdentity
from backend.identities.selectors import identities_of
from backend.media.models import Video
from backend.tracking.arrays import unpack_boxes, unpack_frames
from backend.tracking.attributes import READ
from backend.tracking.models import Run, Tracklet
from backend.tracking.selectors import run_get

LARGEST_WINDOW = 3000


def tracks_of_window(*, user: User, run_id: int, video_id: int, first_frame: int, last_frame: int) -> dict[str, Any]:
    """{run, video, first_frame, last_frame, tracklets}, boxes and frames cut to first_frame..last_frame.

    Raises NotFound, BadInput for a window of more than LARGEST_WINDOW frames or none.
    """
    if not 0 <= last_frame - first_frame < LARGEST_WINDOW:
        raise BadInput("last_frame", f"Ask for 1 to {LARGEST_WINDOW} frames at once, from first_frame to last_frame.")
    run = run_with_video(user=user, run_id=run_id, video_id=video_id)
    tracklets = _in_window(run, video_id, first_frame, last_frame)
    identities = identity_spans(run=run, tracklet_ids=[tracklet.pk for tracklet in tracklets])
    drawn = [_drawn(tracklet, identities.get(tracklet.pk), first_frame, last_frame) for tracklet in tracklets]
    return {
        "run": run.pk,
        "video": video_id,
        "first_frame": first_frame,
        "last_frame": last_frame,
        "tracklets": [each for each in drawn if each["frames"]],
    }


def run_with_video(*, user: User, run_id: int, video_id: int) -> Run:
    """The run. Raises NotFound if it, or the video in its scene, is none that the user may see."""
    run = run_get(user=user, run_id=run_id)
    videos = Video.objects.filter(visible_through(user, "camera__scene"), pk=video_id, camera__scene=run.scene_id)
    if not videos.exists():
        raise NotFound("video in this run's scene")
    return run


def _in_window(run: Run, video_id: int, first: int, last: int) -> list[Tracklet]:
    rows = Tracklet.objects.shown().filter(run=run, video=video_id, first_frame__lte=last, last_frame__gte=first)
    drawn = rows.only("number", "layer", "category", "colour", "note", "frames", "boxes", *READ)
    return list(drawn.order_by("number"))


def identity_spans(*, run: Run, tracklet_ids: list[int]) -> dict[int, tuple[int, int]]:
    """tracklet id -> (identity number, cameras that the identity spans)."""
    identity_of = identities_of(run=run, tracklet_ids=tracklet_ids)
    spans = RunIdentity.objects.shown(run).filter(identity__in=set(identity_of.values()))
    known = {
        identity: (number, count) for identity, number, count in spans.values_list("identity", "number", "camera_count")
    }
    return {tracklet: known[identity] for tracklet, identity in identity_of.items() if identity in known}


def _drawn(tracklet: Tracklet, identity: tuple[int, int] | None, first: int, last: int) -> dict[str, Any]:
    frames = unpack_frames(tracklet.frames)
    start, stop = np.searchsorted(frames, [first, last + 1])
    boxes = unpack_boxes(tracklet.boxes)[start:stop].astype(np.float64).round(1)
    number, cameras = identity or (None, 0)
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
        "frames": frames[start:stop].tolist(),
        "boxes": boxes.tolist(),
    }
