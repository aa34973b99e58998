"""A picture of the scene from above: read by a job, laid on the ground, with cameras on it; what a stale page does."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from backend.config.problems import BadInput, Conflict, NotFound, Refused
from backend.jobs.models import Job, JobKind, JobState
from backend.jobs.services import job_claim
from backend.scenes.models import CalibrationDirection, GroundUnit, Scene, ScenePlan
from backend.scenes.plan.selectors import plan_get, plan_shown
from backend.scenes.plan.services import Standing, plan_bring, plan_place, plan_remove
from backend.scenes.services import StaleVersion, calibration_set
from backend.scenes.setup.fitting import Pair
from backend.space.layout import scene_layout
from ml.datasets.calibration import read_calibration
from ml.types import UserError
from tests.scenes import DEMO
from tests.world import World
from workers import plan_picture
from workers.context import JobContext

pytestmark = pytest.mark.slow
# Half a metre a pixel, north up, the lower left corner of 200 x 100 pixels at 0, 0.
PAIRS = [Pair(pixel=[0, 100], place=[0, 0]), Pair(pixel=[200, 100], place=[100, 0])]


def drawn(size: tuple[int, int] = (200, 100), form: str = "PNG", **about: Any) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "green").save(made, form, **about)
    return made.getvalue()


def read(plan: ScenePlan) -> ScenePlan:
    """The plan after its job has run."""
    assert plan.job is not None
    claim = job_claim(job_id=plan.job.pk, worker="here")
    assert claim is not None
    try:
        plan_picture.run(JobContext(claim))
    except UserError as error:
        Job.objects.filter(pk=plan.job.pk).update(state=JobState.FAILED, problem=str(error))
    return ScenePlan.objects.select_related("scene", "job").get(pk=plan.pk)


@pytest.fixture
def plan(world: World) -> ScenePlan:
    """Read, and not placed yet: version 2."""
    return read(plan_bring(actor=world.people["manager"], scene_id=world.scene.pk, based_on=0, content=drawn()))


def placed(world: World, plan: ScenePlan, **change: Any) -> ScenePlan:
    wanted: dict[str, Any] = {"unit": GroundUnit.METRES, "pairs": PAIRS, "cameras": []} | change
    manager = world.people["manager"]
    return plan_place(actor=manager, scene_id=world.scene.pk, based_on=plan.version, **wanted)


def test_the_picture_is_made_anew_with_nothing_but_its_pixels(world: World) -> None:
    hidden = Image.Exif()
    hidden[0x010E] = "where I live"
    content = drawn((5000, 100), "JPEG", exif=hidden)
    assert b"where I live" in content
    plan = read(plan_bring(actor=world.people["manager"], scene_id=world.scene.pk, based_on=0, content=content))
    assert (plan.width, plan.height, plan.source) == (4096, 82, "")
    response = world.client("viewer").get(plan_shown(plan)["picture_url"])
    assert response["Content-Type"] == "image/png"
    assert b"where I live" not in response.content


def test_what_cannot_be_read_leaves_the_plan_as_it_was_and_says_why(world: World, plan: ScenePlan) -> None:
    manager = world.people["manager"]
    broken = drawn()[:60]
    after = read(plan_bring(actor=manager, scene_id=world.scene.pk, based_on=plan.version, content=broken))
    shown = plan_shown(after)
    assert "cannot be read" in shown["problem"]
    assert (shown["width"], shown["picture_url"], shown["is_working"]) == (200, plan_shown(plan)["picture_url"], False)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + bytes(10 << 20)])
def test_what_is_no_picture_or_too_large_is_refused_at_once(world: World, content: bytes) -> None:
    with pytest.raises(BadInput):
        plan_bring(actor=world.people["manager"], scene_id=world.scene.pk, based_on=0, content=content)
    assert not Job.objects.filter(kind=JobKind.PLAN_PICTURE).exists()


def test_a_placed_plan_and_its_cameras_are_on_the_map(world: World, plan: ScenePlan) -> None:
    """c001 is calibrated and stands where that says; c002 is not, and stands where people put it."""
    to_image = read_calibration(DEMO / "S01" / "c001" / "calibration.txt").homography.ravel().tolist()
    ground = {"direction": CalibrationDirection.GROUND_TO_IMAGE, "unit": GroundUnit.METRES}
    calibration_set(camera=world.cameras[0], homography=to_image, **ground)
    before = scene_layout(user=world.people["viewer"], scene_id=world.scene.pk)["cameras"][0]
    both = [Standing(camera=camera.pk, pixel=[50, 100 - 20]) for camera in world.cameras]
    placed(world, plan, cameras=both)
    layout = scene_layout(user=world.people["viewer"], scene_id=world.scene.pk)
    assert layout["plan"]["to_ground"] == pytest.approx([0.5, 0, 0, 0, -0.5, 50])
    seen = {each["camera"]: each for each in layout["cameras"]}
    assert seen[world.cameras[1].pk] == {
        "camera": world.cameras[1].pk, "place": [25.0, 10.0], "view": [], "is_calibrated": False,
    }  # fmt: skip
    assert before["is_calibrated"]
    assert before["place"] is not None
    assert seen[world.cameras[0].pk] == before


def test_places_in_degrees_give_the_scene_its_origin(world: World, plan: ScenePlan) -> None:
    pairs = [Pair(pixel=[0, 100], place=[48.1, 11.5]), Pair(pixel=[200, 100], place=[48.1, 11.501])]
    shown = plan_shown(placed(world, plan, unit=GroundUnit.DEGREES, pairs=pairs))
    scene = Scene.objects.get(pk=world.scene.pk)
    assert (scene.origin_latitude, scene.origin_longitude) == (48.1, 11.5005)
    # 0.001 degrees of longitude at 48.1 degrees north are 111.32 km / 1000 * cos 48.1 = 74.3 m (the ellipsoid: 74.5).
    assert shown["metres_per_pixel"] == pytest.approx(74.5 / 200, rel=0.005)
    north, east = shown["to_degrees"][2], shown["to_degrees"][5]
    assert (north, east) == (pytest.approx(48.1, abs=1e-3), pytest.approx(11.5, abs=1e-6))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"pairs": PAIRS[:1]}, "at least 2 points"),
        ({"pairs": [PAIRS[0], Pair(pixel=[201, 0], place=[1, 1])]}, "Point 2 lies outside of the plan of 200 x 100"),
        ({"pairs": [PAIRS[0], Pair(pixel=[200, 0], place=[1e5, 1])]}, "more than 20 km"),
        ({"cameras": [Standing(camera=10**9, pixel=[0, 0])]}, "one of the scene's"),
    ],
)
def test_a_placing_that_is_none_is_refused_and_keeps_nothing(
    world: World, plan: ScenePlan, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        placed(world, plan, **change)
    assert ScenePlan.objects.get().pairs == []


def test_a_picture_of_another_size_makes_points_and_cameras_void(world: World, plan: ScenePlan) -> None:
    manager = world.people["manager"]
    after = placed(world, plan)
    same = read(plan_bring(actor=manager, scene_id=world.scene.pk, based_on=after.version, content=drawn()))
    assert len(same.pairs) == 2
    other = drawn((300, 100))
    assert read(plan_bring(actor=manager, scene_id=world.scene.pk, based_on=same.version, content=other)).pairs == []


def test_the_second_to_save_is_told_and_a_plan_goes_with_its_files(
    world: World, plan: ScenePlan, django_capture_on_commit_callbacks: Any
) -> None:
    manager = world.people["manager"]
    placed(world, plan)
    with pytest.raises(StaleVersion, match="Somebody changed this plan: it is at version 3, yours is based on 2"):
        placed(world, plan)
    with django_capture_on_commit_callbacks(execute=True):
        plan_remove(actor=manager, scene_id=world.scene.pk, based_on=3)
    assert not default_storage.exists(plan.picture)
    with pytest.raises(NotFound):
        plan_remove(actor=manager, scene_id=world.scene.pk, based_on=4)
    with pytest.raises(Conflict, match="bring its picture first"):
        placed(world, plan_get(user=manager, scene_id=world.scene.pk))


def test_a_plan_after_one_that_was_taken_away_is_no_version_of_that(world: World, plan: ScenePlan) -> None:
    manager, client = world.people["manager"], world.client("manager")
    before = plan_shown(placed(world, plan))
    plan_remove(actor=manager, scene_id=world.scene.pk, based_on=before["version"])
    none = client.get(f"/api/v1/scenes/{world.scene.pk}/plan").json()
    assert (none["picture_url"], none["pairs"], none["width"]) == (None, [], None)
    with pytest.raises(NotFound):
        plan_remove(actor=manager, scene_id=world.scene.pk, based_on=none["version"])
    after = read(plan_bring(actor=manager, scene_id=world.scene.pk, based_on=none["version"], content=drawn()))
    shown = plan_shown(after)
    assert (shown["version"] > before["version"], shown["pairs"]) == (True, [])
    assert shown["picture_url"] != before["picture_url"]
    with pytest.raises(StaleVersion):
        placed(world, plan)


def test_a_picture_that_another_one_has_replaced_is_passed_over(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    manager = world.people["manager"]
    with django_capture_on_commit_callbacks(execute=True):
        first = plan_bring(actor=manager, scene_id=world.scene.pk, based_on=0, content=drawn((300, 100)))
        second = plan_bring(actor=manager, scene_id=world.scene.pk, based_on=1, content=drawn())
    assert read(first).source == second.source, "still to be read"
    assert read(second).width == 200
    lost = plan_bring(actor=manager, scene_id=world.scene.pk, based_on=3, content=drawn((300, 100)))
    default_storage.delete(lost.source)
    assert "bring it anew" in plan_shown(read(lost))["problem"]


def test_only_managers_bring_and_place_plans(world: World) -> None:
    for name, refusal in (("analyst", Refused), ("stranger", NotFound)):
        with pytest.raises(refusal):
            plan_bring(actor=world.people[name], scene_id=world.scene.pk, based_on=0, content=drawn())
