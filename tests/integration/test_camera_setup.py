"""What managers set up: regions, calibrations by points, links; who may, and what a stale page does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage

from backend.config.problems import BadInput, Conflict, NotFound, Refused
from backend.media.storage import read_bytes
from backend.scenes.models import CalibrationDirection, Camera, GroundUnit, LinkOrigin
from backend.scenes.services import StaleVersion, calibration_set, camera_create
from backend.scenes.setup.fitting import Pair
from backend.scenes.setup.learned import learned_links
from backend.scenes.setup.selectors import camera_setup
from backend.scenes.setup.services import (
    Link,
    calibration_by_points,
    calibration_remove,
    links_replace,
    region_set,
)
from backend.space.ground import metres_to_degrees
from backend.space.layout import ground_planes
from backend.tracking.models import Tracklet
from backend.tracking.services import CandidateRow, candidates_replace, tracklets_replace
from ml.datasets.ground import in_metres
from tests.world import World, tracklet_row
from workers.ground import calibration_of, ground_origin
from workers.stages import camera_roi

pytestmark = pytest.mark.django_db
LEFT_HALF = [[0.0, 0.0], [480.0, 0.0], [480.0, 540.0], [0.0, 540.0]]
# 10 pixels a metre, the picture's top in the north, (0, 0) in its middle.
PLACES = np.array([[-40.0, -20], [40, -20], [40, 20], [-40, 20]])
PIXELS = np.array([480.0, 270]) + PLACES * [10, -10]
PAIRS = [Pair(pixel=pixel, place=place) for pixel, place in zip(PIXELS.tolist(), PLACES.tolist(), strict=True)]


@pytest.fixture
def camera(world: World) -> Camera:
    """c002: nothing is set up."""
    return world.cameras[1]


def test_a_drawn_region_is_the_mask_that_runs_use(world: World, camera: Camera) -> None:
    changed = region_set(
        actor=world.people["manager"],
        camera_id=camera.pk,
        based_on=1,
        polygons=[LEFT_HALF, [[600, 0], [700, 0], [600, 100]]],
    )
    mask = camera_roi(changed)
    assert mask is not None
    assert mask[:, :480].all()
    assert mask[10, 620]
    assert not mask[300:, 480:].any()
    shown = camera_setup(user=world.people["viewer"], camera_id=camera.pk)
    assert (shown["version"], shown["polygons"][0]) == (2, LEFT_HALF)


def test_taking_the_region_away_leaves_no_file_behind(
    world: World, camera: Camera, django_capture_on_commit_callbacks: Any
) -> None:
    manager = world.people["manager"]
    name = region_set(actor=manager, camera_id=camera.pk, based_on=1, polygons=[LEFT_HALF]).roi
    assert read_bytes(name).startswith(b"\x89PNG")
    with django_capture_on_commit_callbacks(execute=True):
        changed = region_set(actor=manager, camera_id=camera.pk, based_on=2, polygons=[])
    assert (changed.roi, changed.roi_polygons, changed.version) == ("", None, 3)
    assert not default_storage.exists(name)


def test_a_job_that_read_the_camera_before_somebody_drew_uses_the_new_region(
    world: World, camera: Camera, django_capture_on_commit_callbacks: Any
) -> None:
    manager = world.people["manager"]
    stale = region_set(actor=manager, camera_id=camera.pk, based_on=1, polygons=[LEFT_HALF])
    with django_capture_on_commit_callbacks(execute=True):
        region_set(actor=manager, camera_id=camera.pk, based_on=2, polygons=[[[0, 0], [100, 0], [100, 100]]])
    mask = camera_roi(stale)
    assert mask is not None
    assert not mask[:, 480:].any()
    assert mask.sum() < 10_000
    default_storage.delete(stale.roi)
    with pytest.raises(FileNotFoundError):
        camera_roi(stale)


def test_a_region_that_is_none_is_refused_by_number(world: World, camera: Camera) -> None:
    crossed = [LEFT_HALF[index] for index in (0, 1, 3, 2)]
    with pytest.raises(BadInput, match="Region 2 crosses itself"):
        region_set(actor=world.people["manager"], camera_id=camera.pk, based_on=1, polygons=[LEFT_HALF, crossed])


def test_a_camera_without_a_video_has_no_picture_to_draw_on(world: World) -> None:
    bare = camera_create(scene=world.scene, name="c003")
    with pytest.raises(Conflict, match="no video that was read"):
        region_set(actor=world.people["manager"], camera_id=bare.pk, based_on=1, polygons=[LEFT_HALF])


def test_clicked_metres_are_what_a_file_would_say(world: World, camera: Camera) -> None:
    calibration_by_points(
        actor=world.people["manager"], camera_id=camera.pk, based_on=1, unit=GroundUnit.METRES, pairs=PAIRS
    )
    camera = Camera.objects.get(pk=camera.pk)
    read = calibration_of(camera)
    assert read is not None
    assert (read.direction, read.unit) == ("ground-to-image", "metres")
    seen = np.array([[10.0, 5, 1]]) @ read.homography.T
    np.testing.assert_allclose(seen[0, :2] / seen[0, 2], [580, 220], atol=1e-6)
    assert read.reprojection_error == pytest.approx(0, abs=1e-6)
    assert camera_setup(user=world.people["viewer"], camera_id=camera.pk)["calibration"]["pairs"] == PAIRS


def test_clicked_degrees_put_the_camera_on_the_globe(world: World, camera: Camera) -> None:
    """Of a scene that knew no place on it: the middle of the points is its origin from then on."""
    degrees = (np.column_stack((PLACES, np.ones(4))) @ metres_to_degrees(48.1, 11.5).T)[:, :2]
    pairs = [Pair(pixel=pixel, place=place) for pixel, place in zip(PIXELS.tolist(), degrees.tolist(), strict=True)]
    calibration_by_points(
        actor=world.people["manager"], camera_id=camera.pk, based_on=1, unit=GroundUnit.DEGREES, pairs=pairs
    )
    camera = Camera.objects.select_related("scene").get(pk=camera.pk)
    assert (camera.scene.origin_latitude, camera.scene.origin_longitude) == (48.1, 11.5)
    read, origin = calibration_of(camera), ground_origin(camera.scene)
    assert read is not None
    assert origin is not None
    assert read.unit == "degrees"
    seen = np.array([[10.0, 5, 1]]) @ in_metres(read, origin).homography.T
    np.testing.assert_allclose(seen[0, :2] / seen[0, 2], [580, 220], atol=1e-3)
    assert camera.pk in ground_planes(scene=camera.scene)


def test_a_known_lens_is_taken_out_of_the_clicks_and_kept(world: World, camera: Camera) -> None:
    lens = [800.0, 0, 480, 0, 800, 270, 0, 0, 1]
    values = {"direction": CalibrationDirection.GROUND_TO_IMAGE, "unit": GroundUnit.METRES}
    calibration_set(camera=camera, homography=np.eye(3).ravel(), intrinsics=lens, distortion=[-0.2], **values)
    changed = calibration_by_points(
        actor=world.people["manager"], camera_id=camera.pk, based_on=1, unit=GroundUnit.METRES, pairs=PAIRS
    )
    read = calibration_of(Camera.objects.get(pk=changed.pk))
    assert read is not None
    assert read.intrinsic is not None
    assert read.distortion is not None
    assert read.intrinsic.ravel().tolist() == lens
    corner = np.array([40.0, 20, 1]) @ read.homography.T
    assert np.hypot(*(corner[:2] / corner[2] - [480, 270])) > 447.3  # 447.2 px from the middle as seen, further without


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        (PAIRS[:3], "at least 4 pairs"),
        ([*PAIRS[:3], Pair(pixel=[961, 10], place=[1, 1])], "Point 4 lies outside of the picture of 960 x 540"),
        ([*PAIRS[:3], PAIRS[0]], "Points 1 and 4 are the same"),
    ],
)
def test_pairs_that_are_no_calibration_change_nothing(
    world: World, camera: Camera, pairs: list[Pair], reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        calibration_by_points(
            actor=world.people["manager"], camera_id=camera.pk, based_on=1, unit=GroundUnit.METRES, pairs=pairs
        )
    assert camera_setup(user=world.people["viewer"], camera_id=camera.pk)["calibration"] is None


def test_a_calibration_can_be_taken_away(world: World) -> None:
    changed = calibration_remove(actor=world.people["manager"], camera_id=world.cameras[0].pk, based_on=1)
    assert camera_setup(user=world.people["viewer"], camera_id=changed.pk)["calibration"] is None
    assert changed.version == 2


def test_a_page_that_is_behind_changes_nothing(world: World, camera: Camera) -> None:
    manager = world.people["manager"]
    region_set(actor=manager, camera_id=camera.pk, based_on=1, polygons=[LEFT_HALF])
    with pytest.raises(StaleVersion):
        region_set(actor=manager, camera_id=camera.pk, based_on=1, polygons=[])
    with pytest.raises(StaleVersion):
        calibration_by_points(actor=manager, camera_id=camera.pk, based_on=1, unit=GroundUnit.METRES, pairs=PAIRS)
    assert Camera.objects.get(pk=camera.pk).roi_polygons == [LEFT_HALF]


@pytest.mark.parametrize(("who", "refusal"), [("analyst", Refused), ("stranger", NotFound)])
def test_setting_up_takes_a_manager_of_the_scene(
    world: World, camera: Camera, who: str, refusal: type[Exception]
) -> None:
    person = world.people[who]
    with pytest.raises(refusal):
        region_set(actor=person, camera_id=camera.pk, based_on=1, polygons=[])
    with pytest.raises(refusal):
        calibration_remove(actor=person, camera_id=camera.pk, based_on=1)
    with pytest.raises(refusal):
        links_replace(actor=person, scene_id=world.scene.pk, based_on=1, links=[])


def a_link(source: Camera, target: Camera, min_s: float = 1.0, max_s: float = 9.0) -> Link:
    return Link(source=source.pk, target=target.pk, min_s=min_s, max_s=max_s, origin=LinkOrigin.MANUAL)


def test_links_are_replaced_as_a_whole(world: World) -> None:
    one, other = world.cameras
    manager = world.people["manager"]
    scene = links_replace(actor=manager, scene_id=world.scene.pk, based_on=1, links=[a_link(other, one)])
    assert list(scene.links.values_list("source", "target", "min_s", "max_s")) == [(other.pk, one.pk, 1.0, 9.0)]
    with pytest.raises(StaleVersion):
        links_replace(actor=manager, scene_id=world.scene.pk, based_on=1, links=[])
    links_replace(actor=manager, scene_id=world.scene.pk, based_on=2, links=[])
    assert not scene.links.exists()


def test_wrong_links_are_refused_by_number_and_none_is_changed(world: World) -> None:
    one, other = world.cameras
    elsewhere = Camera(pk=10**9, scene=world.scene)
    wrong = [
        ([a_link(one, one)], "Link 1: A link joins two different cameras"),
        ([a_link(one, other), a_link(one, other)], "Link 2: there is one from c001 to c002"),
        ([a_link(one, other, 9, 1)], "Link 1: The longest transit time"),
        ([a_link(one, elsewhere)], "Link 1: there is no such camera"),
    ]
    for links, reason in wrong:
        with pytest.raises(BadInput, match=reason):
            links_replace(actor=world.people["manager"], scene_id=world.scene.pk, based_on=1, links=links)
    assert world.scene.links.get().max_s == 30.0


def test_a_run_says_how_long_vehicles_took(world: World) -> None:
    """Three vehicles of c001 were joined to one of c002 after 2.1, 2.9 and 6 s; the way back is one match only."""
    run, (first, second) = world.run, world.videos
    tracklets_replace(run=run, video=first, rows=[tracklet_row(number, 10 * number) for number in (1, 2, 3)])
    tracklets_replace(run=run, video=second, rows=[tracklet_row(1, 50), tracklet_row(2, 60)])
    *ones, other, another = list(Tracklet.objects.filter(run=run).order_by("video", "number"))
    pairs = [(one, other, transit_s, True) for one, transit_s in zip(ones, (2.1, 2.9, 6.0), strict=True)]
    pairs += [(ones[0], another, 20.0, False), (another, ones[1], 4.0, True), (ones[0], ones[1], 1.0, True)]
    candidates_replace(
        run=run,
        rows=[CandidateRow(one.pk, two.pk, 0.2, transit_s, joined, True) for one, two, transit_s, joined in pairs],
    )
    (link,) = learned_links(run=run)
    assert (link["source"], link["target"], link["matches"]) == (world.cameras[0].pk, world.cameras[1].pk, 3)
    assert (link["min_s"], link["median_s"], link["max_s"]) == (0.0, 2.5, 9.0)


def test_the_api_tells_and_wants_the_version(world: World, camera: Camera) -> None:
    client = world.client("manager")
    url = f"/api/v1/cameras/{camera.pk}/setup"
    assert client.get(url)["ETag"] == '"1"'
    drawn = {"polygons": [LEFT_HALF]}

    def put(if_match: str | None) -> Any:
        headers = {} if if_match is None else {"If-Match": if_match}
        return client.put(f"{url}/region", drawn, content_type="application/json", headers=headers)

    assert put(None).status_code == 428
    done = put('"1"')
    assert (done.status_code, done["ETag"], done.json()["polygons"]) == (200, '"2"', [LEFT_HALF])
    stale = put('"1"')
    assert (stale.status_code, stale.json()["code"]) == (409, "stale-version")
    assert (stale.json()["current"]["version"], stale.json()["yours"]["version"]) == (2, 1)


def test_a_fit_tells_the_error_of_each_pair_and_keeps_nothing(world: World, camera: Camera) -> None:
    client = world.client("manager")
    url = f"/api/v1/cameras/{camera.pk}/setup/calibration/fit"
    body = {"unit": "metres", "pairs": PAIRS}
    fit = client.post(url, body, content_type="application/json").json()
    assert [round(each["px"], 6) for each in fit["errors"]] == [0, 0, 0, 0]
    assert (round(fit["rms_m"], 6), fit["suspect"], len(fit["metres_to_image"])) == (0, None, 9)
    assert client.get(f"/api/v1/cameras/{camera.pk}/setup").json()["calibration"] is None
    refused = client.post(url, {"unit": "metres", "pairs": PAIRS[:2]}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (400, "no-calibration")


@pytest.mark.parametrize("place", ["NaN", "Infinity", "1e400", "1" + "0" * 400, "[]", '"here"'])
def test_a_place_that_is_no_number_is_refused(world: World, camera: Camera, place: str) -> None:
    body = '{"unit": "metres", "pairs": [{"pixel": [1, 2], "place": [0, PLACE]}]}'.replace("PLACE", place)
    url = f"/api/v1/cameras/{camera.pk}/setup/calibration/fit"
    refused = world.client("manager").post(url, body, content_type="application/json")
    assert refused.status_code == 400


def test_links_are_put_on_the_scene_s_version(world: World) -> None:
    client = world.client("manager")
    scene = f"/api/v1/scenes/{world.scene.pk}"
    one, other = world.cameras
    body = {"links": [{"source": other.pk, "target": one.pk, "min_s": 2, "max_s": 5}]}
    tag = client.get(scene)["ETag"]
    done = client.put(f"{scene}/links", body, content_type="application/json", headers={"If-Match": tag})
    assert [(link["source"], link["origin"]) for link in done.json()] == [(other.pk, "manual")]
    stale = client.put(f"{scene}/links", {"links": []}, content_type="application/json", headers={"If-Match": tag})
    assert stale.status_code == 409
    assert stale.json()["current"] == done.json()
