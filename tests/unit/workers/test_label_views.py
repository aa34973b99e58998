"""What a detector learns from a label set, and what it is not to be judged by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.labels.content import Around, LabelContent, LabelledTracklet, LabelledVideo
from backend.media.models import Video
from ml.datasets.roi import write_roi
from ml.pipeline.video import keep_index
from ml.types import UserError, no_progress
from ml.video import FrameIndex
from tests.world import FRAMES, World
from workers.label_views import labelled_views
from workers.stages import stage_cache


@pytest.fixture
def videos(world: World, tmp_path: Path, settings: Any) -> tuple[LabelledVideo, ...]:
    """Of the world, as a label set names them; this machine has read them."""
    settings.STAGE_CACHE_DIR = tmp_path
    for video in world.videos:
        keep_index(stage_cache(), video.sha256, FrameIndex(np.arange(FRAMES) / 10), width=960, height=540)
    return tuple(_named(video) for video in world.videos)


def _named(video: Video) -> LabelledVideo:
    return LabelledVideo(video.pk, video.camera.name, video.sha256, 960, 540, 10.0, FRAMES, video.start_s)


def seen(video: int, identity: int, first: int, *, human: bool = True, held: bool = False) -> LabelledTracklet:
    """Two boxes from frame `first` on, as far right as its identity's number says."""
    boxes = np.array([[identity, 50, identity + 40, 90]] * 2, np.float32)
    frames, scores = np.array([first, first + 1], np.int32), np.ones(2, np.float32)
    return LabelledTracklet(video, identity, 1, 8, "", human, held, frames, boxes, scores)


def test_labelled_and_drawn_boxes_are_learned_others_ignored_and_unlooked_at_videos_left_out(
    videos: tuple[LabelledVideo, ...], tmp_path: Path
) -> None:
    """Vehicle 1 is labelled and held, 2 labelled by the machine, 3 drawn by people; 4 nobody looked at."""
    write_roi(tmp_path, np.arange(540)[:, None] + np.zeros(960) > 200)
    around = Around(
        (seen(0, 3, 30), seen(0, 4, 40, human=False), seen(1, 5, 50, human=False)),
        {0: (tmp_path / "roi.png").read_bytes()},
    )
    content = LabelContent(videos, (seen(0, 1, 10, held=True), seen(0, 2, 20, human=False)), around)
    with labelled_views(content, no_progress) as views:
        (view,) = views
        assert view.path.read_bytes().startswith(b"video of")
    assert (view.camera, len(view.index)) == ("c001", FRAMES)
    assert view.frames.tolist() == [10, 11, 20, 21, 30, 31]
    assert view.boxes[:, 0].tolist() == view.vehicles.tolist() == [1, 1, 2, 2, 3, 3]
    assert view.held.tolist() == [True, True, False, False, False, False]
    assert set(view.classes.tolist()) == {8}
    assert view.ignored_frames.tolist() == [40, 41]
    assert view.ignored[:, 0].tolist() == [4, 4]
    assert view.roi is not None
    assert (view.roi[200].any(), view.roi[201].all()) == (False, True)


def test_a_vehicle_that_a_version_has_learned_from_does_not_count_as_held(videos: tuple[LabelledVideo, ...]) -> None:
    content = LabelContent(videos, (seen(0, 1, 10, held=True), seen(0, 2, 20, held=True)), Around((), {}))
    with labelled_views(content, no_progress, not_held={2}) as views:
        assert views[0].held.tolist() == [True, True, False, False]
        assert views[0].roi is None


def test_labels_that_do_not_say_what_else_was_seen_are_refused(videos: tuple[LabelledVideo, ...]) -> None:
    with (
        pytest.raises(UserError, match="which other vehicles were to be seen") as refused,
        labelled_views(LabelContent(videos, (seen(0, 1, 10),)), no_progress),
    ):
        pass
    assert refused.value.code == "labels-without-others"


def test_a_labelled_video_that_is_gone_is_refused(videos: tuple[LabelledVideo, ...]) -> None:
    Video.objects.filter(pk=videos[0].video).delete()
    content = LabelContent(videos, (seen(0, 1, 10),), Around((), {}))
    with pytest.raises(UserError, match="camera c001 is no longer in the scene"), labelled_views(content, no_progress):
        pass
