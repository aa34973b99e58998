"""Cut a shorter scene with fewer cameras out of a CityFlow-layout folder, ground truth and all."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml.datasets.layout import CameraContent, write_scene
from ml.datasets.links import write_links
from ml.datasets.mot import TrackRows
from ml.datasets.scene import CameraFolder, SceneFolder, read_scene
from ml.datasets.text import read_text, write_lines
from ml.types import Bool1D, Int1D, UserError
from ml.video import FrameIndex, cut_video, index_frames

FEWEST_BOXES = 5  # a vehicle counts as seen by a camera from this many boxes on
_CLOSE_S = 1e-6


@dataclass(frozen=True)
class _Part:
    """Frames first..stop-1 of one camera; `start_s` is when the first is due after the cut begins."""

    camera: CameraFolder
    index: FrameIndex
    first: int
    stop: int
    start_s: float

    def rows(self) -> TrackRows | None:
        """The camera's ground truth within the part, frames counted from its first."""
        truth = self.camera.ground_truth()
        if truth is None:
            return None
        inside = (truth.frames >= self.first) & (truth.frames < self.stop)
        kept = _take(truth, inside)
        return TrackRows((kept.frames - self.first).astype(np.int32), kept.ids, kept.boxes, kept.scores)


def cut_scene(
    source: Path, out: Path, *, cameras: Sequence[str], start_s: float, seconds: float, quality: int = 26
) -> Path:
    """Write the scene of `source`, from scene time `start_s` on for `seconds`, to `out`; returns the scene folder.

    Every camera keeps exactly the frames due in [start_s, start_s + seconds), re-encoded as H.264 of constant
    rate factor `quality` at their own size and spacing; scene time starts anew at 0. Vehicle ids stay as they
    are; ground truth keeps CityFlow's rule (vehicles seen by two cameras or more), applied to the cut. Links between
    cameras that are kept are kept.

    UserError: a camera that the scene has not, or one without a frame in that time.
    """
    scene = read_scene(source)
    parts = [_part(_camera(scene, name), start_s, seconds) for name in cameras]
    kept = _ids_in_two_cameras([rows for part in parts if (rows := part.rows()) is not None])
    written = write_scene(out, scene.name, [_content(part, kept) for part in parts])
    for part in parts:
        _cut_files(part, written / part.camera.name, quality)
    if scene.links is not None:
        names = {part.camera.name for part in parts}
        write_links(written / "links.yaml", [link for link in scene.links if {link.source, link.target} <= names])
    root = scene.path.parent
    if (root / "gt_mtmc.txt").is_file():
        _cut_mtmc(root / "gt_mtmc.txt", out, scene.camera_numbers(), parts, kept)
    if (root / "cameras.json").is_file():
        _cut_cameras(root / "cameras.json", out, parts)
    if (root / "vehicles.csv").is_file():
        _cut_vehicles(root / "vehicles.csv", out, parts, kept)
    return written


def _camera(scene: SceneFolder, name: str) -> CameraFolder:
    found = next((camera for camera in scene.cameras if camera.name == name), None)
    if found is None:
        known = ", ".join(camera.name for camera in scene.cameras)
        raise UserError("camera-missing", f"Scene {scene.name} has no camera {name}: it has {known}.")
    return found


def _part(camera: CameraFolder, start_s: float, seconds: float) -> _Part:
    index = index_frames(camera.require_video())
    due = camera.start_s + index.times_s - start_s
    first, stop = np.searchsorted(due, [-_CLOSE_S, seconds - _CLOSE_S]).tolist()
    if first >= stop:
        span = f"{camera.start_s:g} to {camera.start_s + index.duration_s:g} s"
        raise UserError("nothing-to-cut", f"{camera.name} has no frame in the time asked for: it covers {span}.")
    return _Part(camera, index, first, stop, round(float(due[first]), 6))


def _ids_in_two_cameras(cameras: Sequence[TrackRows]) -> Int1D:
    seen = [_ids_seen(rows) for rows in cameras]
    ids, counts = np.unique(np.concatenate([*seen, np.zeros(0, np.int32)]), return_counts=True)
    return ids[counts >= 2].astype(np.int32)


def _ids_seen(rows: TrackRows) -> Int1D:
    ids, counts = np.unique(rows.ids, return_counts=True)
    return ids[counts >= FEWEST_BOXES].astype(np.int32)


def _take(rows: TrackRows, which: Bool1D) -> TrackRows:
    return TrackRows(rows.frames[which], rows.ids[which], rows.boxes[which], rows.scores[which])


def _content(part: _Part, kept: Int1D) -> CameraContent:
    rows = part.rows()
    return CameraContent(
        name=part.camera.name,
        roi=part.camera.roi(),
        ground_truth=None if rows is None else _take(rows, np.isin(rows.ids, kept)),
        start_s=part.start_s,
        frame_count=part.stop - part.first,
    )


def _cut_files(part: _Part, folder: Path, quality: int) -> None:
    source = part.camera.require_video()
    for name in ("calibration.txt", "calibration.json"):
        if (source.parent / name).is_file():
            shutil.copyfile(source.parent / name, folder / name)
    span = {"first": part.first, "stop": part.stop}
    cut_video(source, folder / "vdo.mp4", index=part.index, quality=quality, **span)


def _cut_mtmc(path: Path, out: Path, numbers: Mapping[str, int], parts: Sequence[_Part], kept: Int1D) -> None:
    """gt_mtmc.txt: `camera_id obj_id frame_id ...`, frames 1-based."""
    by_number = {numbers[part.camera.name]: part for part in parts}
    ids = set(kept.tolist())
    lines = []
    for line in read_text(path).splitlines():
        camera, vehicle, frame, *rest = line.split()
        part = by_number.get(int(camera))
        if part is not None and int(vehicle) in ids and part.first < int(frame) <= part.stop:
            lines.append(" ".join([camera, vehicle, str(int(frame) - part.first), *rest]))
    write_lines(out / path.name, lines)


def _cut_cameras(path: Path, out: Path, parts: Sequence[_Part]) -> None:
    """cameras.json: the entries of the cameras kept, with their new start and length."""
    content = json.loads(read_text(path))
    changes = {p.camera.name: {"start_offset_s": p.start_s, "frames": p.stop - p.first} for p in parts}
    content["cameras"] = {name: content["cameras"][name] | change for name, change in changes.items()}
    write_lines(out / path.name, [json.dumps(content, indent=1)])


def _cut_vehicles(path: Path, out: Path, parts: Sequence[_Part], kept: Int1D) -> None:
    """vehicles.csv: the vehicles kept; `cameras_gt` as in the cut, `cameras_any` left out as unknown."""
    table = csv.DictReader(read_text(path).splitlines())
    seen = {part.camera.name: set(_ids_seen(rows).tolist()) for part in parts if (rows := part.rows())}
    columns = [name for name in table.fieldnames or [] if name != "cameras_any"]
    with (out / path.name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for row in table:
            if int(row["id"]) in kept:
                names = [camera for camera, ids in seen.items() if int(row["id"]) in ids]
                writer.writerow(row | {"cameras_gt": " ".join(names)})
