"""A filmed scene on disk, in CityFlow's layout with the exact truth beside it."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ml.datasets.layout import CameraContent, write_scene
from ml.datasets.mot import TrackRows
from ml.datasets.text import number_text, write_lines
from ml.synthesis.camera import Camera
from ml.synthesis.film import frame_count
from ml.synthesis.looks import Looks
from ml.synthesis.models.library import Library
from ml.synthesis.paint import display
from ml.synthesis.world import World
from ml.types import Bool1D, Double2D, Mask

LEAST_PIXELS, LEAST_VISIBILITY, LEAST_BOXES = (
    400,
    0.30,
    5,
)  # of a good box; and good boxes of a vehicle seen by a camera
_ROI_REACH = 75.0  # metres along the view


def write_truth(root: Path, name: str, world: World, library: Library, truths: Mapping[str, Double2D]) -> Path:
    """Write everything but the videos; `truths` as `film` returns them, by camera. Returns the scene's folder.

    gt.txt has the good boxes (enough pixels, visible enough, their foot in the ROI) of vehicles that two cameras or
    more see well, as CityFlow does; gt_all.txt has every vehicle with a visible pixel.
    """
    rois = {view.name: region(view.camera) for view in world.views}
    good = {camera: good_rows(rows, rois[camera]) for camera, rows in truths.items()}
    cameras_of = _cameras_of(truths, good)
    shared = np.array([number for number, cameras in cameras_of.items() if len(cameras) > 1])
    contents = []
    for view in world.views:
        rows = truths[view.name]
        chosen = rows[good[view.name] & np.isin(rows[:, 1], shared)]
        contents.append(
            CameraContent(
                name=view.name,
                roi=rois[view.name],
                calibration=view.camera.calibration(),
                ground_truth=_track_rows(chosen),
                start_s=view.start_s,
                frame_count=frame_count(world),
            )
        )
    scene = write_scene(root, name, contents)
    for view in world.views:
        _write_all(scene / view.name / "gt" / "gt_all.txt", truths[view.name], world.looks)
    seen = sorted({int(number) for rows in truths.values() for number in rows[:, 1]})
    _write_vehicles(root / "vehicles.csv", [world.looks[number] for number in seen], library, cameras_of)
    _write_cameras(root / "cameras.json", world)
    return scene


def region(camera: Camera) -> Mask:
    """[h, w] bool: where the ground is seen, up to a distance at which vehicles are worth following."""
    width, height = camera.size
    grid = np.stack(np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5), -1).reshape(-1, 2)
    eye, ahead = np.array(camera.eye[:2]), np.subtract(camera.target[:2], camera.eye[:2])
    along = (camera.on_ground(grid) - eye) @ (ahead / np.hypot(*ahead))
    return np.asarray(((along > 0) & (along < _ROI_REACH)).reshape(height, width))


def good_rows(rows: Double2D, roi: Mask) -> Bool1D:
    """[n] bool: boxes that count as ground truth."""
    height, width = roi.shape
    across = np.clip((rows[:, 2] + rows[:, 4]) / 2, 0, width - 1).astype(np.int64)
    foot = np.clip(rows[:, 5] - 1, 0, height - 1).astype(np.int64)
    return np.asarray((rows[:, 6] >= LEAST_PIXELS) & (rows[:, 7] >= LEAST_VISIBILITY) & roi[foot, across])


def _cameras_of(truths: Mapping[str, Double2D], good: Mapping[str, Bool1D]) -> dict[int, list[str]]:
    """Vehicle -> cameras with enough good boxes of it."""
    found: dict[int, list[str]] = {}
    for camera, rows in truths.items():
        numbers, counts = np.unique(rows[good[camera], 1], return_counts=True)
        for number in numbers[counts >= LEAST_BOXES]:
            found.setdefault(int(number), []).append(camera)
    return found


def _track_rows(rows: Double2D) -> TrackRows:
    ordered = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    return TrackRows(
        frames=ordered[:, 0].astype(np.int32),
        ids=ordered[:, 1].astype(np.int32),
        boxes=ordered[:, 2:6].astype(np.float32),
        scores=np.ones(len(ordered), np.float32),
    )


def _write_all(path: Path, rows: Double2D, looks: Mapping[int, Looks]) -> None:
    """frame, id, left, top, width, height, visibility, type, colour, heading (degrees), pixels, inside, world x, y."""
    lines = []
    for row in rows[np.lexsort((rows[:, 1], rows[:, 0]))]:
        frame, number, left, top, right, bottom, pixels, visibility, inside, x, y, yaw = row.tolist()
        one = looks[int(number)]
        values = [frame + 1, number, left, top, right - left, bottom - top, visibility, one.type_number]
        values += [one.colour_number, yaw, pixels, inside, x, y]
        lines.append(",".join(number_text(value) for value in values))
    write_lines(path, lines)


def _write_vehicles(path: Path, seen: list[Looks], library: Library, cameras_of: Mapping[int, list[str]]) -> None:
    head = (
        "id model type type_id colour colour_id paint_r paint_g paint_b length_m width_m height_m dirt cameras details"
    )
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(head.split())
        for one in seen:
            size = [f"{a * b:.2f}" for a, b in zip(library.models[one.model].size, one.scale, strict=True)]
            attributes = [one.number, one.model, one.type, one.type_number, one.colour, one.colour_number]
            where = " ".join(cameras_of.get(one.number, []))
            writer.writerow([*attributes, *display(one.paint), *size, f"{one.dirt:.2f}", where, "; ".join(one.notes)])


def _write_cameras(path: Path, world: World) -> None:
    cameras = {
        view.name: {
            "position_m": list(view.camera.eye),
            "look_at_m": list(view.camera.target),
            "width": view.camera.size[0],
            "height": view.camera.size[1],
            "frames_a_second": world.options.rate,
            "start_s": view.start_s,
            "intrinsic": view.camera.intrinsic.tolist(),
            "distortion": view.camera.distortion.tolist(),
            "extrinsic": view.camera.pose.tolist(),
            "ground_to_image": view.camera.homography.tolist(),
        }
        for view in world.views
    }
    text = json.dumps({"weather": world.light.name, "seed": world.options.seed, "cameras": cameras}, indent=1)
    write_lines(path, text.splitlines())
