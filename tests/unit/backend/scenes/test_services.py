from __future__ import annotations

import pytest

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role, scene_role
from backend.accounts.services import user_create
from backend.config.problems import BadInput, Conflict, NotFound, Refused
from backend.scenes.models import Calibration, CalibrationDirection, CameraLink, GroundUnit, Scene
from backend.scenes.services import (
    StaleVersion,
    calibration_set,
    camera_create,
    link_set,
    member_remove,
    member_set,
    scene_create,
    scene_update,
)
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return user_create(username="manager", password=PASSWORD, role=Role.MANAGER)


@pytest.fixture
def scene(manager: User) -> Scene:
    return scene_create(actor=manager, name="Road")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
def test_only_managers_make_scenes(role: Role) -> None:
    user = user_create(username="somebody", password=PASSWORD, role=role)
    with pytest.raises(Refused):
        scene_create(actor=user, name="Road")


@pytest.mark.parametrize(
    ("mine", "needed", "allowed"),
    [
        (Role.VIEWER, Role.VIEWER, True),
        (Role.VIEWER, Role.ANALYST, False),
        (Role.ANALYST, Role.ANALYST, True),
        (Role.ANALYST, Role.MANAGER, False),
        (Role.MANAGER, Role.ANALYST, True),
        (Role.MANAGER, Role.ADMIN, False),
    ],
)
def test_a_role_includes_the_ones_before_it(scene: Scene, mine: Role, needed: Role, allowed: bool) -> None:
    user = user_create(username="somebody", password=PASSWORD, role=Role.VIEWER)
    member_set(actor=None, scene=scene, username="somebody", role=mine)
    assert scene_role(user, scene) is mine
    if allowed:
        require_scene_role(user, scene, needed)
    else:
        with pytest.raises(Refused):
            require_scene_role(user, scene, needed)


def test_strangers_and_admins(scene: Scene) -> None:
    stranger = user_create(username="stranger", password=PASSWORD, role=Role.MANAGER)
    admin = user_create(username="admin", password=PASSWORD, role=Role.ADMIN)
    assert scene_role(stranger, scene) is None
    assert scene_role(admin, scene) is Role.ADMIN
    with pytest.raises(NotFound):
        require_scene_role(stranger, scene, Role.VIEWER)


def test_a_change_on_an_old_version_is_refused_and_changes_nothing(manager: User, scene: Scene) -> None:
    scene_update(actor=manager, scene_id=scene.pk, based_on=1, changes={"name": "First"})
    with pytest.raises(StaleVersion) as caught:
        scene_update(actor=manager, scene_id=scene.pk, based_on=1, changes={"name": "Second"})
    assert isinstance(caught.value.changed, Scene)
    assert caught.value.changed.name == "First"
    scene.refresh_from_db()
    assert (scene.name, scene.version) == ("First", 2)


def test_a_change_touches_only_what_may_be_edited(manager: User, scene: Scene) -> None:
    scene_update(actor=manager, scene_id=scene.pk, based_on=1, changes={"slug": "other", "description": "New"})
    scene.refresh_from_db()
    assert (scene.slug, scene.description) == ("road", "New")


def test_a_scene_keeps_a_manager(manager: User, scene: Scene) -> None:
    for demote in (
        lambda: member_set(actor=manager, scene=scene, username="manager", role=Role.VIEWER),
        lambda: member_remove(actor=manager, scene=scene, user_id=manager.pk),
    ):
        with pytest.raises(Conflict):
            demote()
    other = user_create(username="other", password=PASSWORD, role=Role.VIEWER)
    member_set(actor=manager, scene=scene, username="other", role=Role.MANAGER)
    member_set(actor=manager, scene=scene, username="manager", role=Role.VIEWER)
    assert [scene_role(user, scene) for user in (manager, other)] == [Role.VIEWER, Role.MANAGER]


def test_names_without_letters_still_get_slugs() -> None:
    assert [scene_create(actor=None, name="!!!").slug for _ in range(2)] == ["scene", "scene-2"]


@pytest.mark.parametrize(
    ("came", "stand"),
    [
        (["gate 10", "gate 2", "Gate 3"], ["gate 2", "Gate 3", "gate 10"]),
        (["c003", "c001", "c004", "c002"], ["c001", "c002", "c003", "c004"]),
        (["1", "a"], ["1", "a"]),
    ],
)
def test_cameras_that_come_in_any_order_stand_in_the_order_of_their_names(
    scene: Scene, came: list[str], stand: list[str]
) -> None:
    for name in came:
        camera_create(scene=scene, name=name)
    assert list(scene.cameras.values_list("name", flat=True)) == stand


def test_a_road_in_an_order_of_its_own_goes_on_at_its_end(scene: Scene) -> None:
    for position, name in enumerate(["c002", "c001"]):
        camera_create(scene=scene, name=name, position=position)
    assert camera_create(scene=scene, name="c000").position == 2


def test_setting_again_replaces(scene: Scene) -> None:
    first, second = camera_create(scene=scene, name="c001"), camera_create(scene=scene, name="c002")
    assert (first.position, second.position) == (0, 1)
    assert camera_create(scene=scene, name="c001", roi="roi.png").pk == first.pk
    moved = camera_create(scene=scene, name="c001", position=5)
    assert (moved.pk, moved.position, moved.roi) == (first.pk, 5, "roi.png")
    for maximum in (10.0, 20.0):
        link_set(source=first, target=second, min_s=-1.0, max_s=maximum)
        calibration_set(
            camera=first,
            homography=[maximum] * 9,
            direction=CalibrationDirection.IMAGE_TO_GROUND,
            unit=GroundUnit.DEGREES,
        )
    assert CameraLink.objects.get().max_s == 20.0
    assert Calibration.objects.get().homography == [20.0] * 9


def test_impossible_links_and_calibrations_are_refused(scene: Scene) -> None:
    first, second = camera_create(scene=scene, name="c001"), camera_create(scene=scene, name="c002")
    elsewhere = camera_create(scene=scene_create(actor=None, name="Elsewhere"), name="c001")
    with pytest.raises(BadInput):
        link_set(source=first, target=second, min_s=5.0, max_s=4.0)
    with pytest.raises(BadInput):
        link_set(source=first, target=first, min_s=0.0, max_s=4.0)
    with pytest.raises(BadInput):
        link_set(source=first, target=elsewhere, min_s=0.0, max_s=4.0)
    with pytest.raises(BadInput):
        calibration_set(
            camera=first, homography=[1.0] * 8, direction=CalibrationDirection.IMAGE_TO_GROUND, unit=GroundUnit.METRES
        )
