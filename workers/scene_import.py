"""A scene folder becomes rows and stored files. What is there already is left as it is, so it can be repeated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from django.db import transaction
from django.utils.text import slugify

from backend.accounts.models import User
from backend.config.problems import BadInput
from backend.jobs.models import JobKind
from backend.jobs.services import job_create
from backend.media.models import Video
from backend.media.services import ground_truth_replace, roi_set, video_register
from backend.scenes.models import CalibrationDirection, Camera, GroundUnit, LinkOrigin, Scene
from backend.scenes.services import (
    calibration_set,
    camera_create,
    camera_name_check,
    camera_setup_changed,
    link_set,
    scene_create,
    scene_origin_set,
)
from ml.datasets.calibration import Calibration
from ml.datasets.ground import recognised, recognition_note
from ml.datasets.mot import TrackRows
from ml.datasets.scene import CameraFolder, SceneFolder, read_scene
from ml.types import Float2D, Int1D, UserError
from workers.ground import ground_origin

MOST_DISTORTION = 5
WORST_CONDITION = 1e15
NEW, SEEN, WARNING = "new", "already there", "not imported"


@dataclass(frozen=True)
class Truth:
    """One true vehicle of a camera."""

    identity: int
    frames: Int1D
    boxes: Float2D


@dataclass(frozen=True)
class StoredVideo:
    """A video's file that is in the storage already: its name there, and its SHA-256."""

    name: str
    sha256: str


@dataclass
class ImportReport:
    """What an import did: lines for people, and what was new.

    rows  of what was new the ids, by what they are: "cameras", "videos", "links"; "regions" and "calibrations" by the
          camera that got them, "truths" by the video
    """

    scene: Scene
    tell: Callable[[str], None]
    new: int = 0
    warnings: list[str] = field(default_factory=list)
    rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    has_new_origin: bool = False

    def made(self, what: str, kind: str = "", pk: int = 0) -> None:
        """Note something new; `kind` and `pk` as `rows` has them, if it is a row that can be taken back."""
        self.new += 1
        self.tell(f"{what}: {NEW}")
        if kind:
            self.rows[kind].append(pk)

    def warn(self, what: str) -> None:
        """Note something left out."""
        self.warnings.append(what)
        self.tell(f"{WARNING}: {what}")


@dataclass(frozen=True)
class Stated:
    """Direction and unit of the calibrations, where a person states what the files do not."""

    direction: CalibrationDirection | None = None
    unit: GroundUnit | None = None

    def completing(self, calibration: Calibration) -> tuple[CalibrationDirection | None, GroundUnit | None]:
        """What the file says, and what a person says where it does not; None where nobody does."""
        direction, unit = calibration.direction, calibration.unit
        return (
            self.direction if direction == "unstated" else CalibrationDirection(direction),
            self.unit if unit == "unstated" else GroundUnit(unit),
        )


def scene_import(
    *, path: Path, name: str, owner: User | None, stated: Stated, tell: Callable[[str], None]
) -> ImportReport:
    """Register the folder's scene with cameras, calibrations, links, videos and ground truth; queue ingest jobs.

    name   of the scene; empty: as the folder. A scene whose slug fits is completed, never overwritten
    tell   hears a line about everything that is new or left out

    Raises UserError for a folder or file that cannot be read; nothing is written before all files were.
    """
    folder = read_scene(path)
    for problem in folder_problems(folder):
        raise problem
    report = ImportReport(_scene(folder, name or folder.name, owner, tell), tell)
    scene_fill(report, folder, stated=stated, owner=owner)
    return report


def scene_fill(
    report: ImportReport,
    folder: SceneFolder,
    *,
    stated: Stated,
    owner: User | None,
    stored: Mapping[str, StoredVideo] | None = None,
) -> None:
    """Write what the folder holds into the report's scene, unless the scene has it already.

    stored  by camera, videos whose files need not be copied any more
    """
    for camera in folder.cameras:
        _import_camera(report, camera, stated, owner, (stored or {}).get(camera.name))
    _settle_origin(report)
    _import_links(report, folder)


def folder_problems(folder: SceneFolder) -> Iterator[UserError]:
    """All that is wrong with the folder's files, each read once, before anything is written."""
    for camera in folder.cameras:
        readers = (camera.require_video, camera.roi, partial(_check_lens, camera), camera.ground_truth)
        for check in (*readers, partial(_check_name, camera.name)):
            try:
                check()
            except UserError as problem:
                yield problem
    for link in folder.links or ():
        if link.source == link.target:
            yield UserError("link-unusable", f"{folder.path / 'links.yaml'} joins {link.source} with itself.")


def _check_lens(camera: CameraFolder) -> None:
    """A lens that the pages can draw with. Raises UserError lens-unusable, and as `CameraFolder.calibration`."""
    calibration = camera.calibration()
    if calibration is None:
        return
    lens, distortion = calibration.intrinsic, calibration.distortion
    if distortion is not None and len(distortion) > MOST_DISTORTION:
        what = f"{len(distortion)} distortion coefficients; at most {MOST_DISTORTION} (k1 k2 p1 p2 k3) can be used"
        raise UserError("lens-unusable", f"{camera.calibration_path} has {what}.")
    if lens is not None and not np.linalg.cond(lens) < WORST_CONDITION:
        raise UserError("lens-unusable", f"{camera.calibration_path} has an intrinsic matrix that cannot be inverted.")


def _check_name(name: str) -> None:
    """The same names that people may give. Raises UserError camera-name-unusable."""
    try:
        camera_name_check(name)
    except BadInput as problem:
        raise UserError("camera-name-unusable", f"{problem.detail} Rename the folder {name!r}.") from None


def _scene(folder: SceneFolder, name: str, owner: User | None, tell: Callable[[str], None]) -> Scene:
    slug = slugify(name)
    scene = Scene.objects.filter(slug=slug).first() if slug else None
    if scene is None:
        scene = scene_create(actor=owner, name=name, slug=slug, description=f"Imported from {folder.path.name}.")
        tell(f"scene {scene.slug}: {NEW}")
    return scene


def _import_camera(
    report: ImportReport,
    folder: CameraFolder,
    stated: Stated,
    owner: User | None,
    stored: StoredVideo | None,
) -> None:
    camera = Camera.objects.filter(scene=report.scene, name=folder.name).first()
    if camera is None:
        camera = camera_create(scene=report.scene, name=folder.name)
        report.made(f"camera {folder.name}", "cameras", camera.pk)
    _import_setup(report, camera.pk, folder, stated)
    video = _import_video(report, camera, folder, owner, stored)
    _import_truth(report, video, folder.ground_truth())


@transaction.atomic
def _import_setup(report: ImportReport, camera_id: int, folder: CameraFolder, stated: Stated) -> None:
    """The camera is locked: what somebody sets up at this moment is not overwritten."""
    camera = Camera.objects.select_for_update(no_key=True).get(pk=camera_id)
    if folder.roi_path is not None and not camera.roi:
        roi_set(camera=camera, picture=folder.roi_path.read_bytes(), suffix=folder.roi_path.suffix.lower())
        report.made(f"{folder.name} region of interest", "regions", camera.pk)
    _import_calibration(report, camera, folder.calibration(), stated)


def _import_calibration(report: ImportReport, camera: Camera, calibration: Calibration | None, stated: Stated) -> None:
    if calibration is None or hasattr(camera, "calibration"):
        return
    direction, unit = stated.completing(calibration)
    if direction is None or unit is None:
        found = recognised(calibration)
        direction, unit = stated.completing(found)
        if found is not calibration:
            report.tell(recognition_note(camera.name, found))
    if direction is None or unit is None:
        report.warn(
            f"calibration of {camera.name}: the file does not say its direction and unit; "
            "state them with --direction and --unit"
        )
        return
    calibration_set(
        camera=camera,
        homography=calibration.homography.ravel().tolist(),
        direction=direction,
        unit=unit,
        intrinsics=None if calibration.intrinsic is None else calibration.intrinsic.ravel().tolist(),
        distortion=None if calibration.distortion is None else calibration.distortion.tolist(),
        reprojection_error=calibration.reprojection_error,
    )
    camera_setup_changed(camera=camera)
    report.made(f"{camera.name} calibration ({direction}, {unit})", "calibrations", camera.pk)
    if calibration.extrinsic is not None:
        report.warn(f"extrinsic matrix of {camera.name}: the homography is kept")


def _settle_origin(report: ImportReport) -> None:
    """The place that metres are counted from is kept, also when cameras in degrees are added later."""
    origin = ground_origin(report.scene)
    if origin is not None and report.scene.origin_latitude is None:
        scene_origin_set(scene=report.scene, latitude=origin.latitude, longitude=origin.longitude)
        report.has_new_origin = True
        report.made(f"origin of the ground at {origin.latitude}, {origin.longitude}")


def _import_video(
    report: ImportReport, camera: Camera, folder: CameraFolder, owner: User | None, stored: StoredVideo | None
) -> Video:
    path = folder.require_video()
    video, is_new = video_register(
        camera=camera,
        path=path,
        original_name=path.name,
        start_s=folder.start_s,
        sha256="" if stored is None else stored.sha256,
        stored="" if stored is None else stored.name,
    )
    if is_new:
        report.made(f"{camera.name} video {path.name}, {path.stat().st_size / 1e6:.1f} MB", "videos", video.pk)
    if not video.jobs.filter(kind=JobKind.INGEST).exists():
        job_create(kind=JobKind.INGEST, scene=report.scene, video=video, created_by=owner)
        report.made(f"{camera.name} ingest job")
    return video


def _import_truth(report: ImportReport, video: Video, rows: TrackRows | None) -> None:
    if rows is None or not len(rows) or video.ground_truth.exists():
        return
    count = ground_truth_replace(video=video, rows=_truths(rows))
    report.made(f"{video.camera.name} ground truth of {count} vehicles", "truths", video.pk)


def _truths(rows: TrackRows) -> Iterator[Truth]:
    for tracklet in rows.tracklets():
        yield Truth(tracklet.number, tracklet.frames, tracklet.boxes)


def _import_links(report: ImportReport, folder: SceneFolder) -> None:
    cameras = {camera.name: camera for camera in report.scene.cameras.all()}
    known = set(report.scene.links.values_list("source__name", "target__name"))
    for link in folder.links or ():
        if (link.source, link.target) not in known:
            made = link_set(
                source=cameras[link.source],
                target=cameras[link.target],
                min_s=link.min_s,
                max_s=link.max_s,
                origin=LinkOrigin.MANUAL,
            )
            report.made(f"link {link.source} -> {link.target}", "links", made.pk)
