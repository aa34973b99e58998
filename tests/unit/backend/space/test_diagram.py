"""Columns of a run's tracklets, and the states of their identities, in the town of the review tests."""

from __future__ import annotations

from typing import Any

from backend.space.diagram import STATES, diagram_of_run
from tests.unit.backend.review.town import Town


def columns(town: Town, **wanted: Any) -> dict[str, list[int]]:
    asked = {"after": 0, "limit": 100} | wanted
    found: dict[str, list[int]] = diagram_of_run(user=town.people["vic"], run_id=town.run.pk, **asked)["columns"]
    return found


def states(town: Town) -> dict[str, str]:
    found = columns(town)
    return {town.name_of(pk): STATES[state] for pk, state in zip(found["id"], found["state"], strict=True)}


def test_columns_say_where_when_and_who(town: Town) -> None:
    found = columns(town)
    place = found["id"].index(town.tracklets["b1"].pk)
    row = {name: column[place] for name, column in found.items()}
    assert row == {
        "id": town.tracklets["b1"].pk,
        "camera": town.tracklets["b1"].camera_id,
        "number": 1,
        "start_ms": 5000,
        "end_ms": 7000,
        "identity": town.identities()["b1"],
        "state": STATES.index("machine"),
    }


def test_pages_join_to_the_whole_and_a_window_leaves_the_rest_out(town: Town) -> None:
    first = diagram_of_run(user=town.people["vic"], run_id=town.run.pk, after=0, limit=5)
    second = diagram_of_run(user=town.people["vic"], run_id=town.run.pk, after=first["next"], limit=5)
    assert second["next"] is None
    assert first["columns"]["id"] + second["columns"]["id"] == columns(town)["id"]
    windowed = columns(town, from_s=2.5, to_s=5.0)["id"]
    assert [town.name_of(pk) for pk in windowed] == ["a2", "b1"]


def test_states_follow_what_people_say(town: Town) -> None:
    """The run has a1-b1-c1, a2-b2, a3-b3, and c2 and c3 alone."""
    assert {name for name, state in states(town).items() if state == "single"} == {"c2", "c3"}
    town.say("ann", "a2 b2", "same")
    town.say("ann", "a1 b1", "same")
    now = states(town)
    assert (now["a2"], now["b2"]) == ("confirmed", "confirmed")
    assert (now["a1"], now["c1"]) == ("machine", "machine")  # c1 hangs on by the matcher alone
    town.say("ann", "a3 b3", "same")
    town.say("ben", "a3 b3", "different")
    assert states(town)["a3"] == "contradictory"


def test_a_split_tracklet_stands_alone(town: Town) -> None:
    town.say("ann", "a2 b2", "different")
    assert (states(town)["a2"], states(town)["b2"]) == ("single", "single")
