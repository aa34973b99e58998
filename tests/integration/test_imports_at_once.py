"""A zip that somebody imports is not cleaned away by one that comes in at the same moment, nor the other way round.

What somebody sets up while an import runs, or is taken back, is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection, transaction

from backend.accounts.models import Role, User
from backend.config.problems import Conflict, NotFound
from backend.labels import import_services
from backend.labels.import_services import label_import_apply, label_import_create
from backend.labels.models import IdsMeaning, LabelFormat, LabelImport
from backend.scenes.models import Camera, Scene
from backend.scenes.services import camera_create, camera_setup_changed, scene_create
from backend.uploads.models import SceneImport, SceneImportState, Upload, UploadPurpose
from backend.uploads.scene_imports import KEPT, scene_import_apply, scene_import_create
from backend.uploads.taking_back import Made, made_take_back
from ml.datasets.roi import write_roi
from tests.services import wait_for
from tests.unit.ml.video.clips import write_clip
from tests.world import person
from workers.scene_import import Stated, scene_import

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager() -> User:
    return person("manager", Role.MANAGER)


@pytest.fixture
def scene(manager: User) -> Scene:
    return scene_create(actor=manager, name="Road")


@pytest.fixture
def oldest(scene: Scene) -> SceneImport:
    """The first of as many checked zips as a scene keeps: the next one to come in pushes it out."""
    checked = [
        SceneImport.objects.create(scene=scene, file_name=f"{place}.zip", file=f"{place}.zip", report={"problems": []})
        for place in range(KEPT)
    ]
    return checked[0]


def beside(change: Callable[[], Any], *, waits_for: Callable[[], Any]) -> Future[Any]:
    """`change` is asked for by another connection while a transaction holds what `waits_for` did; both then end."""

    def asked() -> Any:
        try:
            return change()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            waits_for()
            answer = threads.submit(asked)
            wait_for(_somebody_waits, seconds=60, what="the other connection to wait for a lock")
        return answer


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_clear_snapshot()")  # a transaction sees others as they were when it first looked
        cursor.execute(
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        )
        return bool(cursor.fetchone() != (0,))


def come_in(scene: Scene, manager: User) -> SceneImport:
    upload = Upload.objects.create(
        scene=scene, purpose=UploadPurpose.SCENE, file_name="new.zip", size=1, created_by=manager,
        expires_at="2030-01-01T00:00:00Z",
    )  # fmt: skip
    return scene_import_create(upload=upload, file="new.zip")


def test_a_zip_that_is_imported_at_this_moment_stays_when_another_comes_in(
    scene: Scene, manager: User, oldest: SceneImport
) -> None:
    beside(
        lambda: come_in(scene, manager), waits_for=lambda: scene_import_apply(actor=manager, import_id=oldest.pk)
    ).result(timeout=60)
    assert SceneImport.objects.get(pk=oldest.pk).state == SceneImportState.WORKING
    assert SceneImport.objects.count() == KEPT + 1


def test_a_zip_that_has_just_gone_is_not_found(scene: Scene, manager: User, oldest: SceneImport) -> None:
    answer = beside(
        lambda: scene_import_apply(actor=manager, import_id=oldest.pk), waits_for=lambda: come_in(scene, manager)
    )
    with pytest.raises(NotFound):
        answer.result(timeout=60)


def test_labels_that_are_imported_at_this_moment_stay_when_others_come_in(
    scene: Scene, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_services, "KEPT", 1)
    given = {"scene": scene, "format": LabelFormat.CVAT, "ids": IdsMeaning.SCENE, "file_name": "a.xml"}
    old = LabelImport.objects.create(created_by=manager, file="a", report={}, **given)
    beside(
        lambda: label_import_create(actor=manager, content=BytesIO(b"<annotations/>"), **given),  # type: ignore[arg-type]  # mixed
        waits_for=lambda: label_import_apply(actor=manager, label_import=old),
    ).result(timeout=60)
    assert LabelImport.objects.filter(pk=old.pk).exists()


def draw(camera: Camera) -> None:
    Camera.objects.filter(pk=camera.pk).update(roi="drawn.png")
    camera_setup_changed(camera=Camera.objects.get(pk=camera.pk))


def test_a_region_that_is_drawn_at_this_moment_is_not_overwritten_by_an_import(
    scene: Scene, manager: User, tmp_path: Path
) -> None:
    camera = camera_create(scene=scene, name="c001")
    folder = tmp_path / "Road" / "c001"
    folder.mkdir(parents=True)
    write_clip(folder / "vdo.mp4", times_ms=range(0, 500, 100))
    write_roi(folder, np.ones((120, 160), np.bool_))
    given = {"path": tmp_path / "Road", "name": "Road", "owner": manager, "stated": Stated(), "tell": print}
    beside(lambda: scene_import(**given), waits_for=lambda: draw(camera)).result(timeout=60)  # type: ignore[arg-type]  # mixed
    after = Camera.objects.get(pk=camera.pk)
    assert (after.roi, after.version) == ("drawn.png", camera.version + 1)
    assert after.videos.count() == 1


def test_what_is_set_up_at_this_moment_is_not_taken_back_with_an_import(scene: Scene) -> None:
    camera = camera_create(scene=scene, name="c001")
    made = Made(regions=[camera.pk], versions={str(camera.pk): camera.version})
    take_back = transaction.atomic(lambda: made_take_back(scene=scene, made=made))
    with pytest.raises(Conflict, match="set up c001 since"):
        beside(take_back, waits_for=lambda: draw(camera)).result(timeout=60)
    assert Camera.objects.get(pk=camera.pk).roi == "drawn.png"
