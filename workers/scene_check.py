"""What an import of a scene's folder would make, without making it: the report that a person decides by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backend.media.models import GroundTruthTrack, Video
from backend.scenes.models import Camera, Scene
from backend.uploads.services import scene_full_with
from ml.datasets.calibration import Calibration
from ml.datasets.ground import recognised
from ml.datasets.mot import TrackRows
from ml.datasets.scene import CameraFolder, SceneFolder
from ml.types import UserError
from ml.video import VideoInfo, probe, sha256_of
from workers.scene_import import Stated, folder_problems

MOST_LISTED = 50
SIDE_FILES = ("cam_timestamp", "cam_framenum")
THERE = "there is one already"


def scene_report(
    scene: Scene, folder: SceneFolder, stated: Stated, root: Path, files: Sequence[Path]
) -> dict[str, Any]:
    """As `SceneReportSerializer` has it. `root` is cut off the names of files, of which `files` are all."""
    known = {camera.name: camera for camera in scene.cameras.select_related("calibration")}
    found = [FoundCamera(camera, known.get(camera.name), stated) for camera in folder.cameras]
    problems = [str(problem) for problem in folder_problems(folder)]
    problems += [each.unreadable for each in found if each.unreadable]
    cameras = [each.as_json() for each in found]
    problems += [why] if (why := scene_full_with(scene=scene, size=_new_bytes(cameras))) else []
    left_out = [note for each in found for note in each.left_out] + _unused(folder, root, files)
    return {
        "folder": folder.name,
        "cameras": cameras,
        "links": _links(scene, folder),
        "left_out": _shortened(left_out),
        "problems": _shortened([problem.replace(f"{root}/", "") for problem in problems]),
    }


class FoundCamera:
    """One camera's folder beside what the scene has of that camera."""

    def __init__(self, folder: CameraFolder, camera: Camera | None, stated: Stated) -> None:
        self._folder, self._camera = folder, camera
        self.unreadable, self.left_out = "", list[str]()
        self._info = self._probed()
        self._calibration = self._calibrated(stated)

    def as_json(self) -> dict[str, Any]:
        tracks = self._truth()
        return {
            "camera": self._folder.name,
            "is_new": self._camera is None,
            "video": self._video(),
            "region": self._region(),
            "calibration": self._calibration,
            "vehicles": 0 if tracks is None else len(tracks.tracklets()),
            "boxes": 0 if tracks is None else len(tracks),
        }

    def _probed(self) -> VideoInfo | None:
        if self._folder.video is None:
            return None
        try:
            return probe(self._folder.video)
        except UserError as problem:
            self.unreadable = str(problem)
            return None

    def _video(self) -> dict[str, Any] | None:
        path = self._folder.video
        if path is None:
            return None
        return {
            "file": path.name,
            "size": path.stat().st_size,
            "frames": self._info and self._info.frame_count,
            "duration_s": self._info and self._info.duration_s,
            "start_s": self._folder.start_s,
            "is_new": self._known_video() is None,
        }

    def _known_video(self) -> Video | None:
        path = self._folder.video
        if self._camera is None or path is None:
            return None
        videos = Video.objects.filter(camera=self._camera, size=path.stat().st_size)
        return videos.filter(sha256=sha256_of(path)).first() if videos.exists() else None

    def _region(self) -> str | None:
        if self._folder.roi_path is None:
            return None
        return THERE if self._camera is not None and self._camera.roi else "new"

    def _truth(self) -> TrackRows | None:
        """None where there is none or it cannot be read: `folder_problems` says why."""
        try:
            rows = self._folder.ground_truth()
        except UserError:
            return None
        video = self._known_video()
        if rows is not None and video is not None and GroundTruthTrack.objects.filter(video=video).exists():
            self.left_out.append(f"{self._folder.name}: ground truth, {THERE}")
            return None
        return rows

    def _calibrated(self, stated: Stated) -> str | None:
        try:
            calibration = self._folder.calibration()
        except UserError:
            return None
        if calibration is None:
            return None
        if self._camera is not None and hasattr(self._camera, "calibration"):
            return THERE
        return self._completed(calibration, stated)

    def _completed(self, calibration: Calibration, stated: Stated) -> str:
        direction, unit = stated.completing(calibration)
        if direction is None or unit is None:
            direction, unit = stated.completing(recognised(calibration))
        if calibration.extrinsic is not None:
            self.left_out.append(f"{self._folder.name}: the extrinsic matrix; the homography is kept")
        if direction is None or unit is None:
            self.left_out.append(
                f"{self._folder.name}: the calibration, whose file does not say its direction and unit"
            )
            return "left out: its file does not say direction and unit"
        return f"{direction.label}, {unit.label}"


def _new_bytes(cameras: Sequence[dict[str, Any]]) -> int:
    videos = [each["video"] for each in cameras if each["video"] is not None]
    return sum(video["size"] for video in videos if video["is_new"])


def _links(scene: Scene, folder: SceneFolder) -> list[dict[str, Any]]:
    known = set(scene.links.values_list("source__name", "target__name"))
    return [
        {
            "source": link.source,
            "target": link.target,
            "min_s": link.min_s,
            "max_s": link.max_s,
            "is_new": (link.source, link.target) not in known,
        }
        for link in folder.links or ()
    ]


def _unused(folder: SceneFolder, root: Path, files: Sequence[Path]) -> list[str]:
    """Files of the zip that no import looks at: detections, other trackers' results, maps."""
    used = {folder.path / "links.yaml"}
    for camera in folder.cameras:
        read = (camera.video, camera.roi_path, camera.calibration_path, camera.ground_truth_path)
        used |= {path for path in read if path is not None}
    others = [path for path in files if path not in used and path.parent.name not in SIDE_FILES]
    return [f"{path.relative_to(root)}: nothing here reads it" for path in others]


def _shortened(lines: list[str]) -> list[str]:
    more = len(lines) - MOST_LISTED
    return lines if more <= 0 else [*lines[:MOST_LISTED], f"and {more} more"]
