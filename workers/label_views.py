"""A label set as a detector learns from it: boxes that people vouch for, and those that are not to be judged."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from backend.labels.content import Around, LabelContent, LabelledTracklet, LabelledVideo
from ml.datasets.roi import read_roi
from ml.detection.tuning.views import LabelledView
from ml.pipeline.video import IndexedVideo
from ml.types import Float2D, Int1D, Mask, Progress, UserError
from workers.label_videos import by_video, labelled_videos


def vouched_for(content: LabelContent) -> tuple[LabelledTracklet, ...]:
    """The labelled tracklets and those whose boxes people drew or changed."""
    others = content.around.tracklets if content.around else ()
    return (*content.tracklets, *(each for each in others if each.human))


@contextmanager
def labelled_views(
    content: LabelContent, progress: Progress, *, not_held: Collection[int] = ()
) -> Iterator[list[LabelledView]]:
    """The videos in which people vouch for anything, their files at hand until the end.

    What was seen and nobody vouches for is ignored, and so is what lies outside a camera's region of interest. What
    people hid is background. `not_held`: the identities that are not to count as kept back.

    UserError "labels-without-others" for a set that does not know them, and as `labelled_videos`.
    """
    around = content.around
    if around is None:
        message = "The label set does not say which other vehicles were to be seen: make a new one."
        raise UserError("labels-without-others", message)
    vouched = by_video(vouched_for(content))
    ignored = by_video(each for each in around.tracklets if not each.human)
    with ExitStack() as stack:
        yield [
            _view(about, video, vouched[place], ignored[place], _region(around, place), not_held)
            for place, about, video in labelled_videos(content, set(vouched), stack, progress)
        ]


def _view(
    about: LabelledVideo,
    video: IndexedVideo,
    vouched: Sequence[LabelledTracklet],
    ignored: Sequence[LabelledTracklet],
    region: Mask | None,
    not_held: Collection[int],
) -> LabelledView:
    lengths = [len(each.frames) for each in vouched]
    held = [each.held and each.identity not in not_held for each in vouched]
    return LabelledView(
        camera=about.camera,
        path=video.file.path,
        index=video.index,
        frames=_frames(vouched),
        boxes=_boxes(vouched),
        classes=np.repeat(np.array([each.category for each in vouched], np.int32), lengths),
        vehicles=np.repeat(np.array([each.identity for each in vouched], np.int32), lengths),
        held=np.repeat(np.array(held, np.bool_), lengths),
        ignored_frames=_frames(ignored),
        ignored=_boxes(ignored),
        roi=region,
    )


def _frames(tracklets: Sequence[LabelledTracklet]) -> Int1D:
    return np.concatenate([np.zeros(0, np.int32), *(each.frames for each in tracklets)])


def _boxes(tracklets: Sequence[LabelledTracklet]) -> Float2D:
    return np.concatenate([np.zeros((0, 4), np.float32), *(each.boxes for each in tracklets)])


def _region(around: Around, place: int) -> Mask | None:
    if place not in around.regions:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "region"
        path.write_bytes(around.regions[place])
        return read_roi(path)
