"""The scene's ground, the diagram's columns, ways over the ground and an identity's journey, as they are served."""

from __future__ import annotations

import pytest

from tests.world import World

pytestmark = pytest.mark.django_db


def paths(world: World) -> list[str]:
    run = f"/api/v1/runs/{world.run.pk}"
    return [f"/api/v1/scenes/{world.scene.pk}/ground", f"{run}/diagram", f"{run}/paths", f"{run}/identities/1/journey"]


def test_a_viewer_reads_them_and_a_stranger_learns_nothing(world: World) -> None:
    for path in paths(world):
        assert world.client("viewer").get(path).status_code == 200, path
        assert world.client("stranger").get(path).status_code == 404, path


def test_the_ground_has_the_calibrated_camera_and_all_cameras_in_order(world: World) -> None:
    """Its homography is the identity: pixels are metres, and no camera takes such a picture from anywhere."""
    ground = world.client("viewer").get(paths(world)[0]).json()
    first, second = world.cameras
    assert [(seen["camera"], seen["place"]) for seen in ground["cameras"]] == [(first.pk, None)]
    assert (ground["order"], ground["order_basis"], ground["origin"]) == ([first.pk, second.pk], "links", None)


def test_the_diagram_is_answered_once_and_then_by_its_tag(world: World) -> None:
    client, path = world.client("viewer"), paths(world)[1]
    answer = client.get(path)
    columns = answer.json()["columns"]
    assert columns["id"] == [tracklet.pk for tracklet in world.tracklets]
    assert columns["identity"] == [1, 2, 1]
    assert columns["start_ms"] == [1000, 5000, 4000]
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_ways_are_feet_of_boxes_on_the_ground(world: World) -> None:
    """In c001 vehicle 1's first box, 100..140 x 50..70, has its foot at (120, 70); c002 is not calibrated."""
    columns = world.client("viewer").get(paths(world)[2]).json()["columns"]
    assert columns["id"] == [world.tracklets[0].pk, world.tracklets[1].pk]
    assert columns["places_cm"][0][:2] == [12000, 7000]
    assert columns["times_ms"][0][0] == 1000


def test_a_journey_tells_the_legs(world: World) -> None:
    """Vehicle 1 leaves c001 at 1.9 s and appears in c002 at 4.0 s."""
    (leg,) = world.client("viewer").get(paths(world)[3]).json()["legs"]
    assert leg["gap_s"] == pytest.approx(2.1)
    assert (leg["left"], leg["right"], leg["problem"]) == (world.tracklets[0].pk, world.tracklets[2].pk, "")


@pytest.mark.parametrize("query", ["limit=0", "after=-1", "from_s=nan", "limit=100000"])
def test_senseless_queries_are_refused_with_the_field(world: World, query: str) -> None:
    answer = world.client("viewer").get(f"{paths(world)[1]}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
