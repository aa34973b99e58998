"""The scenes of the table, their cameras' videos and detections, through the pipeline's own stage cache."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ml.config import PipelineConfig, load_preset
from ml.datasets.scene import CameraFolder, read_scene
from ml.detection import DetectorConfig, create_detector, detector_checksum
from ml.pipeline.artefacts import load_detections, part_path, parts, save_detections
from ml.pipeline.cache import StageCache, StageKey
from ml.pipeline.camera import CameraStages
from ml.pipeline.models import Models
from ml.pipeline.video import IndexedVideo, VideoFile, index_video
from ml.types import Detections
from ml.video import read_frames
from tests.benchmarks.comparison.sequences import Sequence, camera_truth, halves, stretch

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "data"
CITY = SHARED / "city_a"
REAL_CLIP = SHARED / "real" / "car-detection.mp4"
REAL_TRUTH = ROOT / "fixtures" / "real" / "car-detection" / "gt" / "gt.txt"
EVENING = ROOT / "fixtures" / "evening"
LEAST_SCORE = 0.1  # trackers choose what they take; what a detector's own threshold keeps is among it

_light = replace(load_preset("cpu-light").detector, score_threshold=LEAST_SCORE)
FIRST = "nanodet"
DETECTORS: dict[str, DetectorConfig] = {
    FIRST: _light,
    "nanodet, one look": replace(_light, second_look=0.0),
}
# Two to ten times the work: run on the test half alone, with what was found on the tune half for the first detector.
LATE_DETECTORS: dict[str, DetectorConfig] = {
    "nanodet, 544 x 960": replace(_light, input_height=544, input_width=960),
    "nanodet, 2 x 2 tiles": replace(_light, tiles=2),
}
TRAINED = "maskrcnn-resnet50"
TRAINED_SCORE = 0.7  # of 0.1, 0.3, 0.4 .. 0.9 the best for each of our trackers at the end of the tune half
HELD_FROM_S = 45.0  # of world time: up to here the recipe learns, from here to the test half it is scored


def late_detectors(weights: Path | None) -> dict[str, DetectorConfig]:
    """The detectors of the test half alone; a Mask R-CNN where there is a file of `weights` of its training."""
    if weights is None:
        return LATE_DETECTORS
    config = DetectorConfig(
        name=TRAINED,
        weights=str(weights),
        score_threshold=LEAST_SCORE,
        nms_iou=0.5,
        min_size=320,
        max_size=576,
        proposals=200,
        bfloat16=True,
        threads=1,
    )
    return {**LATE_DETECTORS, TRAINED: config}


@dataclass(frozen=True)
class Footage:
    """A camera with its indexed video and what a detector found in it."""

    camera: CameraFolder
    video: IndexedVideo
    detections: Detections

    @property
    def frame_count(self) -> int:
        return len(self.video.index)

    def halves(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """(first, stop) of the tune and of the test half."""
        return halves(self.camera, self.video.index.fps, self.frame_count)

    def part(self, first: int, stop: int) -> Sequence:
        """Frames first .. stop - 1 as a tracker that starts there sees them."""
        return stretch(self.camera, self.detections, camera_truth(self.camera), first=first, stop=stop)


def footage(scene: Path, detector: DetectorConfig, cache: StageCache) -> list[Footage]:
    """Each camera of the scene, detected where the cache does not have it yet."""
    config = PipelineConfig(detector=detector)
    models = Models(config, "cpu", cache.exports)
    found = []
    for camera in read_scene(scene).cameras:
        stages = CameraStages(VideoFile.at(camera.require_video()), config=config, models=models, cache=cache)
        boxes = [load_detections(path) for path in parts(stages.detections(), "detections")]
        found.append(Footage(camera, stages.video(), Detections.concatenate(boxes)))
    return found


def city_halves(shots: Iterable[Footage]) -> tuple[list[Sequence], list[Sequence]]:
    """(tune, test): the cameras of the benchmark city before and from `SPLIT_S` of world time on."""
    tune, test = zip(*([shot.part(*half) for half in shot.halves()] for shot in shots), strict=True)
    return list(tune), list(test)


def undetected(scene: Path, cache: StageCache) -> list[Footage]:
    """Each camera of the scene, in which nothing is detected yet."""
    cameras = read_scene(scene).cameras
    videos = [index_video(VideoFile.at(camera.require_video()), cache) for camera in cameras]
    return [Footage(camera, video, Detections.empty()) for camera, video in zip(cameras, videos, strict=True)]


def seen_late(shot: Footage, detector: DetectorConfig, cache: StageCache) -> Footage:
    """The footage with what a detector finds in the test half, and nowhere else."""
    first, stop = shot.halves()[1]
    return replace(shot, detections=glimpsed(shot.video, detector, cache, first=first, stop=stop))


def seen_held(shot: Footage, detector: DetectorConfig, cache: StageCache) -> Sequence:
    """The end of the tune half, from `HELD_FROM_S` on, with what a detector finds there."""
    rate, (_, stop) = shot.video.index.fps, shot.halves()[0]
    first = halves(shot.camera, rate, shot.frame_count, split_s=HELD_FROM_S)[0][1]
    found = glimpsed(shot.video, detector, cache, first=first, stop=stop)
    return replace(shot, detections=found).part(first, stop)


def followable(sequence: Sequence, detector: DetectorConfig) -> Sequence:
    """What trackers are shown: all, of a Mask R-CNN what has `TRAINED_SCORE` or more, as its scores lie higher."""
    found = sequence.detections
    least = TRAINED_SCORE if detector.name == TRAINED else 0.0
    return replace(sequence, detections=found.take(found.scores >= least))


def glimpsed(video: IndexedVideo, config: DetectorConfig, cache: StageCache, *, first: int, stop: int) -> Detections:
    """What a detector finds in frames first .. stop - 1; kept in the cache."""
    inputs = {"video": video.sha256, "model": detector_checksum(config)}
    where = {"weights": None, "first": first, "stop": stop, "stride": 1}  # the checksum says which weights
    key = StageKey("glimpse", 1, inputs, {**config.deciding(), **where})
    with cache.claim(key) as stage:
        if not stage.complete:
            detector = create_detector(config, device="cpu")
            frames = read_frames(video.path, index=video.index, first=first, stop=stop)
            found = [_numbered(detector.detect([image])[0], number) for number, image in frames]
            save_detections(part_path(stage.path, "detections", 0), Detections.concatenate(found))
        folder = stage.path if stage.complete else stage.commit(key)
    return load_detections(part_path(folder, "detections", 0))


def other_scenes(detector: DetectorConfig, cache: StageCache) -> Mapping[str, list[Sequence]]:
    """Scenes that nothing is tuned on, each in whole; the real clip where it is.

    The demo scene is not among them: its ground truth names only vehicles of two cameras or more.
    """
    scenes = {"evening": _whole(footage(EVENING, detector, cache))}
    if REAL_CLIP.is_file():
        shots = [
            replace(shot, camera=replace(shot.camera, ground_truth_path=REAL_TRUTH))
            for shot in footage(REAL_CLIP, detector, cache)
        ]
        scenes["real clip"] = _whole(shots)
    return scenes


def _whole(shots: list[Footage]) -> list[Sequence]:
    return [shot.part(0, shot.frame_count) for shot in shots]


def _numbered(found: Detections, frame: int) -> Detections:
    return replace(found, frames=np.full(len(found), frame, np.int32))
