"""Reads about videos and ground truth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from django.db.models import QuerySet

from backend.accounts.models import User
from backend.accounts.permissions import visible_through
from backend.config.problems import Conflict, NotFound
from backend.media.models import GroundTruthTrack, Video
from backend.scenes.models import Scene
from backend.tracking.arrays import unpack_times


def video_get(*, user: User, video_id: int) -> Video:
    """Without its frame times. Raises NotFound."""
    visible = visible_through(user, "camera__scene")
    video = Video.objects.defer("frame_times").filter(visible, pk=video_id).first()
    if video is None:
        raise NotFound("video")
    return video


def frame_times(*, video: Video) -> npt.NDArray[np.float64]:
    """Presentation time of every frame [n], seconds, first = 0. Raises Conflict before ingest has read the video."""
    if video.frame_times is None:
        raise Conflict("video-not-ready", "This video has not been read yet; wait for its ingest job.")
    return unpack_times(video.frame_times)


def ground_truth(*, scene: Scene) -> QuerySet[GroundTruthTrack]:
    """All true vehicles of the scene, video by video."""
    return GroundTruthTrack.objects.filter(video__camera__scene=scene)


def has_ground_truth(*, scene: Scene) -> bool:
    return GroundTruthTrack.objects.filter(video__camera__scene=scene).exists()
