"""The vehicles of a label set as pictures to train on and to compare models with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from backend.config.problems import Conflict
from backend.labels.content import LabelContent, LabelledTracklet, LabelledVideo
from backend.labels.models import LabelSet
from backend.labels.selectors import label_content
from backend.media.models import Video
from ml.datasets.reid.from_labels import LabelledFilm, LabelledVehicle, ViewRule, cut_labelled
from ml.datasets.scene import camera_numbers
from ml.pipeline.video import VideoFile, index_video
from ml.types import Progress, Tracklet, UserError, no_progress
from workers.stages import stage_cache, video_path

USUAL = ViewRule()


def label_set_reid(
    label_set: LabelSet,
    out: Path,
    rule: ViewRule = USUAL,
    *,
    numbered: bool = False,
    progress: Progress = no_progress,
) -> int:
    """Write the set's vehicles to `out`, as `cut_labelled` does; returns how many pictures there are.

    UserError: a labelled video is no longer in the scene or in the storage, or as `content_of_set` and `cut_labelled`.
    """
    return content_reid(content_of_set(label_set), out, rule, numbered=numbered, progress=progress)


def content_of_set(label_set: LabelSet) -> LabelContent:
    """Its labels. UserError label-set-damaged."""
    try:
        return label_content(label_set=label_set)
    except Conflict as problem:
        raise UserError(problem.code, problem.detail) from None


def content_reid(
    content: LabelContent,
    out: Path,
    rule: ViewRule = USUAL,
    *,
    numbered: bool = False,
    progress: Progress = no_progress,
) -> int:
    """As `label_set_reid`, of labels that are no set."""
    with ExitStack() as stack:
        films = list(_films(content, stack, progress))
        return cut_labelled(films, out, rule, numbered=numbered, progress=progress)


def _films(content: LabelContent, stack: ExitStack, progress: Progress) -> Iterator[LabelledFilm]:
    labelled = [[each for each in content.tracklets if each.video == place] for place in range(len(content.videos))]
    found = Video.objects.select_related("camera__scene").in_bulk([each.video for each in content.videos])
    numbers = camera_numbers(list(dict.fromkeys(each.camera for each in content.videos)))
    for about, tracklets in zip(content.videos, labelled, strict=True):
        if tracklets:
            file = VideoFile(partial(_fetched, stack, found.get(about.video), about), about.sha256)
            yield _film(file, numbers[about.camera], about, tracklets, progress)


def _fetched(stack: ExitStack, video: Video | None, about: LabelledVideo) -> Path:
    """The labelled video's file, kept until the stack ends."""
    if video is None or video.sha256 != about.sha256:
        message = f"A labelled video of camera {about.camera} is no longer in the scene: its pictures are lost."
        raise UserError("video-missing", message)
    return stack.enter_context(video_path(video))


def _film(
    file: VideoFile, camera: int, about: LabelledVideo, tracklets: Sequence[LabelledTracklet], progress: Progress
) -> LabelledFilm:
    indexed = index_video(file, stage_cache(), progress=progress)
    if len(indexed.index) != about.frame_count:
        message = (
            f"The video of camera {about.camera} was labelled with {about.frame_count} frames and is now read as "
            f"{len(indexed.index)}: make a new label set."
        )
        raise UserError("frames-renumbered", message)
    return LabelledFilm(
        camera=camera,
        path=lambda: file.path,
        index=indexed.index,
        frame_size=(indexed.width, indexed.height),
        start_s=about.start_s,
        vehicles=_vehicles(tracklets),
    )


def _vehicles(tracklets: Sequence[LabelledTracklet]) -> list[LabelledVehicle]:
    return [
        LabelledVehicle(
            each.identity,
            each.held,
            each.colour,
            Tracklet(each.number, each.frames, each.boxes, each.scores, each.category),
        )
        for each in tracklets
    ]
