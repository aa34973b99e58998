"""Write a scene in CityFlow's layout, such that `ml.datasets.scene.read_scene` reads the same content back."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ml.datasets.calibration import Calibration, write_calibration
from ml.datasets.links import write_links
from ml.datasets.mot import TrackRows, write_tracks
from ml.datasets.roi import write_roi
from ml.datasets.text import number_text, write_lines
from ml.types import CameraLink, Mask, UserError


@dataclass(frozen=True)
class CameraContent:
    """What is written for one camera; what is None is left out.

    video        a file to copy; keeps its suffix       tracks  single-camera tracks -> mtsc/mtsc_crosstrack.txt
    start_s      scene time of the first frame          frame_count  -> cam_framenum
    """

    name: str
    video: Path | None = None
    roi: Mask | None = None
    calibration: Calibration | None = None
    ground_truth: TrackRows | None = None
    tracks: TrackRows | None = None
    start_s: float = 0.0
    frame_count: int | None = None


def write_scene(
    root: Path, name: str, cameras: Sequence[CameraContent], links: Sequence[CameraLink] | None = None
) -> Path:
    """Write <root>/<name>/<camera>/... and the side files beside it; returns the scene folder.

    Raises UserError for a name that would lead out of `root`, before anything is written.
    """
    for given in (name, *(camera.name for camera in cameras)):
        require_folder_name(given)
    scene = root / name
    for camera in cameras:
        write_camera(scene / camera.name, camera)
    starts = [f"{camera.name} {number_text(camera.start_s)}" for camera in cameras]
    write_lines(root / "cam_timestamp" / f"{name}.txt", starts)
    counts = [f"{camera.name} {camera.frame_count}" for camera in cameras if camera.frame_count is not None]
    if counts:
        write_lines(root / "cam_framenum" / f"{name}.txt", counts)
    if links is not None:
        write_links(scene / "links.yaml", links)
    return scene


def write_camera(folder: Path, camera: CameraContent) -> None:
    """Write one camera's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if camera.video is not None:
        shutil.copyfile(camera.video, folder / f"vdo{camera.video.suffix.lower()}")
    if camera.roi is not None:
        write_roi(folder, camera.roi)
    if camera.calibration is not None:
        write_calibration(folder / "calibration.txt", camera.calibration)
    if camera.ground_truth is not None:
        write_tracks(folder / "gt" / "gt.txt", camera.ground_truth)
    if camera.tracks is not None:
        write_tracks(folder / "mtsc" / "mtsc_crosstrack.txt", camera.tracks)


def require_folder_name(name: str) -> None:
    """UserError for a name that is no plain folder."""
    if name in {"", ".", ".."} or "/" in name or "\x00" in name:
        raise UserError("name-is-no-folder", f"{name!r} cannot be the name of a folder: rename the scene or camera.")
