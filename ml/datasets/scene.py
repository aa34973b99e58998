"""A scene on disk in CityFlow's layout: `<root>[/<split>]/<scene>/<camera>/vdo.*` with its side files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ml.datasets.calibration import Calibration, read_calibration
from ml.datasets.links import read_links
from ml.datasets.mot import TrackRows, read_tracks
from ml.datasets.roi import find_roi, read_roi
from ml.datasets.text import malformed, read_text
from ml.types import CameraLink, Mask, UserError

Number = TypeVar("Number", int, float)

LARGEST_VALUE = 1e9  # seconds of scene time, frames
VIDEO_SUFFIXES = (".mp4", ".avi", ".mkv", ".mov", ".m4v", ".webm", ".ts")


@dataclass(frozen=True)
class CameraFolder:
    """One camera of a scene folder.

    start_s      scene time of its first frame, seconds
    frame_count  as cam_framenum states it, or None
    """

    name: str
    video: Path | None
    roi_path: Path | None = None
    calibration_path: Path | None = None
    ground_truth_path: Path | None = None
    start_s: float = 0.0
    frame_count: int | None = None

    def require_video(self) -> Path:
        """The video's path; UserError where the camera has none."""
        if self.video is None:
            raise UserError(
                "video-missing", f"Camera {self.name} has no video: put a vdo.mp4 or vdo.avi into its folder."
            )
        return self.video

    def roi(self) -> Mask | None:
        return None if self.roi_path is None else read_roi(self.roi_path)

    def calibration(self) -> Calibration | None:
        return None if self.calibration_path is None else read_calibration(self.calibration_path)

    def ground_truth(self) -> TrackRows | None:
        return None if self.ground_truth_path is None else read_tracks(self.ground_truth_path)


@dataclass(frozen=True)
class SceneFolder:
    """A scene folder: its cameras by name, and its links where it has a links.yaml."""

    name: str
    path: Path
    cameras: tuple[CameraFolder, ...]
    links: tuple[CameraLink, ...] | None = None

    def camera_numbers(self) -> dict[str, int]:
        """The number that submissions use for each camera."""
        return camera_numbers([camera.name for camera in self.cameras])

    def has_ground_truth(self) -> bool:
        """Whether some camera's gt.txt holds a vehicle."""
        return any(rows is not None and len(rows) for rows in (camera.ground_truth() for camera in self.cameras))


def camera_numbers(names: list[str]) -> dict[str, int]:
    """c041 -> 41 where every name ends in a number of its own; otherwise 1, 2, ... in the order given."""
    endings = [re.search(r"(\d+)$", name) for name in names]
    numbers = [int(ending.group()) for ending in endings if ending is not None]
    if len(set(numbers)) == len(names):
        return dict(zip(names, numbers, strict=True))
    return {name: place for place, name in enumerate(names, start=1)}


def read_scene(path: Path) -> SceneFolder:
    """The one scene under `path`, which may be the scene, a folder above it, or a single video file.

    UserError: nothing there, no camera in it, or more than one scene (they are named).
    """
    if path.is_file():
        return _scene_of_video(path)
    if not path.is_dir():
        raise UserError("scene-missing", f"{path} does not exist.")
    folders = find_scenes(path)
    if not folders:
        raise UserError(
            "scene-empty", f"{path} holds no camera: expected <scene>/<camera>/vdo.mp4, as in S01/c001/vdo.mp4."
        )
    if len(folders) > 1:
        listed = ", ".join(str(folder.relative_to(path)) for folder in folders)
        raise UserError("several-scenes", f"{path} holds several scenes ({listed}): name one of them.")
    return _read_scene_folder(folders[0])


def find_scenes(path: Path) -> list[Path]:
    """Scene folders at `path`, one level below (S01) or two (train/S01)."""
    if _camera_folders(path):
        return [path]
    below = [folder for folder in sorted(path.iterdir()) if folder.is_dir()]
    scenes = [folder for folder in below if _camera_folders(folder)]
    deeper = [inner for folder in below for inner in sorted(folder.iterdir()) if inner.is_dir()]
    return scenes or [folder for folder in deeper if _camera_folders(folder)]


def _scene_of_video(path: Path) -> SceneFolder:
    if path.suffix.lower() not in VIDEO_SUFFIXES:
        known = " ".join(VIDEO_SUFFIXES)
        raise UserError("scene-missing", f"{path} is neither a scene folder nor a video file ({known}).")
    return SceneFolder(path.stem, path.parent, (CameraFolder(path.stem, path),))


def _camera_folders(scene: Path) -> list[Path]:
    return [folder for folder in sorted(scene.iterdir()) if folder.is_dir() and _is_camera(folder)]


def _is_camera(folder: Path) -> bool:
    return _video(folder) is not None or (folder / "gt" / "gt.txt").is_file()


def _video(folder: Path) -> Path | None:
    return next((path for path in sorted(folder.glob("vdo.*")) if path.suffix.lower() in VIDEO_SUFFIXES), None)


def _read_scene_folder(path: Path) -> SceneFolder:
    path = path.resolve()
    starts = _side_file(path, "cam_timestamp", float)
    counts = _side_file(path, "cam_framenum", int)
    cameras = tuple(_camera(folder, starts, counts) for folder in _camera_folders(path))
    names = [camera.name for camera in cameras]
    links_path = path / "links.yaml"
    links = tuple(read_links(links_path, names)) if links_path.is_file() else None
    return SceneFolder(path.name, path, cameras, links)


def _camera(folder: Path, starts: Mapping[str, float], counts: Mapping[str, int]) -> CameraFolder:
    calibration, truth = folder / "calibration.txt", folder / "gt" / "gt.txt"
    return CameraFolder(
        name=folder.name,
        video=_video(folder),
        roi_path=find_roi(folder),
        calibration_path=calibration if calibration.is_file() else None,
        ground_truth_path=truth if truth.is_file() else None,
        start_s=starts.get(folder.name, 0.0),
        frame_count=counts.get(folder.name),
    )


def _side_file(scene: Path, kind: str, number: Callable[[str], Number]) -> dict[str, Number]:
    """camera -> number from `<kind>/<scene>.txt` beside the scene or beside its split; empty where absent."""
    places = [scene / kind, scene.parent / kind, scene.parent.parent / kind]
    path = next((place / f"{scene.name}.txt" for place in places if (place / f"{scene.name}.txt").is_file()), None)
    return {} if path is None else read_camera_values(path, number)


def read_camera_values(path: Path, number: Callable[[str], Number]) -> dict[str, Number]:
    """Lines `c041 0` as a mapping; refuses anything else and a camera named twice."""
    values: dict[str, Number] = {}
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        fields = text.replace(",", " ").split()
        if not fields:
            continue
        if len(fields) != 2 or fields[0] in values:
            raise malformed(path, line, "expected a camera, once each, and a number, as in `c041 0`")
        values[fields[0]] = _value(path, line, fields[1], number)
    return values


def _value(path: Path, line: int, text: str, number: Callable[[str], Number]) -> Number:
    try:
        value = number(text)
    except ValueError:
        raise malformed(path, line, f"{text!r} is not a number") from None
    if not abs(value) <= LARGEST_VALUE:
        raise malformed(path, line, f"{text[:40]!r} is not finite, or too large")
    return value
