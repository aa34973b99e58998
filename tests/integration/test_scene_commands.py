"""Scenes in and out by command: nothing lost, nothing done twice, and the web's figures are the library's."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from backend.accounts.models import Role
from backend.accounts.services import user_create
from backend.identities.models import IdentityMember
from backend.jobs.models import Job, JobKind, JobState
from backend.jobs.selectors import jobs_ready
from backend.jobs.services import job_claim
from backend.media.models import GroundTruthTrack, Video, VideoState
from backend.review.models import Anchor
from backend.scenes.models import Calibration, Camera, CameraLink, Scene
from backend.tracking.arrays import pack_floats, pack_frames, pack_times, unpack_frames
from backend.tracking.models import Run, RunState, Tracklet
from backend.tracking.services import run_create
from ml.config import load_preset
from ml.datasets.calibration import read_calibration, write_calibration
from ml.datasets.links import write_links
from ml.datasets.scene import read_scene
from ml.pipeline.cache import StageCache
from ml.pipeline.run import run_scene
from ml.types import CameraLink as Link
from tests.geodesy import DUBUQUE, in_degrees, unstated
from tests.processes import Worker, ended_after
from tests.scenes import DEMO, short_scene
from tests.unit.ml.video.clips import write_clip
from workers.execution import execute

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene of two cameras and six seconds, with ground truth and links."""
    root = short_scene(tmp_path_factory.mktemp("scene"))
    write_links(root / "S01" / "links.yaml", [Link("c001", "c002", -20.0, 20.0)])
    return root


def command(verb: str, /, *arguments: object, **options: Any) -> str:
    """What the command prints."""
    out = StringIO()
    call_command(verb, *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def do_jobs() -> None:
    """All that is queued, in this process, in the order that the jobs' dependencies allow."""
    while (job := jobs_ready().order_by("pk").first()) is not None:
        claim = job_claim(job_id=job.pk, worker="test")
        assert claim is not None
        execute(claim)


def rows() -> list[int]:
    kinds = (Scene, Camera, Calibration, CameraLink, Video, GroundTruthTrack, Job)
    return [kind.objects.count() for kind in kinds]


@pytest.mark.django_db
def test_an_import_registers_all_that_the_folder_holds(folder: Path) -> None:
    user_create(username="mia", password="correct horse battery", role=Role.MANAGER)
    said = command("import_scene", folder, name="North Road", owner="mia")
    scene = Scene.objects.get(slug="north-road")
    assert scene.created_by is not None
    assert scene.created_by.username == "mia"
    assert [camera.name for camera in scene.cameras.all()] == ["c001", "c002"]
    assert all(camera.roi for camera in scene.cameras.all())
    calibration = Calibration.objects.get(camera__name="c001")
    assert (calibration.direction, calibration.unit) == ("ground-to-image", "metres")
    link = CameraLink.objects.get()
    assert (link.source.name, link.target.name, link.min_s, link.max_s) == ("c001", "c002", -20.0, 20.0)
    assert GroundTruthTrack.objects.count() == _truth_count(folder)
    assert [job.kind for job in Job.objects.all()] == [JobKind.INGEST] * 2
    assert "left out" not in said
    assert "not imported: extrinsic matrix of c001" in said


def _truth_count(folder: Path) -> int:
    truths = [camera.ground_truth() for camera in read_scene(folder).cameras]
    return sum(len(truth.tracklets()) for truth in truths if truth is not None)


@pytest.mark.django_db
def test_importing_again_changes_nothing_and_says_so(folder: Path) -> None:
    command("import_scene", folder)
    before = rows()
    said = command("import_scene", folder)
    assert rows() == before
    assert said == "scene s01 with 2 cameras was there already; nothing changed\n"


@pytest.mark.django_db
def test_an_import_that_was_cut_short_is_completed(folder: Path) -> None:
    command("import_scene", folder)
    whole = rows()
    Camera.objects.get(name="c002").delete()
    GroundTruthTrack.objects.filter(video__camera__name="c001").delete()
    said = command("import_scene", folder)
    assert rows() == whole
    assert "c002 video vdo.mp4" in said
    assert "c001 ground truth" in said
    assert "c001 video" not in said


@pytest.mark.django_db
def test_a_malformed_file_stops_the_import_before_it_begins(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "broken")
    truth = tmp_path / "broken" / "S01" / "c002" / "gt" / "gt.txt"
    truth.write_text(truth.read_text() + "12,seven,1,1,5,5,1\n")
    with pytest.raises(CommandError, match=r"gt\.txt, line \d+: id is 'seven'") as caught:
        command("import_scene", tmp_path / "broken")
    assert caught.value.returncode == 2
    assert rows() == [0] * 7


@pytest.mark.django_db
def test_a_camera_s_folder_has_a_name_that_people_may_give(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    (tmp_path / "copy" / "S01" / "links.yaml").unlink()
    (tmp_path / "copy" / "S01" / "c002").rename(tmp_path / "copy" / "S01" / "c002=north")
    with pytest.raises(CommandError, match="Rename the folder 'c002=north'"):
        command("import_scene", tmp_path / "copy")
    assert not Scene.objects.exists()


@pytest.mark.django_db
def test_a_calibration_that_states_nothing_is_stored_only_when_a_person_states_it(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "bare")
    for camera in ("c001", "c002"):
        path = tmp_path / "bare" / "S01" / camera / "calibration.txt"
        path.write_text("1 0 0;0 1 0;0 0 1\n")
    said = command("import_scene", tmp_path / "bare")
    assert "not imported: calibration of c001: the file does not say its direction and unit" in said
    assert Calibration.objects.count() == 0
    command("import_scene", tmp_path / "bare", direction="image-to-ground", unit="degrees")
    assert [(row.direction, row.unit) for row in Calibration.objects.all()] == [("image-to-ground", "degrees")] * 2


@pytest.mark.django_db
def test_bare_homographies_from_degrees_are_recognised_and_the_scene_keeps_their_origin(
    folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "bare")
    for path in (tmp_path / "bare").rglob("calibration.txt"):
        write_calibration(path, unstated(in_degrees(read_calibration(DEMO / "S01" / "c001" / "calibration.txt"))))

    said = command("import_scene", tmp_path / "bare")

    assert "taken for latitude and longitude, ground to image" in said
    assert {(row.direction, row.unit) for row in Calibration.objects.all()} == {("ground-to-image", "degrees")}
    scene = Scene.objects.get()
    assert scene.origin_latitude == pytest.approx(DUBUQUE.latitude, abs=0.01)
    assert scene.origin_longitude == pytest.approx(DUBUQUE.longitude, abs=0.01)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("import_scene", ["nowhere"], "nowhere does not exist"),
        ("export_scene", ["nowhere", "out"], "There is no scene 'nowhere'; there are: none yet"),
        ("run_scene", ["nowhere"], "There is no scene 'nowhere'"),
    ],
)
def test_a_mistake_is_one_sentence(name: str, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as caught:
        command(name, *arguments)
    assert caught.value.returncode == 2


@pytest.mark.django_db
def test_a_run_of_the_web_is_a_run_of_the_library(folder: Path, tmp_path: Path) -> None:
    command("import_scene", folder)
    command("run_scene", "s01")
    do_jobs()
    run = Run.objects.get()
    assert (run.state, run.problem) == (RunState.SUCCEEDED, "")
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.SUCCEEDED}
    assert set(run.models_used) == {"detect", "embed"}
    assert Tracklet.objects.count() > 10
    said = command("export_scene", "s01", tmp_path / "out")
    assert "with run 1" in said

    done = run_scene(
        read_scene(folder),
        tmp_path / "library",
        config=load_preset("cpu-light"),
        cache=StageCache(settings.STAGE_CACHE_DIR),
    )
    assert run.score == done.report["score"]
    assert (tmp_path / "out" / "track1.txt").read_bytes() == (tmp_path / "library" / "track1.txt").read_bytes()
    for camera in ("c001", "c002"):
        exported = tmp_path / "out" / "s01" / camera / "mtsc" / "mtsc_crosstrack.txt"
        assert exported.read_bytes() == (tmp_path / "library" / "mtsc" / f"{camera}.txt").read_bytes()


@pytest.mark.django_db
def test_identities_keep_their_numbers_in_a_second_run(folder: Path) -> None:
    command("import_scene", folder)
    scene = Scene.objects.get()
    numbers = []
    for _ in range(2):
        run = run_create(actor=None, scene=scene, preset="cpu-light")
        do_jobs()
        scene.refresh_from_db()
        assert scene.current_run == run
        members = IdentityMember.objects.filter(run=run).select_related("identity", "tracklet")
        numbers.append({(m.tracklet.video_id, m.tracklet.number): m.identity.number for m in members})
    assert numbers[0] == numbers[1]


@pytest.mark.django_db
def test_export_import_export_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    command("import_scene", folder)
    do_jobs()
    command("export_scene", "s01", tmp_path / "first")
    Scene.objects.all().delete()
    command("import_scene", tmp_path / "first")
    do_jobs()
    command("export_scene", "s01", tmp_path / "second")
    assert _content(tmp_path / "second") == _content(tmp_path / "first")
    assert {"s01/c001/gt/gt.txt", "s01/links.yaml", "cam_timestamp/s01.txt"} <= set(_content(tmp_path / "first"))


def _content(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.django_db
def test_an_export_never_mixes_with_what_is_there(folder: Path) -> None:
    command("import_scene", folder)
    with pytest.raises(CommandError, match="is not empty: name a new folder"):
        command("export_scene", "s01", folder)


def text_file(path: Path) -> None:
    path.write_text("this is no video\n" * 100)


def no_bytes(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "code"), [(text_file, "video-unreadable"), (no_bytes, "video-empty")], ids=["text", "empty"]
)
def test_an_unusable_video_ends_in_a_failed_job_with_a_reason(
    tmp_path: Path, make: Callable[[Path], None], code: str
) -> None:
    make(tmp_path / "crossing.mp4")
    command("import_scene", tmp_path / "crossing.mp4")
    do_jobs()
    job, video = Job.objects.get(), Video.objects.get()
    assert (job.state, job.problem_code) == (JobState.FAILED, code)
    assert video.state == VideoState.FAILED
    assert job.problem.startswith("crossing.mp4: ")
    assert video.problem == job.problem


@pytest.mark.django_db
def test_a_video_of_an_older_version_is_read_anew_and_then_runs(tmp_path: Path) -> None:
    write_clip(tmp_path / "crossing.mp4")
    command("import_scene", tmp_path / "crossing.mp4")
    do_jobs()
    Video.objects.update(frame_times=pack_times(np.delete(np.arange(30), 3) / 10), frame_count=29)
    video = Video.objects.get()
    anchor = Anchor.objects.create(
        camera=video.camera, video=video, first_frame=2, last_frame=4, frames=pack_frames([2, 3, 4]),
        boxes=pack_floats(np.ones((3, 4))),
    )  # fmt: skip
    command("run_scene", "crossing")
    do_jobs()
    assert "`manage.py reingest crossing` reads it anew" in Run.objects.get().problem
    assert "crossing.mp4 is read anew" in command("reingest", "crossing")
    command("run_scene", "crossing")
    do_jobs()
    assert Video.objects.get().frame_count == 30
    assert Run.objects.latest("number").state == RunState.SUCCEEDED
    assert "nothing changed" in command("reingest", "crossing")
    anchor.refresh_from_db()
    assert unpack_frames(anchor.frames).tolist() == [2, 4, 5]  # a verdict's pictures, as they are numbered now


@pytest.mark.django_db(transaction=True)
def test_workers_do_a_run_and_the_command_waits_for_it(broker: str, folder: Path, tmp_path: Path) -> None:
    command("import_scene", folder)
    worker = Worker("pipeline", tmp_path / "worker.log", CROSSTRACK_JOB_HANDLERS="{}")
    with ended_after(worker):
        said = command("run_scene", "s01", "--wait")
    run = Run.objects.get()
    assert run.state == RunState.SUCCEEDED
    assert run.score is not None
    assert f"IDF1 {run.score['idf1']:.6f}" in said


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.django_db
def test_the_benchmark_city_scores_the_same_in_the_web(shared_data: Path, tmp_path: Path) -> None:
    city = shared_data / "city_a"
    cache = StageCache(settings.STAGE_CACHE_DIR)
    done = run_scene(read_scene(city), tmp_path / "library", config=load_preset("cpu-light"), cache=cache)
    command("import_scene", city, name="City A")
    command("run_scene", "city-a")
    do_jobs()
    run = Run.objects.get()
    assert (run.state, run.problem) == (RunState.SUCCEEDED, "")
    assert run.score == done.report["score"]
