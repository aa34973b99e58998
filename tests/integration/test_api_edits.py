"""Edits of tracklets over HTTP: their answer, their history, and what is refused."""

from __future__ import annotations

from typing import Any

from backend.tracking.models import Tracklet
from tests.integration.test_api_review import get, post
from tests.world import World


def edit(world: World, *edits: dict[str, Any], who: str = "analyst", key: str = "") -> Any:
    body = {"run": world.run.pk, "edits": list(edits)}
    return post(world, who, f"scenes/{world.scene.pk}/edits", body, key=key)


def first_tracklet(world: World) -> Tracklet:
    return Tracklet.objects.shown().filter(run=world.run).order_by("id")[0]


def test_a_split_answers_what_stands_in_place_of_what(world: World) -> None:
    whole = first_tracklet(world)
    middle = (whole.first_frame + whole.last_frame) // 2
    answer = edit(world, {"op": "split", "tracklet": whole.pk, "frame": middle}, key="once")
    assert answer.status_code == 201, answer.content
    operation = answer.json()["operation"]
    (change,) = operation["changes"]
    assert (operation["kind"], change["op"], change["before"][0]["id"]) == ("split_track", "split_track", whole.pk)
    assert [each["first_frame"] for each in change["after"]] == [whole.first_frame, middle]
    assert operation["summary"].startswith(f"split T{whole.number} at frame {middle}")
    again = edit(world, {"op": "split", "tracklet": whole.pk, "frame": middle}, key="once")
    assert (again.json(), again["Idempotent-Replay"]) == (answer.json(), "true")
    drawn = get(world, f"runs/{world.run.pk}/tracks?video={whole.video_id}")["tracklets"]
    assert {each["id"] for each in change["after"]} <= {each["id"] for each in drawn}
    assert whole.pk not in {each["id"] for each in drawn}


def test_undo_and_redo_are_told_apart_and_in_words(world: World) -> None:
    whole = first_tracklet(world)
    made = edit(world, {"op": "hide", "tracklet": whole.pk}).json()["operation"]
    undo = post(world, "analyst", f"operations/{made['id']}/undo").json()["operation"]
    redo = post(world, "analyst", f"operations/{undo['id']}/undo").json()["operation"]
    assert (undo["redo"], redo["redo"]) == (False, True)
    assert undo["about"] == redo["about"] == undo["inverse_of"] != redo["inverse_of"]
    assert undo["summary"].startswith("took back: hid T")
    assert redo["summary"].startswith("did again: hid T")
    assert [each["id"] for each in undo["changes"][0]["after"]] == [whole.pk]
    (hidden,) = get(world, f"scenes/{world.scene.pk}/hidden")["results"]
    assert (hidden["tracklet"]["id"], hidden["operation"]["number"]) == (whole.pk, made["number"])
    assert edit(world, {"op": "unhide", "tracklet": whole.pk}).status_code == 201
    assert get(world, f"scenes/{world.scene.pk}/hidden")["results"] == []
    listed = get(world, f"scenes/{world.scene.pk}/operations?camera={whole.camera_id}")["results"]
    assert [each["kind"] for each in listed] == ["unhide", "undo", "undo", "hide"]
    assert listed[-1]["undo_refused"] is not None


def test_a_stale_edit_gets_both_versions(world: World) -> None:
    whole = first_tracklet(world)
    made = edit(world, {"op": "attributes", "tracklet": whole.pk, "colour": "red"}).json()
    late = edit(world, {"op": "attributes", "tracklet": whole.pk, "colour": "blue"})
    assert (late.status_code, late.json()["code"]) == (409, "tracklet-changed")
    assert late.json()["yours"]["colour"] == ""
    assert [each["colour"] for each in late.json()["current"]] == ["red"]
    assert late.json()["operation"]["id"] == made["operation"]["id"]


def test_every_kind_of_edit_is_read_and_bad_ones_are_named(world: World) -> None:
    whole = first_tracklet(world)
    named = {"tracklet": whole.pk}
    first, last = whole.first_frame, whole.last_frame
    box = [1.0, 2.0, 30.0, 40.0]
    good: list[dict[str, Any]] = [
        {"op": "create", "video": whole.video_id, "keys": [{"frame": 0, "box": box}], "category": 8},
        {"op": "trim", **named, "first_frame": first + 1},
        {"op": "boxes", "tracklet": {"edit": 1, "part": 0}, "boxes": [{"frame": last, "box": None}]},
        {"op": "interpolate", "tracklet": {"edit": 2, "part": 0}, "first_frame": first + 1, "last_frame": last - 1},
        {"op": "split", "tracklet": {"edit": 3, "part": 0}, "frame": first + 2},
        {"op": "move", "tracklet": {"edit": 4, "part": 1}, "number": None},
    ]
    answer = edit(world, *good)
    assert answer.status_code == 201, answer.content
    assert answer.json()["operation"]["kind"] == "bulk"
    for bad in ({"op": "explode", **named}, {"op": "split", **named}, {"op": "trim", "tracklet": "x"}, "split"):
        refused = edit(world, bad)  # type: ignore[arg-type]
        assert (refused.status_code, "edits" in str(refused.json()["fields"])) == (400, True)


def test_viewers_and_strangers_edit_nothing(world: World) -> None:
    hide = {"op": "hide", "tracklet": first_tracklet(world).pk}
    assert edit(world, hide, who="viewer").status_code == 403
    assert edit(world, hide, who="stranger").status_code == 404
    assert get(world, f"scenes/{world.scene.pk}/dangling") == []
