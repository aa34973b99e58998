"""Labels leave as files and come back: the same bytes again, as one operation, or refused with nothing changed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import connection

from backend.config.problems import BadInput, Conflict, Refused
from backend.identities.selectors import identity_numbers
from backend.jobs.models import Job, JobState
from backend.jobs.services import job_claim
from backend.labels import export_services, import_services
from backend.labels.export_services import label_export_create
from backend.labels.import_services import label_import_apply, label_import_create, label_import_write
from backend.labels.models import IdsMeaning, ImportState, LabelExport, LabelFormat, LabelImport
from backend.labels.selectors import label_export_file
from backend.labels.services import label_set_create
from backend.media.models import Video
from backend.media.storage import read_bytes
from backend.review.edits import Attributes, Boxes
from backend.review.models import Operation
from backend.review.services.decisions import operation_undo
from backend.review.services.tracklet_edits import tracklets_edit
from backend.scenes.models import Camera, Scene, SceneMembership
from backend.tracking.models import Run, RunState, Tracklet
from ml.types import UserError
from tests.unit.backend.review.town import Town, build_town
from workers import export_labels, import_labels
from workers.context import JobContext

pytestmark = pytest.mark.slow

READ = [LabelFormat.CITYFLOW, LabelFormat.MOT, LabelFormat.CVAT, LabelFormat.COCO, LabelFormat.DATUMARO]
MEANING = {LabelFormat.MOT: IdsMeaning.SCENE, LabelFormat.CITYFLOW: IdsMeaning.SCENE}


@pytest.fixture
def town(db: None) -> Town:
    """Its first vehicle is confirmed; one of its tracklets is red and has a gap."""
    town = build_town("constrained")
    town.say("ann", "a1 b1", "same")
    red = Attributes(town.tracklets["a1"].pk, colour="red", category=6)
    gap = Boxes(town.tracklets["b1"].pk, {54: None, 55: None})
    tracklets_edit(actor=town.people["ann"], scene=town.scene, run_id=town.run.pk, edits=[red, gap])
    return town


def work(job: Job | None, module: object) -> None:
    assert job is not None
    claim = job_claim(job_id=job.pk, worker="here")
    assert claim is not None
    module.run(JobContext(claim))  # type: ignore[attr-defined]


def exported(town: Town, scene: Scene, form: LabelFormat, **what: object) -> LabelExport:
    if not what:
        what = {"label_set": label_set_create(actor=town.people["ann"], scene=scene)}
    export = label_export_create(actor=town.people["ann"], scene=scene, format=form, **what)  # type: ignore[arg-type]
    work(export.job, export_labels)
    return label_export_file(user=town.people["ann"], export_id=export.pk)


def content_of(export: LabelExport) -> dict[str, bytes]:
    archive = ZipFile(io.BytesIO(read_bytes(export.file)))
    return {name: archive.read(name) for name in archive.namelist()}


def labels_of(export: LabelExport) -> dict[str, bytes]:
    return {name: text for name, text in content_of(export).items() if name.startswith("labels/")}


def brought(
    town: Town,
    scene: Scene,
    form: LabelFormat,
    content: bytes,
    *,
    ids: IdsMeaning = IdsMeaning.CAMERA,
    name: str = "a.zip",
) -> LabelImport:
    """A file that was sent and checked."""
    given = {"actor": town.people["ann"], "scene": scene, "format": form, "ids": ids, "file_name": name}
    label_import = label_import_create(**given, content=io.BytesIO(content))  # type: ignore[arg-type]
    work(label_import.job, import_labels)
    return LabelImport.objects.select_related("job", "scene", "operation").get(pk=label_import.pk)


def applied(town: Town, label_import: LabelImport) -> LabelImport:
    work(label_import_apply(actor=town.people["ann"], label_import=label_import).job, import_labels)
    return LabelImport.objects.select_related("job", "scene", "operation").get(pk=label_import.pk)


def empty_twin(town: Town) -> Scene:
    """A scene with the same cameras and videos, and nothing found in them."""
    scene = Scene.objects.create(slug="twin", name="Twin")
    SceneMembership.objects.create(scene=scene, user=town.people["ann"], role="analyst")
    for camera in town.scene.cameras.all():
        twin = Camera.objects.create(scene=scene, name=camera.name, position=camera.position)
        video = Video.objects.get(camera=camera)
        video.pk, video.camera = None, twin
        video.save()
    return scene


@pytest.mark.parametrize("form", READ)
def test_export_import_into_an_empty_scene_and_export_again_gives_the_same_bytes(town: Town, form: LabelFormat) -> None:
    first = exported(town, town.scene, form)
    twin = empty_twin(town)
    ids = MEANING.get(form, IdsMeaning.CAMERA)
    checked = brought(town, twin, form, read_bytes(first.file), ids=ids)
    assert (checked.state, twin.operations.count(), twin.runs.count()) == (ImportState.CHECKED, 0, 0)
    assert checked.report is not None
    assert checked.report["cameras"] == [
        {"camera": "A", "tracklets": 1, "boxes": 20, "replaced": 0},
        {"camera": "B", "tracklets": 1, "boxes": 18, "replaced": 0},
    ]
    assert (checked.report["identities"], checked.report["dropped"]) == (1, {})
    done = applied(town, checked)
    twin.refresh_from_db()
    assert (done.state, twin.operations.count()) == (ImportState.IMPORTED, 1)
    assert labels_of(exported(town, twin, form)) == labels_of(first)


def test_an_export_says_whence_it_is_and_its_checksums_hold(town: Town) -> None:
    export = exported(town, town.scene, LabelFormat.MOT)
    stored = read_bytes(export.file)
    assert (export.sha256, export.size) == (hashlib.sha256(stored).hexdigest(), len(stored))
    content = content_of(export)
    listed = dict(reversed(line.split("  ")) for line in content.pop("SHA256SUMS").decode().splitlines())
    assert listed == {name: hashlib.sha256(text).hexdigest() for name, text in content.items()}
    assert "label set: 1, sha256" in content["ABOUT.txt"].decode()
    assert content["ORIGINS.csv"].decode().splitlines()[1].endswith(",people,0")
    assert export.file_name == "town-labels1-mot.zip"


def test_a_run_is_exported_as_people_see_it(town: Town) -> None:
    export = exported(town, town.scene, LabelFormat.TRACK1, run=town.run)
    lines = content_of(export)["labels/track1.txt"].decode().splitlines()
    assert len(lines) == 9 * 20 - 2
    town.run.state = RunState.RUNNING
    with pytest.raises(Conflict, match="has not finished"):
        label_export_create(actor=town.people["ann"], scene=town.scene, format=LabelFormat.MOT, run=town.run)


def test_an_import_replaces_what_is_shown_there_and_is_undone_as_one(town: Town) -> None:
    before, shown = identity_numbers(run=town.run), set(Tracklet.objects.shown().values_list("pk", flat=True))
    given = read_bytes(exported(town, town.scene, LabelFormat.CVAT).file)
    done = applied(town, brought(town, town.scene, LabelFormat.CVAT, given))
    assert done.report is not None
    assert [each["replaced"] for each in done.report["cameras"]] == [1, 1]
    assert len(set(Tracklet.objects.shown().values_list("pk", flat=True))) == len(shown)
    assert done.operation is not None
    operation_undo(actor=town.people["ben"], operation=done.operation)
    assert set(Tracklet.objects.shown().values_list("pk", flat=True)) == shown
    assert identity_numbers(run=town.run) == before


def cvat(track: str = 'id="1" label="car"', frame: int = 5, box: str = 'xtl="1" ytl="2" xbr="30" ybr="40"') -> bytes:
    boxed = f'<box frame="{frame}" outside="0" {box}/>'
    return f"<annotations><track {track}>{boxed}</track></annotations>".encode()


@pytest.mark.parametrize(
    ("content", "name", "code", "reason"),
    [
        (cvat(frame=400), "A.xml", "frame-behind-end", "frame 400"),
        (cvat(), "Z.xml", "nothing-to-import", "it has Z"),
        (cvat(box='xtl="1" ytl="2" xbr="NaN" ybr="40"'), "A.xml", "malformed-file", "A.xml, line 1: xbr is 'NaN'"),
        (b"PK\x03\x04 cut off", "A.xml", "malformed-file", "not XML"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_nothing_is_changed(
    town: Town, content: bytes, name: str, code: str, reason: str
) -> None:
    before = (Operation.objects.count(), Tracklet.objects.count())
    with pytest.raises(UserError) as refused:
        brought(town, town.scene, LabelFormat.CVAT, content, name=name)
    assert (refused.value.code, reason in str(refused.value)) == (code, True)
    assert (Operation.objects.count(), Tracklet.objects.count()) == before


def test_parts_outside_of_the_picture_are_cut_off_and_listed(town: Town) -> None:
    outside = 'xtl="-10" ytl="-2" xbr="30" ybr="40"'
    checked = brought(town, town.scene, LabelFormat.CVAT, cvat(box=outside), name="A.xml")
    assert checked.report is not None
    assert checked.report["dropped"] == {"parts of boxes outside of the picture": 1}


def test_of_files_that_were_never_imported_the_newest_are_kept(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_services, "KEPT", 2)
    for _ in range(3):
        brought(town, town.scene, LabelFormat.CVAT, cvat(), name="A.xml")
    done = applied(town, brought(town, town.scene, LabelFormat.CVAT, cvat(), name="A.xml"))
    brought(town, town.scene, LabelFormat.CVAT, cvat(), name="A.xml")
    kept = list(LabelImport.objects.order_by("-id"))
    assert (len(kept), done in kept) == (3, True)


def test_a_run_without_anything_is_written_too(town: Town) -> None:
    town.scene.current_run = None
    town.scene.save()
    empty = Run.objects.create(scene=town.scene, number=9, preset="test", config={}, state=RunState.SUCCEEDED)
    assert content_of(exported(town, town.scene, LabelFormat.TRACK1, run=empty))["labels/track1.txt"] == b""


def test_one_vehicle_twice_at_one_time_is_refused(town: Town) -> None:
    twice = cvat().replace(b"</annotations>", b"") + cvat('id="2" label="car"').replace(b"<annotations>", b"")
    same = twice.replace(b"/></track>", b'><attribute name="identity_id">7</attribute></box></track>')
    with pytest.raises(UserError, match="Vehicle 7 is twice at one time in camera A: tracks 1 and 2"):
        brought(town, town.scene, LabelFormat.CVAT, same, name="A.xml")


def named(number: int, frames: Sequence[int], identity: int) -> str:
    boxes = "".join(
        f'<box frame="{frame}" outside="0" xtl="1" ytl="2" xbr="30" ybr="40">'
        f'<attribute name="identity_id">{identity}</attribute></box>'
        for frame in frames
    )
    return f'<track id="{number}" label="car">{boxes}</track>'


def test_one_vehicle_twice_is_refused_though_another_camera_saw_it_in_between(town: Town) -> None:
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("A.xml", f"<annotations>{named(1, [0, 20], 7)}{named(2, [10], 7)}</annotations>")
        archive.writestr("B.xml", f"<annotations>{named(1, [5], 7)}</annotations>")
    with pytest.raises(UserError, match="Vehicle 7 is twice at one time in camera A: tracks 1 and 2"):
        brought(town, town.scene, LabelFormat.CVAT, made.getvalue())


def test_numbers_that_leave_no_room_for_new_ones_are_given_anew(town: Town) -> None:
    largest = 2**31 - 1
    given = f"<annotations>{named(largest, [5], largest)}</annotations>".encode()
    done = applied(town, brought(town, empty_twin(town), LabelFormat.CVAT, given, name="A.xml"))
    assert done.report is not None
    assert (done.state, done.report["renumbered"]) == (ImportState.IMPORTED, 1)
    assert Tracklet.objects.get(run__scene=done.scene).number == 1


def test_a_job_that_is_tried_again_does_not_import_a_second_time(town: Town) -> None:
    checked = brought(town, town.scene, LabelFormat.CVAT, cvat(), name="A.xml")
    done = applied(town, checked)
    with pytest.raises(Conflict, match="imported already"):
        label_import_write(label_import=done, actor=town.people["ann"], edits=[], report={})


def test_a_report_lists_what_is_dropped_most_and_sums_up_the_rest(town: Town) -> None:
    attributes = "".join(f'<attribute name="{number}">1</attribute>' for number in range(60))
    given = cvat().replace(b"/></track>", f">{attributes}</box></track>".encode())
    checked = brought(town, town.scene, LabelFormat.CVAT, given, name="A.xml")
    assert checked.report is not None
    assert (len(checked.report["dropped"]), checked.report["dropped"]["of other kinds"]) == (51, 10)


def test_exports_that_failed_go_with_the_oldest(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_services, "KEPT", 1)
    given = {"actor": town.people["ann"], "scene": town.scene, "format": LabelFormat.MOT, "run": town.run}
    failed, waiting, newest = (label_export_create(**given) for _ in range(3))  # type: ignore[arg-type]
    assert LabelExport.objects.count() == 3  # all are under way
    Job.objects.filter(pk=failed.job_id).update(state=JobState.FAILED)
    last = label_export_create(**given)  # type: ignore[arg-type]
    assert set(LabelExport.objects.all()) == {waiting, newest, last}


def test_a_zip_that_leads_elsewhere_is_refused_by_the_name_it_came_with(town: Town, tmp_path: Path) -> None:
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("../A.xml", cvat())
    with pytest.raises(UserError, match=r"'\.\./A\.xml' leads out"):
        brought(town, town.scene, LabelFormat.CVAT, made.getvalue())
    with pytest.raises(UserError, match=r"gt\.txt is no zip"):
        brought(town, town.scene, LabelFormat.MOT, b"1,1,0,0,5,5,1", name="gt.txt")


def test_only_what_was_checked_is_imported_and_only_once_and_only_by_analysts(town: Town) -> None:
    checked = brought(town, town.scene, LabelFormat.CVAT, cvat(), name="A.xml")
    with pytest.raises(Refused):
        label_import_apply(actor=town.people["vic"], label_import=checked)
    done = applied(town, checked)
    with pytest.raises(Conflict, match="imported"):
        label_import_apply(actor=town.people["ann"], label_import=done)
    with pytest.raises(BadInput, match="empty"):
        brought(town, town.scene, LabelFormat.CVAT, b"")
    with pytest.raises(Refused):
        label_export_create(actor=town.people["vic"], scene=town.scene, format=LabelFormat.MOT, run=town.run)
    with pytest.raises(BadInput, match="one of the two"):
        label_export_create(actor=town.people["ann"], scene=town.scene, format=LabelFormat.MOT)


def test_no_transaction_waits_for_the_file_of_an_import(town: Town) -> None:
    class Body(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            depths.append(len(connection.savepoint_ids))
            return super().read(size)

    depths: list[int] = []
    before = len(connection.savepoint_ids)
    about = {"format": LabelFormat.CVAT, "ids": IdsMeaning.SCENE, "file_name": "a.xml"}
    label_import_create(actor=town.people["ann"], scene=town.scene, content=Body(b"<a/>"), **about)  # type: ignore[arg-type]
    assert set(depths) == {before}
