"""A scene's folder comes in as a zip: reported before anything is made, imported whole or not at all, taken back."""

from __future__ import annotations

import io
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import pytest
from django.core.files.storage import default_storage

from backend.accounts.models import Role
from backend.config.problems import BadInput, Conflict, NotFound, Refused
from backend.jobs.models import Job, JobKind, JobState
from backend.jobs.services import job_cancel, job_claim
from backend.media.models import GroundTruthTrack, Video
from backend.review.models import Anchor
from backend.scenes.models import Calibration, Camera, CameraLink, Scene, ScenePlan
from backend.scenes.services import camera_create, camera_setup_changed, member_set, scene_create, scene_origin_set
from backend.tracking.models import Run
from backend.tracking.services import tracklets_replace
from backend.uploads.models import SceneImport, SceneImportState, Upload, UploadPurpose, UploadState
from backend.uploads.parts import unpacked_path
from backend.uploads.scene_imports import (
    KEPT,
    scene_import_apply,
    scene_import_forget,
    scene_import_list,
    scene_import_undo,
    unpacked_tidy,
)
from backend.uploads.services import Announced, upload_append, upload_cancel, upload_create, uploads_expire
from ml.datasets.links import write_links
from ml.datasets.roi import write_roi
from ml.types import CameraLink as Link
from ml.types import UserError
from tests.scenes import DEMO
from tests.unit.ml.video.clips import write_clip
from tests.world import make_video, person, tracklet_row
from workers import import_scene, receive
from workers.context import JobCancelled, JobContext

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cameras of two seconds, with ground truth, a region, calibrations and a link."""
    root = tmp_path_factory.mktemp("scene")
    for name in ("c001", "c002"):
        camera = root / "S01" / name
        camera.mkdir(parents=True)
        write_clip(camera / "vdo.mp4", times_ms=range(0 if name == "c001" else 50, 2000, 100))
        shutil.copy(DEMO / "S01" / "c001" / "calibration.txt", camera)
        write_roi(camera, np.ones((120, 160), np.bool_))
    (root / "S01" / "c001" / "gt").mkdir()
    (root / "S01" / "c001" / "gt" / "gt.txt").write_text("1,7,10,10,40,20,1,-1,-1,-1\n2,7,12,10,40,20,1,-1,-1,-1\n")
    write_links(root / "S01" / "links.yaml", [Link("c001", "c002", -20.0, 20.0)])
    return root


@pytest.fixture
def scene(db: None, tmp_path: Path, settings: Any) -> Scene:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    return scene_create(actor=person("manager", Role.MANAGER), name="Road")


def packed(folder: Path, change: dict[str, bytes] | None = None, *, below: str = "city/") -> bytes:
    """A zip of all files below `folder`, some of them changed or added."""
    content = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, data in (content | (change or {})).items():
            archive.writestr(f"{below}{name}", data)
    return made.getvalue()


def brought(scene: Scene, content: bytes) -> SceneImport:
    """The import of this zip after it was sent, received and checked."""
    actor = scene.created_by
    assert actor is not None
    announced = Announced("", "city.zip", len(content), purpose=UploadPurpose.SCENE)
    upload = upload_create(actor=actor, scene=scene, announced=announced)
    upload_append(actor=actor, upload_id=upload.pk, offset=0, body=io.BytesIO(content))
    work(Job.objects.get(kind=JobKind.RECEIVE, state=JobState.QUEUED), receive)
    assert Upload.objects.get(pk=upload.pk).state == UploadState.DONE
    made = SceneImport.objects.select_related("job").latest("pk")
    work(made.job, import_scene)
    return fresh(made)


def imported(scene: Scene, content: bytes) -> SceneImport:
    made = brought(scene, content)
    work(scene_import_apply(actor=scene.created_by, import_id=made.pk).job, import_scene)  # type: ignore[arg-type]
    return fresh(made)


def fresh(made: SceneImport) -> SceneImport:
    return SceneImport.objects.select_related("job", "scene").get(pk=made.pk)


def work(job: Job | None, module: object) -> None:
    assert job is not None
    claim = job_claim(job_id=job.pk, worker="here")
    assert claim is not None
    try:
        module.run(JobContext(claim))  # type: ignore[attr-defined]
    except UserError:
        Job.objects.filter(pk=job.pk).update(state=JobState.FAILED)
        raise


def rows() -> list[int]:
    kinds = (Camera, Calibration, CameraLink, Video, GroundTruthTrack)
    return [kind.objects.count() for kind in kinds]


def stored_files() -> set[Path]:
    return {path for path in Path(default_storage.path("")).rglob("*") if path.is_file()}


def test_the_check_makes_nothing_and_says_what_the_import_then_makes(scene: Scene, folder: Path) -> None:
    made = brought(scene, packed(folder))
    assert made.state == SceneImportState.CHECKED
    assert rows() == [0] * 5
    report = made.report
    assert report is not None
    assert (report["folder"], report["problems"]) == ("S01", [])
    assert [each["camera"] for each in report["cameras"]] == ["c001", "c002"]
    assert all(each["is_new"] and each["video"]["is_new"] for each in report["cameras"])
    assert report["cameras"][0]["calibration"] == "ground to image, metres (x east, y north)"
    assert report["cameras"][0]["video"]["frames"] == 20
    work(scene_import_apply(actor=scene.created_by, import_id=made.pk).job, import_scene)  # type: ignore[arg-type]
    assert [(each["vehicles"], each["boxes"]) for each in report["cameras"]] == [(1, 2), (0, 0)]
    assert rows() == [2, 2, len(report["links"]), 2, 1]
    assert fresh(made).state == SceneImportState.IMPORTED
    assert Job.objects.filter(kind=JobKind.INGEST, state=JobState.QUEUED).count() == 2
    assert not unpacked_path(made.pk).exists()


def test_taking_it_back_leaves_nothing_behind(
    scene: Scene, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    before = stored_files()
    with django_capture_on_commit_callbacks(execute=True):
        made = imported(scene, packed(folder))
        for job in Job.objects.filter(kind=JobKind.INGEST):
            job_cancel(actor=scene.created_by, job=job)  # type: ignore[arg-type]
        undone = scene_import_undo(actor=scene.created_by, import_id=made.pk)  # type: ignore[arg-type]  # it has one
    assert undone.state == SceneImportState.UNDONE
    assert rows() == [0] * 5
    assert stored_files() == before
    scene.refresh_from_db()
    assert scene.origin_latitude is None


def test_a_page_that_was_open_while_a_region_and_a_calibration_came_or_went_is_stale(
    scene: Scene, folder: Path
) -> None:
    camera = camera_create(scene=scene, name="c001")
    seen = [camera.version]
    made = imported(scene, packed(folder))
    seen.append(Camera.objects.get(pk=camera.pk).version)
    Job.objects.filter(kind=JobKind.INGEST).update(state=JobState.SUCCEEDED)
    scene_import_undo(actor=scene.created_by, import_id=made.pk)  # type: ignore[arg-type]  # it has one
    left = Camera.objects.get(pk=camera.pk)
    assert (left.roi, seen[0] < seen[1] < left.version) == ("", True)


def test_a_plan_that_was_laid_meanwhile_keeps_its_place_on_the_globe(
    scene: Scene, folder: Path, tmp_path: Path
) -> None:
    made = imported(scene, packed(folder))
    Job.objects.filter(kind=JobKind.INGEST).update(state=JobState.SUCCEEDED)
    scene_origin_set(scene=scene, latitude=42.5, longitude=-90.7)
    SceneImport.objects.update(made={**(made.made or {}), "origin": True})
    ScenePlan.objects.create(scene=scene, pairs=[{"pixel": [0, 0], "place": [42.5, -90.7]}])
    scene_import_undo(actor=scene.created_by, import_id=made.pk)  # type: ignore[arg-type]  # it has one
    assert rows() == [0] * 5
    scene.refresh_from_db()
    assert scene.origin_latitude == 42.5


def test_cameras_of_a_zip_stand_among_those_of_the_scene_by_their_names(scene: Scene, folder: Path) -> None:
    for name in ("c000", "c003"):
        camera_create(scene=scene, name=name)
    imported(scene, packed(folder))
    assert list(scene.cameras.order_by("position", "name").values_list("name", "position")) == [
        ("c000", 0), ("c001", 1), ("c002", 2), ("c003", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("ends", ["cancelled", "expired"])
def test_a_zip_whose_receiving_was_cancelled_goes_with_its_upload(
    scene: Scene, folder: Path, ends: str, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    actor, content = scene.created_by, packed(folder)
    assert actor is not None
    before = stored_files()
    announced = Announced("", "city.zip", len(content), purpose=UploadPurpose.SCENE)
    upload = upload_create(actor=actor, scene=scene, announced=announced)
    upload_append(actor=actor, upload_id=upload.pk, offset=0, body=io.BytesIO(content))
    job = Job.objects.get(kind=JobKind.RECEIVE)

    @contextmanager
    def cancelled(context: JobContext) -> Iterator[None]:
        Job.objects.filter(pk=job.pk).update(state=JobState.CANCELLED)
        raise JobCancelled
        yield

    monkeypatch.setattr(JobContext, "publish", cancelled)
    with pytest.raises(JobCancelled):
        work(job, receive)
    assert stored_files() != before
    with django_capture_on_commit_callbacks(execute=True):
        if ends == "cancelled":
            upload_cancel(actor=actor, upload_id=upload.pk)
        else:
            Upload.objects.update(expires_at=upload.created_at)
            uploads_expire()
    assert stored_files() == before


@pytest.mark.parametrize("built", ["tracklets", "decision", "ingest", "video", "region", "link"])
def test_an_import_that_something_stands_on_is_not_taken_back(
    scene: Scene, folder: Path, tmp_path: Path, built: str
) -> None:
    made = imported(scene, packed(folder))
    if built != "ingest":
        Job.objects.filter(kind=JobKind.INGEST).update(state=JobState.SUCCEEDED)
    reason = build_on(scene, built, tmp_path)
    before = rows()
    with pytest.raises(Conflict, match=reason):
        scene_import_undo(actor=scene.created_by, import_id=made.pk)  # type: ignore[arg-type]  # it has one
    assert rows() == before


def build_on(scene: Scene, built: str, tmp_path: Path) -> str:
    """What somebody does after the import, and why that keeps it."""
    camera = Camera.objects.get(name="c001")
    if built == "tracklets":
        run = Run.objects.create(scene=scene, number=1, preset="cpu-light", config={})
        video = Video.objects.filter(camera=camera).earliest("pk")
        video.frame_times = b"\0" * 8 * 100
        video.save()
        tracklets_replace(run=run, video=video, rows=[tracklet_row(1, 10)])
        return "followed vehicles in its videos"
    if built == "decision":  # about tracklets of a run that was deleted since
        video = Video.objects.filter(camera=camera).earliest("pk")
        Anchor.objects.create(camera=camera, video=video, first_frame=1, last_frame=1, frames=b"", boxes=b"")
        return "decided about vehicles in its videos"
    if built == "video":
        make_video(tmp_path, camera, start_s=50.0)
        return "other videos by now"
    if built == "region":
        camera_setup_changed(camera=camera)
        return "somebody has set up c001 since"
    if built == "link":
        CameraLink.objects.create(scene=scene, source_id=camera_pk("c002"), target=camera, min_s=0, max_s=1)
        return "changed the links"
    return "are being read"


def camera_pk(name: str) -> int:
    return Camera.objects.get(name=name).pk


def test_what_the_scene_has_already_stays_as_it_is(scene: Scene, folder: Path) -> None:
    """A folder imported twice makes nothing the second time, and the report says so before."""
    imported(scene, packed(folder))
    before = rows()
    again = brought(scene, packed(folder))
    assert again.report is not None
    assert not any(each["is_new"] or each["video"]["is_new"] for each in again.report["cameras"])
    assert again.report["cameras"][0]["calibration"] == "there is one already"
    assert not again.report["links"][0]["is_new"]
    assert "c001: ground truth, there is one already" in again.report["left_out"]
    work(scene_import_apply(actor=scene.created_by, import_id=again.pk).job, import_scene)  # type: ignore[arg-type]
    assert rows() == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "S01/c001/gt/gt.txt",
            b"1,1,0,0,10,10,1\n2,1,nan,0,10,10,1\n",
            "S01/c001/gt/gt.txt, line 2: left is not finite",
        ),
        ("S01/c001/gt/gt.txt", b"1,1.5,0,0,10,10,1\n", "line 1: id is not a whole number"),
        ("S01/c001/gt/gt.txt", b"1,1,0,0,-10,10,1\n", "line 1: width and height must be positive"),
        ("S01/c002/calibration.txt", b"Homography matrix: 1 2;3\n", "S01/c002/calibration.txt"),
        (
            "S01/c002/calibration.txt",
            b"1 0 0;0 1 0;0 0 1\nDistortion coefficients: 1 2 3 4 5 6 7 8\n",
            "S01/c002/calibration.txt has 8 distortion coefficients",
        ),
        (
            "S01/c002/calibration.txt",
            b"1 0 0;0 1 0;0 0 1\nIntrinsic parameter matrix: 1 0 0;0 1 0;0 0 0\n",
            "intrinsic matrix that cannot be inverted",
        ),
        (
            "S01/links.yaml",
            b"links: [{from: c001, to: c001, min_s: 0, max_s: 1}]",
            "S01/links.yaml joins c001 with itself",
        ),
        ("S01/c002/roi.png", b"no picture", "S01/c002/roi.png is not a picture"),
        ("S01/c003/vdo.mp4", b"no video", "S01/c003/vdo.mp4"),
        ("S01/c003/gt/gt.txt", b"", "Camera c003 has no video"),
        ("S01/c,3/vdo.mp4", b"", "Rename the folder 'c,3'"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_nothing_can_be_imported(
    scene: Scene, folder: Path, name: str, content: bytes, said: str
) -> None:
    made = brought(scene, packed(folder, {name: content}))
    assert made.report is not None
    assert made.state == SceneImportState.REFUSED
    assert any(said in problem for problem in made.report["problems"]), made.report["problems"]
    assert not any(str(unpacked_path(made.pk)) in problem for problem in made.report["problems"])
    with pytest.raises(Conflict, match="only a zip that was checked"):
        scene_import_apply(actor=scene.created_by, import_id=made.pk)  # type: ignore[arg-type]
    assert rows() == [0] * 5


def hostile(kind: str) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        if kind == "link":
            entry = ZipInfo("S01/c001/vdo.mp4")
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, "/etc/passwd")
        elif kind == "bomb":
            archive.writestr("S01/c001/vdo.mp4", bytes(30 << 20))
        else:
            archive.writestr("../S01/c001/vdo.mp4" if kind == "outside" else "notes.txt", b"x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("link", "is a link"),
        ("bomb", "more than 200 times"),
        ("outside", "leads out of the archive"),
        ("empty", "city.zip holds no camera"),
    ],
)
def test_a_zip_that_is_no_scene_or_means_harm_is_refused(scene: Scene, kind: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        brought(scene, hostile(kind))
    made = SceneImport.objects.select_related("job").get()
    assert made.state == SceneImportState.REFUSED
    assert not unpacked_path(made.pk).exists()


def test_a_zip_that_is_larger_than_the_disk_has_room_for_is_refused(scene: Scene, folder: Path, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1 << 18
    with pytest.raises(UserError, match="are read at most"):
        brought(scene, packed(folder, {"S01/notes.txt": bytes(1 << 19)}))


def test_zips_one_after_the_other_do_not_fill_a_scene_beyond_its_limit(
    scene: Scene, folder: Path, settings: Any
) -> None:
    """Each fits when it is sent; a film that the scene has already takes no room."""
    first = brought(scene, packed(folder))
    longer = packed(folder, {"S01/c002/vdo.mp4": (folder / "S01" / "c001" / "vdo.mp4").read_bytes()})
    second = brought(scene, longer)
    sizes = [(folder / "S01" / name / "vdo.mp4").stat().st_size for name in ("c001", "c002")]
    settings.UPLOAD_SCENE_BYTES = sum(sizes) + sizes[0] - 1
    actor = scene.created_by
    assert actor is not None
    work(scene_import_apply(actor=actor, import_id=first.pk).job, import_scene)
    with pytest.raises(UserError, match="This scene may hold"):
        work(scene_import_apply(actor=actor, import_id=second.pk).job, import_scene)
    assert Video.objects.count() == 2
    settings.UPLOAD_SCENE_BYTES += 1
    work(scene_import_apply(actor=actor, import_id=second.pk).job, import_scene)
    assert Video.objects.count() == 3


def test_other_files_and_what_is_above_the_scene_do_no_harm(scene: Scene, folder: Path) -> None:
    extra = {"S01/c001/det/det_yolo.txt": b"1,-1,0,0,5,5,1\n", "cam_timestamp/S01.txt": b"c001 1.5\nc002 0\n"}
    content = packed(folder, extra, below="my data/AIC/train/")
    made = brought(scene, content)
    assert made.report is not None
    assert made.report["cameras"][0]["video"]["start_s"] == 1.5
    assert [line for line in made.report["left_out"] if "det_yolo" in line] == [
        "my data/AIC/train/S01/c001/det/det_yolo.txt: nothing here reads it"
    ]


def test_only_managers_see_and_touch_imports(scene: Scene, folder: Path) -> None:
    made = brought(scene, packed(folder))
    analyst, stranger = person("ann", Role.ANALYST), person("sam", Role.MANAGER)
    member_set(actor=None, scene=scene, username="ann", role=Role.ANALYST)
    for call in (scene_import_apply, scene_import_undo, scene_import_forget):
        with pytest.raises(Refused):
            call(actor=analyst, import_id=made.pk)
        with pytest.raises(NotFound):
            call(actor=stranger, import_id=made.pk)
    with pytest.raises(Refused):
        scene_import_list(user=analyst, scene=scene)


def test_a_zip_is_announced_without_a_camera(scene: Scene) -> None:
    for camera, name in (("c001", "a.zip"), ("", "a.mp4")):
        announced = Announced(camera, name, 4, purpose=UploadPurpose.SCENE)
        with pytest.raises(BadInput, match="A scene's folder comes as one"):
            upload_create(actor=scene.created_by, scene=scene, announced=announced)  # type: ignore[arg-type]


def test_old_zips_that_nobody_imported_make_room(
    scene: Scene, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = brought(scene, packed(folder))
        for _ in range(KEPT):
            brought(scene, packed(folder))
    assert not SceneImport.objects.filter(pk=first.pk).exists()
    assert not default_storage.exists(first.file)
    assert SceneImport.objects.count() == KEPT


def test_what_a_killed_job_unpacked_is_swept_away(scene: Scene) -> None:
    job = Job.objects.create(kind=JobKind.IMPORT_SCENE, queue="media", scene=scene)
    made = SceneImport.objects.create(scene=scene, file_name="a.zip", job=job)
    place = unpacked_path(made.pk)
    place.mkdir(parents=True)
    assert unpacked_tidy() == 0
    Job.objects.update(state=JobState.CANCELLED)
    assert unpacked_tidy() == 1
    assert not place.exists()
