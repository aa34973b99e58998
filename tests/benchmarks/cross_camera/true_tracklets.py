"""The benchmark city's tracklets as a perfect tracker would give them, embedded."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ml.config import DEFAULT_PRESET, PipelineConfig, load_preset
from ml.datasets.mot import TrackRows, write_tracks
from ml.datasets.scene import CameraFolder, read_scene
from ml.pipeline.cache import StageCache
from ml.pipeline.embeddings_file import load_scene_embeddings, save_scene_embeddings
from ml.pipeline.models import Models
from ml.pipeline.scene_embeddings import embed_scene, tracklets_of
from ml.types import Progress, no_progress
from tests.benchmarks.cross_camera.city_tracklets import SceneTracklets, read_all_rows

LEAST_BOXES = 5
GOOD = 8  # column of gt_amodal.txt


def true_tracklets(scene_dir: Path, cache: Path, config: PipelineConfig | None = None) -> SceneTracklets:
    """Every vehicle's good boxes in each camera, those of vehicles seen by one camera too; kept in `cache`."""
    scene, used = read_scene(scene_dir), config or load_preset(DEFAULT_PRESET)
    models = Models(used, "auto")
    folder = cache / "true-tracklets" / models.embedder_checksum[:16]
    for camera in scene.cameras:
        write_tracks(folder / f"{camera.name}.txt", good_boxes(camera))
    path = folder / "embeddings.npz"
    if not path.is_file():
        made = embed_scene(
            scene, folder, config=used.embedder, models=models, cache=StageCache(cache), progress=_silent
        )
        save_scene_embeddings(path, made)
    found = load_scene_embeddings(path)
    return SceneTracklets(scene, found.tracklets, tracklets_of(folder, found), np.array(found.numbers, np.int64))


def good_boxes(camera: CameraFolder) -> TrackRows:
    """The visible boxes that are large and free enough to count, of vehicles with at least `LEAST_BOXES` of them."""
    assert camera.ground_truth_path is not None
    rows = read_all_rows(camera.ground_truth_path.with_name("gt_all.txt"))
    amodal = np.loadtxt(camera.ground_truth_path.with_name("gt_amodal.txt"), delimiter=",", ndmin=2)
    if not (amodal[:, 0] - 1 == rows.frames).all() or not (amodal[:, 1] == rows.ids).all():
        raise ValueError(f"gt_all.txt and gt_amodal.txt of {camera.name} list other boxes")
    good = amodal[:, GOOD] == 1
    ids, counts = np.unique(rows.ids[good], return_counts=True)
    good &= np.isin(rows.ids, ids[counts >= LEAST_BOXES])
    return TrackRows(rows.frames[good], rows.ids[good], rows.boxes[good], rows.scores[good])


def _silent(label: str) -> Progress:
    return no_progress
