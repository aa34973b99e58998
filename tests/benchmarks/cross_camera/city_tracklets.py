"""The benchmark city's tracklets with their true identities: what matching across cameras is fitted and measured on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml.config import DEFAULT_PRESET, PipelineConfig, load_preset
from ml.datasets.mot import TrackRows
from ml.datasets.scene import CameraFolder, SceneFolder, read_scene
from ml.evaluation import MtmcRows, score_mtmc
from ml.pipeline.cache import StageCache
from ml.pipeline.camera import CameraStages
from ml.pipeline.match import CameraResult, Matches, matchable_of, numbered_by_appearance
from ml.pipeline.models import Models
from ml.pipeline.run import submission_of
from ml.pipeline.score import frame_counts, rows_of_submission, truth_of_scene
from ml.pipeline.video import VideoFile
from ml.types import CameraTracklet, Float2D, Int1D, Tracklet, no_progress

ROOT = Path(__file__).resolve().parents[3]
CITY = ROOT.parent / "shared" / "data" / "city_a"
TUNE_S = 50.0  # parameters are chosen before, figures reported after
TRUE_IOU = 0.4
Identities = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SceneTracklets:
    """A scene's tracklets as matcher and files see them, and the truth: identities [n], 0 where none fits."""

    scene: SceneFolder
    matchable: list[CameraTracklet]
    tracklets: list[Tracklet]
    identities: Identities

    @property
    def cameras(self) -> list[str]:
        return [camera.name for camera in self.scene.cameras]

    def take(self, rows: npt.NDArray[np.integer]) -> SceneTracklets:
        """The scene with the tracklets at `rows` alone."""
        kept = rows.tolist()
        matchable, tracklets = ([each[row] for row in kept] for each in (self.matchable, self.tracklets))
        return SceneTracklets(self.scene, matchable, tracklets, self.identities[rows])

    def cut(self, row: int, stop: int) -> SceneTracklets:
        """The scene with the tracklet at `row` ending before frame `stop`; its looks stay."""
        one, tracklet = self.matchable[row], self.tracklets[row]
        frame_s = (one.end_s - one.start_s) / (tracklet.last_frame - tracklet.first_frame)
        stays = tracklet.frames < stop
        columns = (tracklet.frames[stays], tracklet.boxes[stays], tracklet.scores[stays])
        shorter = replace(tracklet, frames=columns[0], boxes=columns[1], scores=columns[2])
        ends = replace(one, end_s=one.start_s + frame_s * (shorter.last_frame - shorter.first_frame))
        matchable, tracklets = list(self.matchable), list(self.tracklets)
        matchable[row], tracklets[row] = ends, shorter
        return replace(self, matchable=matchable, tracklets=tracklets)


def tracker_tracklets(scene_dir: Path, cache: Path, config: PipelineConfig | None = None) -> SceneTracklets:
    """The pipeline's own tracklets and embeddings, from `cache` where it has them."""
    scene, stages = read_scene(scene_dir), StageCache(cache)
    used = config or load_preset(DEFAULT_PRESET)
    models = Models(used, "auto", stages.exports)
    results = [_camera_result(camera, used, models, stages) for camera in scene.cameras]
    matchable, tracklets = matchable_of(results)
    return SceneTracklets(scene, matchable, tracklets, true_identities(scene, matchable, tracklets))


def without_places(found: SceneTracklets) -> SceneTracklets:
    """The same tracklets as if no camera were calibrated."""
    return replace(found, matchable=[replace(one, entry=None, exit=None) for one in found.matchable])


def true_identities(scene: SceneFolder, matchable: list[CameraTracklet], tracklets: list[Tracklet]) -> Identities:
    """[n] the vehicle that most boxes of each tracklet lie on, at least `TRUE_IOU` of them; 0 for none."""
    truths = {camera.name: _by_frame(camera) for camera in scene.cameras}
    return np.array(
        [_vehicle(tracklet, truths[one.camera]) for one, tracklet in zip(matchable, tracklets, strict=True)], np.int64
    )


def score(found: SceneTracklets, labels: Int1D, half: str | None = None) -> dict[str, float]:
    """IDF1, IDP, IDR of the labels [n], over all frames or the `tune` or `test` half of the city's time."""
    starts = np.array([tracklet.start_s for tracklet in found.matchable])
    numbers = found.scene.camera_numbers()
    cameras = [tracklet.camera for tracklet in found.matchable]
    matches = Matches(cameras, found.tracklets, numbered_by_appearance(labels, starts), None)  # type: ignore[arg-type]
    predicted, truth = rows_of_submission(submission_of(matches, numbers), numbers), truth_of_scene(found.scene)
    rois = {camera.name: camera.roi() for camera in found.scene.cameras}
    counts = frame_counts(rois, truth, predicted)
    rates = _rates(found)
    sides = (_half(rows, found.scene, rates, half) for rows in (truth, predicted))
    scored = score_mtmc(*sides, rois=rois, frame_counts=counts).as_dict()
    return {name: float(str(scored[name])) for name in ("idf1", "idp", "idr")}


def _camera_result(camera: CameraFolder, config: PipelineConfig, models: Models, stages: StageCache) -> CameraResult:
    file = VideoFile.at(camera.require_video())
    made = CameraStages(file, config=config, models=models, cache=stages, roi=camera.roi())
    times_s = made.video(no_progress).index.times_s
    made.detections(no_progress)
    tracklets, embeddings = made.tracklets(no_progress), made.embeddings(no_progress)
    return CameraResult(camera.name, camera.start_s, times_s, camera.calibration(), tracklets, embeddings)


def _by_frame(camera: CameraFolder) -> dict[int, tuple[Identities, Float2D]]:
    """Frame -> (vehicles, boxes) of everything visible, vehicles of one camera too."""
    assert camera.ground_truth_path is not None
    everything = camera.ground_truth_path.with_name("gt_all.txt")
    rows = read_all_rows(everything if everything.is_file() else camera.ground_truth_path)
    order = np.argsort(rows.frames, kind="stable")
    frames, firsts = np.unique(rows.frames[order], return_index=True)
    parts = np.split(order, firsts[1:])
    return {
        int(frame): (rows.ids[part].astype(np.int64), rows.boxes[part])
        for frame, part in zip(frames, parts, strict=True)
    }


def read_all_rows(path: Path) -> TrackRows:
    """Rows `frame,id,left,top,width,height,...` with any further columns."""
    rows = np.loadtxt(path, delimiter=",", usecols=range(6), ndmin=2)
    boxes = np.column_stack((rows[:, 2:4], rows[:, 2:4] + rows[:, 4:6])).astype(np.float32)
    ones = np.ones(len(rows), np.float32)
    return TrackRows((rows[:, 0] - 1).astype(np.int32), rows[:, 1].astype(np.int32), boxes, ones)


def _vehicle(tracklet: Tracklet, truth: dict[int, tuple[Identities, Float2D]]) -> int:
    votes: Counter[int] = Counter()
    for frame, box in zip(tracklet.frames.tolist(), tracklet.boxes, strict=True):
        if frame in truth:
            vehicles, boxes = truth[frame]
            overlap = _ious(box, boxes)
            if overlap.max() >= TRUE_IOU:
                votes[int(vehicles[overlap.argmax()])] += 1
    vehicle, count = votes.most_common(1)[0] if votes else (0, 0)
    return vehicle if count >= TRUE_IOU * len(tracklet) else 0


def _ious(box: npt.NDArray[np.float32], boxes: Float2D) -> npt.NDArray[np.float32]:
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.clip(sides, 0, None).prod(axis=1)
    ious: npt.NDArray[np.float32] = shared / (
        (box[2:] - box[:2]).prod() + (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) - shared
    )
    return ious


def _rates(found: SceneTracklets) -> dict[str, float]:
    """Frames a second of each camera, as its tracklets have it."""
    rates = {}
    for name in found.cameras:
        longest = max(
            (row for row, one in enumerate(found.matchable) if one.camera == name),
            key=lambda row: len(found.tracklets[row]),
        )
        one, tracklet = found.matchable[longest], found.tracklets[longest]
        rates[name] = (tracklet.last_frame - tracklet.first_frame) / (one.end_s - one.start_s)
    return rates


def _half(rows: MtmcRows, scene: SceneFolder, rates: dict[str, float], half: str | None) -> MtmcRows:
    if half is None:
        return rows
    starts = {camera.name: camera.start_s for camera in scene.cameras}
    times = np.array([starts[name] + frame / rates[name] for name, frame in zip(rows.camera, rows.frame, strict=True)])
    kept = times < TUNE_S if half == "tune" else times >= TUNE_S
    return MtmcRows(rows.camera[kept], rows.id[kept], rows.frame[kept], rows.xywh[kept])
