"""Job kind `ingest`: read a video once; frame index, the browser's version, a poster."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.media.models import Video
from backend.media.selectors import frame_times
from backend.media.services import video_mark_failed, video_mark_ready
from backend.review.services.renumbering import anchors_renumber
from ml.pipeline.video import keep_index
from ml.types import UserError
from ml.video import IngestResult, ingest_video
from workers.context import JobContext
from workers.stages import stage_cache, video_of, video_path

# What is wrong with the file itself; anything else may be gone at the next try.
UNUSABLE = ("video-empty", "video-unreadable", "no-video-stream")


def run(context: JobContext) -> None:
    """Raises UserError, with the video marked as failed, where the file cannot be used."""
    video = video_of(context.job)
    with attempt_folder(video) as folder:
        made = _ingested(context, folder)
        keep_index(stage_cache(), video.sha256, made.index, width=made.info.width, height=made.info.height)
        if made.info.corrupt_frames:
            context.log(
                f"{made.info.corrupt_frames} frames are damaged; those that could not be decoded are left out",
                "warning",
            )
        with context.publish():
            if video.frame_times is not None:  # it was read before, and perhaps counted otherwise
                anchors_renumber(video=video, before=frame_times(video=video), after=made.index.times_s)
            video_mark_ready(
                video=video,
                info=made.info,
                frame_times=made.index.times_s,
                proxy=made.proxy,
                poster=made.poster,
            )


@contextmanager
def attempt_folder(video: Video) -> Iterator[Path]:
    """A folder for this attempt, gone after it; what a killed attempt at the same video left behind goes first."""
    parent, prefix = stage_cache().root / "partial", f"ingest-{video.pk}-"
    parent.mkdir(parents=True, exist_ok=True)
    for left_behind in parent.glob(f"{prefix}*"):
        shutil.rmtree(left_behind, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=parent) as folder:
        yield Path(folder)


def _ingested(context: JobContext, folder: Path) -> IngestResult:
    video = video_of(context.job)
    with video_path(video) as path:
        try:
            return ingest_video(path, folder, progress=context.progress)
        except UserError as error:
            if error.code not in UNUSABLE:
                raise
            problem = str(error).replace(str(path), video.original_name)
            video_mark_failed(video=video, problem=problem)
            raise UserError(error.code, problem) from None
