"""The whole pipeline on a scene folder: files in, files out."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ml.config import PipelineConfig
from ml.datasets.calibration import Calibration
from ml.datasets.ground import SceneGround, scene_ground
from ml.datasets.mot import TrackRows, write_tracks
from ml.datasets.scene import CameraFolder, SceneFolder
from ml.datasets.submission import SubmissionRows, write_submission
from ml.datasets.text import write_lines
from ml.pipeline.artefacts import read_tracklets
from ml.pipeline.blocks import StoredBlocks
from ml.pipeline.cache import StageCache
from ml.pipeline.camera import CameraStages
from ml.pipeline.match import CameraResult, Matches, match_scene
from ml.pipeline.models import Models
from ml.pipeline.score import rows_of_submission, score_scene, why_unscored
from ml.pipeline.video import IndexedVideo, VideoFile
from ml.tracking.config import REID
from ml.types import Progress, no_progress

StageProgress = Callable[[str], Progress]  # "c001: detect" -> who hears about it


def silent(label: str) -> Progress:
    """A `StageProgress` that reports to nobody."""
    return no_progress


@dataclass
class RunResult:
    """What a run found. `report` is written to report.json; `seconds` by stage is not, as it never repeats."""

    report: dict[str, object] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))


@dataclass(frozen=True)
class CameraRun:
    """A camera's stages, done."""

    video: IndexedVideo
    result: CameraResult


def run_scene(
    scene: SceneFolder,
    out: Path,
    *,
    config: PipelineConfig,
    cache: StageCache,
    device: str = "auto",
    progress: StageProgress = silent,
) -> RunResult:
    """Detect, track, embed and match; writes track1.txt, report.json and mtsc/<camera>.txt into `out`.

    The report holds the score, or says why there is none. What an earlier run did on the same content
    is taken from `cache`. The same input gives the same bytes.
    """
    run, models = RunResult(), Models(config, device, cache.exports)
    for camera in scene.cameras:
        camera.require_video()
    ground = scene_ground(scene)
    cameras = {
        camera.name: _run_camera(camera, ground.calibrations.get(camera.name), config, models, cache, progress, run)
        for camera in scene.cameras
    }
    with _timed(run, "match"):
        store = StoredBlocks(cache, f"{scene.path.resolve()}", progress("match"))
        matches = match_scene([done.result for done in cameras.values()], scene.links, config.matcher, store)
    rows = submission_of(matches, scene.camera_numbers())
    frame_counts = {name: len(done.video.index) for name, done in cameras.items()}
    run.report = _report(scene, config, models, frame_counts, matches)
    run.report["ground"] = _ground_report(ground)
    run.report["no_score"] = why_unscored(scene)
    if run.report["no_score"] is None:
        predicted = rows_of_submission(rows, scene.camera_numbers())
        with _timed(run, "evaluate"):
            run.report["score"] = score_scene(scene, predicted, frame_counts).as_dict()
    _write(out, cameras, rows, run.report)
    return run


def submission_of(matches: Matches, numbers: dict[str, int]) -> SubmissionRows:
    """Every box of every tracklet with its identity, by camera, frame and identity."""
    lengths = [len(tracklet) for tracklet in matches.tracklets]
    cameras = np.array([numbers[name] for name in matches.cameras], np.int32)
    no_boxes = np.zeros((0, 4), np.float32)
    return SubmissionRows.without_world(
        np.repeat(cameras, lengths),
        np.repeat(matches.identities, lengths),
        np.concatenate([np.zeros(0, np.int32), *(tracklet.frames for tracklet in matches.tracklets)]),
        np.concatenate([no_boxes, *(tracklet.boxes for tracklet in matches.tracklets)]),
    ).sorted()


def _run_camera(
    camera: CameraFolder,
    calibration: Calibration | None,
    config: PipelineConfig,
    models: Models,
    cache: StageCache,
    progress: StageProgress,
    run: RunResult,
) -> CameraRun:
    file = VideoFile.at(camera.require_video())
    stages = CameraStages(file, config=config, models=models, cache=cache, roi=camera.roi())
    with _timed(run, "index"):
        video = stages.video(progress(f"{camera.name}: index"))
    with _timed(run, "detect"):
        stages.detections(progress(f"{camera.name}: detect"))
    if config.tracker.features == REID:
        with _timed(run, "look"):
            stages.looks(progress(f"{camera.name}: look"))
    with _timed(run, "track"):
        tracklets = stages.tracklets(progress(f"{camera.name}: track"))
    with _timed(run, "embed"):
        embeddings = stages.embeddings(progress(f"{camera.name}: embed"))
    view = (camera.name, camera.start_s, video.index.times_s, calibration)
    return CameraRun(video, CameraResult(*view, tracklets, embeddings))


@contextmanager
def _timed(run: RunResult, stage: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    run.seconds[stage] += time.perf_counter() - started


def _report(
    scene: SceneFolder, config: PipelineConfig, models: Models, frame_counts: dict[str, int], matches: Matches
) -> dict[str, object]:
    cameras_of = defaultdict(set)
    for camera, identity in zip(matches.cameras, matches.identities.tolist(), strict=True):
        cameras_of[identity].add(camera)
    return {
        "scene": scene.name,
        "cameras": {
            name: {"frames": count, "tracklets": matches.cameras.count(name)} for name, count in frame_counts.items()
        },
        "identities": len(cameras_of),
        "identities_in_several_cameras": sum(len(cameras) > 1 for cameras in cameras_of.values()),
        "models": models.used(),
        "configuration": config.to_dict(),
        "score": None,
        "no_score": None,
    }


def _ground_report(ground: SceneGround) -> dict[str, object]:
    """Where x = y = 0 is on the globe, if the calibrations say, and what was assumed of them."""
    origin = ground.origin
    place = None if origin is None else {"latitude": origin.latitude, "longitude": origin.longitude}
    return {"origin": place, "notes": ground.notes}


def _write(out: Path, cameras: dict[str, CameraRun], rows: SubmissionRows, report: dict[str, object]) -> None:
    for name, done in cameras.items():
        write_tracks(out / "mtsc" / f"{name}.txt", TrackRows.of(read_tracklets(done.result.tracklets)))
    write_submission(out / "track1.txt", rows)
    write_lines(out / "report.json", json.dumps(report, indent=1).splitlines())
