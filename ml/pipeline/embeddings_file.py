"""emb.npz: the embeddings of a scene's tracklets, with what matching needs to know about their cameras."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml.pipeline.artefacts import attribute_arrays, attributes_in, load_arrays, save_arrays
from ml.types import CameraTracklet, Double1D, Double2D, UserError


@dataclass(frozen=True)
class SceneEmbeddings:
    """cameras: name -> number in submissions; numbers: each tracklet's number within its camera; tracklets."""

    cameras: dict[str, int]
    numbers: list[int]
    tracklets: list[CameraTracklet]


def save_scene_embeddings(path: Path, scene: SceneEmbeddings) -> None:
    """Write what `load_scene_embeddings` reads back unchanged."""
    tracklets = scene.tracklets
    size = len(tracklets[0].mean) if tracklets else 0
    path.parent.mkdir(parents=True, exist_ok=True)
    save_arrays(
        path,
        {
            "camera_names": np.array(list(scene.cameras), np.str_),
            "camera_numbers": np.array(list(scene.cameras.values()), np.int32),
            "cameras": np.array([tracklet.camera for tracklet in tracklets], np.str_),
            "numbers": np.array(scene.numbers, np.int32),
            "spans_s": np.array([[t.start_s, t.end_s] for t in tracklets], np.float64).reshape(-1, 2),
            "entries": _states([t.entry for t in tracklets]),
            "exits": _states([t.exit for t in tracklets]),
            "means": np.array([t.mean for t in tracklets], np.float32).reshape(len(tracklets), size),
            "view_counts": np.array([len(t.views) for t in tracklets], np.int32),
            "views": np.concatenate([np.zeros((0, size), np.float32), *(t.views for t in tracklets)]),
            **attribute_arrays([t.attributes for t in tracklets]),
        },
    )


def load_scene_embeddings(path: Path) -> SceneEmbeddings:
    """UserError where the file is missing or is something else."""
    try:
        arrays = load_arrays(path)
        stops = np.cumsum(arrays["view_counts"])
        views = [arrays["views"][stop - count : stop] for stop, count in zip(stops, arrays["view_counts"], strict=True)]
        ends = (_known(arrays["entries"]), _known(arrays["exits"]))
        attributes = attributes_in(arrays, len(arrays["numbers"]))
        columns = (arrays["cameras"].tolist(), arrays["spans_s"].tolist(), arrays["means"], views, *ends, attributes)
        rows = zip(*columns, strict=True)
        tracklets = [
            CameraTracklet(key, camera, start_s, end_s, mean, seen, entry, leaving, read)
            for key, (camera, (start_s, end_s), mean, seen, entry, leaving, read) in enumerate(rows)
        ]
        cameras = dict(zip(arrays["camera_names"].tolist(), arrays["camera_numbers"].tolist(), strict=True))
        return SceneEmbeddings(cameras, arrays["numbers"].tolist(), tracklets)
    except FileNotFoundError:
        raise UserError("file-missing", f"{path} does not exist: make it with `python -m ml embed`.") from None
    except (KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise UserError("malformed-file", f"{path} holds no embeddings ({error}).") from None


def _states(states: Sequence[Double1D | None]) -> Double2D:
    """[n, 4] places and velocities on the ground; NaN where unknown."""
    rows = [np.full(4, np.nan) if state is None else state for state in states]
    return np.array(rows, np.float64).reshape(len(rows), 4)


def _known(states: Double2D) -> list[Double1D | None]:
    return [None if np.isnan(state).any() else state for state in states]


def numbers_by_camera(scene: SceneEmbeddings) -> list[tuple[str, int]]:
    """(camera, number) of each tracklet."""
    return [(tracklet.camera, number) for tracklet, number in zip(scene.tracklets, scene.numbers, strict=True)]
