"""The scenes of the table, their cameras' videos and detections, through the pipeline's own stage cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ml.config import PipelineConfig, load_preset
from ml.datasets.scene import CameraFolder, read_scene
from ml.detection import DetectorConfig
from ml.pipeline.artefacts import load_detections, parts
from ml.pipeline.cache import StageCache
from ml.pipeline.camera import CameraStages
from ml.pipeline.models import Models
from ml.pipeline.video import IndexedVideo, VideoFile
from ml.types import Detections
from tests.benchmarks.comparison.sequences import Sequence, camera_truth, halves, stretch

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "data"
CITY = SHARED / "city_a"
REAL_CLIP = SHARED / "real" / "car-detection.mp4"
REAL_TRUTH = ROOT / "fixtures" / "real" / "car-detection" / "gt" / "gt.txt"
EVENING = ROOT / "fixtures" / "evening"
LEAST_SCORE = 0.1  # trackers choose what they take; what a detector's own threshold keeps is among it

_light = replace(load_preset("cpu-light").detector, score_threshold=LEAST_SCORE)
DETECTORS: dict[str, DetectorConfig] = {
    "nanodet": _light,
    "nanodet, one look": replace(_light, second_look=0.0),
}


@dataclass(frozen=True)
class Footage:
    """A camera with its indexed video and what a detector found in it."""

    camera: CameraFolder
    video: IndexedVideo
    detections: Detections

    @property
    def frame_count(self) -> int:
        return len(self.video.index)


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


def city_halves(detector: DetectorConfig, cache: StageCache) -> tuple[list[Sequence], list[Sequence]]:
    """(tune, test): the cameras of the benchmark city before and from `SPLIT_S` of world time on."""
    tune, test = [], []
    for shot in footage(CITY, detector, cache):
        truth = camera_truth(shot.camera)
        before, after = halves(shot.camera, shot.video.index.fps, shot.frame_count)
        tune.append(stretch(shot.camera, shot.detections, truth, first=before[0], stop=before[1]))
        test.append(stretch(shot.camera, shot.detections, truth, first=after[0], stop=after[1]))
    return tune, test


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
    return [
        stretch(shot.camera, shot.detections, camera_truth(shot.camera), first=0, stop=shot.frame_count)
        for shot in shots
    ]
