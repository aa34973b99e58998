"""Detections as the ReID network sees them, for a tracker that goes by its features."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.detection import DetectorConfig
from ml.pipeline.cache import StageCache, StageKey
from ml.pipeline.detect import FRAMES_A_PART, detect_key, detect_video, read_detections
from ml.pipeline.look import look_key, look_video
from ml.pipeline.track import track_key
from ml.pipeline.video import IndexedVideo, VideoFile, index_video
from ml.reid import EmbedderConfig
from ml.tracking import TrackerConfig
from ml.types import Detections, Mask, Progress, no_progress
from tests.unit.ml.pipeline.blobs import HEIGHT, WIDTH, BrightBlobs, MeanColour, rectangles, write_film

FRAMES = FRAMES_A_PART + 20
REID = TrackerConfig(min_score=0.1, features="reid")
DETECT = StageKey("detect", 1, {}, {})


class Cut(Exception):
    """The kill that a test delivers."""


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> IndexedVideo:
    folder = tmp_path_factory.mktemp("film")
    return index_video(VideoFile.at(write_film(folder / "film.mp4", FRAMES)), StageCache(folder / "cache"))


@pytest.fixture(scope="module")
def detections(video: IndexedVideo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache = StageCache(tmp_path_factory.mktemp("detections"))
    key = detect_key(video.sha256, DetectorConfig(), "blobs")
    return detect_video(video, key=key, detector=BrightBlobs, cache=cache)


def key_of(tracker: TrackerConfig = REID, roi: Mask | None = None, model: str = "colour") -> StageKey:
    return look_key(DETECT, tracker, roi, EmbedderConfig(), model)


def looked(
    video: IndexedVideo,
    detections: Path,
    cache: StageCache,
    embedder: MeanColour,
    tracker: TrackerConfig = REID,
    roi: Mask | None = None,
    progress: Progress = no_progress,
) -> Path:
    key = key_of(tracker, roi)
    return look_video(
        video, detections, key=key, tracker=tracker, roi=roi, embedder=lambda: embedder, cache=cache, progress=progress
    )


def read(folder: Path) -> Detections:
    return Detections.concatenate([found for _, _, found in read_detections(folder, FRAMES)])


def test_every_detection_keeps_its_place_and_gets_the_networks_features(
    video: IndexedVideo, detections: Path, tmp_path: Path
) -> None:
    embedder = MeanColour()
    before, found = read(detections), read(looked(video, detections, StageCache(tmp_path), embedder))
    assert found.frames.tolist() == before.frames.tolist()
    assert found.boxes.tolist() == before.boxes.tolist()
    assert before.features is not None
    assert before.features.shape[1] == 2
    assert found.features is not None
    np.testing.assert_allclose(found.features, np.full((len(found), 3), 3**-0.5), atol=0.01)  # white rectangles
    assert embedder.pictures == len(found) == sum(len(rectangles(frame)) for frame in range(FRAMES))


def test_a_cut_look_goes_on_and_ends_the_same(video: IndexedVideo, detections: Path, tmp_path: Path) -> None:
    def cut(done: int, total: int | None, unit: str) -> None:
        if done > FRAMES_A_PART:
            raise Cut

    cache, again = StageCache(tmp_path / "cut"), MeanColour()
    with pytest.raises(Cut):
        looked(video, detections, cache, MeanColour(), progress=cut)
    resumed = read(looked(video, detections, cache, again))
    whole = read(looked(video, detections, StageCache(tmp_path / "whole"), MeanColour()))
    assert resumed.features is not None
    assert resumed.features.tobytes() == whole.features.tobytes()  # type: ignore[union-attr]  # just looked at
    assert again.pictures == np.count_nonzero(whole.frames >= FRAMES_A_PART)
    looked(video, detections, cache, again)
    assert again.pictures == np.count_nonzero(whole.frames >= FRAMES_A_PART)  # it is kept


def test_what_the_tracker_does_not_take_is_not_looked_at(video: IndexedVideo, detections: Path, tmp_path: Path) -> None:
    lower = np.zeros((HEIGHT, WIDTH), np.bool_)
    lower[HEIGHT // 2 :] = True
    cache, sure = StageCache(tmp_path), replace(REID, min_score=0.95)
    assert read(looked(video, detections, cache, MeanColour(), roi=lower)).boxes[:, 3].min() > HEIGHT / 2
    none = MeanColour()
    assert len(read(looked(video, detections, cache, none, sure))) == none.pictures == 0


def test_the_network_and_what_is_taken_decide_and_the_kind_of_features_decides_the_tracks() -> None:
    keys = [key_of(), key_of(model="other"), key_of(replace(REID, min_score=0.5)), key_of(replace(REID, roi_margin=3))]
    assert len({key.digest for key in keys}) == len(keys)
    assert key_of(replace(REID, max_age=3)) == key_of()
    blind, seeing = (track_key(DETECT, replace(REID, features=kind), None).digest for kind in ("none", "detector"))
    assert blind != seeing != track_key(key_of(), REID, None).digest
