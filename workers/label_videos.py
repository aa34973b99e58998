"""The videos of labels, as they were when they were labelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from backend.config.problems import Conflict
from backend.labels.content import LabelContent, LabelledTracklet, LabelledVideo
from backend.labels.models import LabelSet
from backend.labels.selectors import label_content
from backend.media.models import Video
from ml.pipeline.video import IndexedVideo, VideoFile, index_video
from ml.types import Progress, UserError
from workers.stages import stage_cache, video_path


def content_of_set(label_set: LabelSet, *, with_around: bool = False) -> LabelContent:
    """Its labels, as `label_content` reads them. UserError label-set-damaged."""
    try:
        return label_content(label_set=label_set, with_around=with_around)
    except Conflict as problem:
        raise UserError(problem.code, problem.detail) from None


def by_video(tracklets: Iterable[LabelledTracklet]) -> defaultdict[int, list[LabelledTracklet]]:
    """Place in the content's `videos` -> the tracklets in that video."""
    found = defaultdict(list)
    for each in tracklets:
        found[each.video].append(each)
    return found


def labelled_videos(
    content: LabelContent, places: Collection[int], stack: ExitStack, progress: Progress
) -> Iterator[tuple[int, LabelledVideo, IndexedVideo]]:
    """Those of the content's videos that `places` names, with their place; a file is fetched when it is first asked
    for, and kept until the stack ends.

    UserError: a video is no longer in the scene or in the storage, or is read otherwise than when it was labelled.
    """
    found = Video.objects.select_related("camera__scene").in_bulk([each.video for each in content.videos])
    for place, about in enumerate(content.videos):
        if place in places:
            file = VideoFile(partial(_fetched, stack, found.get(about.video), about), about.sha256)
            yield place, about, _indexed(file, about, progress)


def _fetched(stack: ExitStack, video: Video | None, about: LabelledVideo) -> Path:
    if video is None or video.sha256 != about.sha256:
        message = f"A labelled video of camera {about.camera} is no longer in the scene: its pictures are lost."
        raise UserError("video-missing", message)
    return stack.enter_context(video_path(video))


def _indexed(file: VideoFile, about: LabelledVideo, progress: Progress) -> IndexedVideo:
    indexed = index_video(file, stage_cache(), progress=progress)
    if len(indexed.index) != about.frame_count:
        message = (
            f"The video of camera {about.camera} was labelled with {about.frame_count} frames and is now read as "
            f"{len(indexed.index)}: make a new label set."
        )
        raise UserError("frames-renumbered", message)
    return indexed
