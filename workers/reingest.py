"""Videos that were taken in before their frames were numbered as now: read anew in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from backend.jobs.models import JobKind
from backend.jobs.services import job_create
from backend.media.models import Video, VideoState
from backend.media.services import video_mark_pending
from backend.scenes.models import Scene
from backend.tracking.selectors import runs_with_results
from backend.tracking.services import runs_delete
from ml.pipeline.video import VideoFile, index_video
from ml.types import Progress, UserError
from workers.stages import same_frames, stage_cache, video_path


def renumbered_videos(scene: Scene, progress: Callable[[str], Progress]) -> list[Video]:
    """The scene's videos whose stored frames are not those that are read now.

    progress  by camera name: who hears of the decoding of a video that this machine's cache does not know
    """
    videos = Video.objects.filter(camera__scene=scene, state=VideoState.READY).select_related("camera__scene")
    return [video for video in videos if not _is_as_taken_in(video, progress(video.camera.name))]


def _is_as_taken_in(video: Video, progress: Progress) -> bool:
    with video_path(video) as path:
        file = VideoFile(lambda: path, video.sha256)
        return same_frames(video, index_video(file, stage_cache(), progress=progress).index)


@transaction.atomic
def videos_reingest(*, scene: Scene, videos: Sequence[Video], drop_runs: bool) -> int:
    """Queue an ingest job for each of `videos`, which are the scene's; returns how many runs were deleted.

    What runs found in them stands at the old frame numbers and would be shown at wrong pictures. People's verdicts
    outlive runs: the next one finds them again by where and when the vehicles were.

    Raises UserError runs-in-the-way where there are such runs and they are not to be dropped; Conflict where one of
    them has not ended.
    """
    runs = runs_with_results(scene=scene, videos=videos)
    if runs and not drop_runs:
        numbers = ", ".join(str(run.number) for run in runs)
        message = (
            f"What run {numbers} of {scene} found stands at the old frame numbers: --drop-runs deletes it; people's "
            "verdicts stay, and the next run finds them again."
        )
        raise UserError("runs-in-the-way", message)
    runs_delete(runs=runs)
    for video in videos:
        video_mark_pending(video=video)
        job_create(kind=JobKind.INGEST, scene=scene, video=video)
    return len(runs)
