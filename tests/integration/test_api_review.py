"""The review queue, verdicts, undo and history over HTTP, also by several people at once and through failures."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.config.idempotency import KEPT_FOR
from backend.config.models import AnsweredRequest
from backend.identities.selectors import identity_numbers
from backend.review.models import Lease, Operation, Verdict
from backend.scenes.models import Scene
from backend.tracking.models import Candidate
from backend.tracking.services import CandidateRow, candidates_replace, run_create, run_make_current
from tests.integration.test_api_at_once import at_once
from tests.world import World, build_world


def post(world: World, who: str, path: str, body: Any = None, *, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    content = json.dumps(body or {})
    return world.client(who).post(f"/api/v1/{path}", content, content_type="application/json", headers=headers)


def get(world: World, path: str) -> Any:
    answer = world.client("viewer").get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def lease(world: World, who: str = "analyst", **wanted: Any) -> Any:
    answer = post(world, who, f"scenes/{world.scene.pk}/review/lease", wanted)
    assert answer.status_code == 200, answer.content
    return answer.json()


def say(world: World, verdict: str, *, who: str = "analyst", key: str = "", **body: Any) -> Any:
    pair = {} if "left" in body else {"candidate": Candidate.objects.get().pk}
    return post(world, who, f"scenes/{world.scene.pk}/verdicts", {**pair, "verdict": verdict, **body}, key=key)


def test_a_leased_pair_shows_what_is_needed_to_decide_it(world: World) -> None:
    queue = lease(world)
    (pair,) = queue["pairs"]
    assert (queue["run"], queue["work_left"], queue["decided"]) == (world.run.pk, 1, 0)
    assert queue["counts"] == {"contradictions": 0, "uncertain": 1, "likely_same": 0, "likely_different": 0}
    assert (pair["kind"], pair["joined"], pair["decides"], pair["transit_s"]) == ("uncertain", True, 1, 2.1)
    assert (pair["probability"], pair["chance"], pair["distance"]) == (0.5, 0.5, 0.25)
    left = pair["left"]
    assert (left["camera"]["name"], left["identity"]) == ("c001", {"number": 1, "tracklet_count": 2})
    assert world.client("viewer").get(left["crop_urls"][0]).status_code == 200


def test_a_verdict_changes_identities_tracks_and_counts_at_once(world: World) -> None:
    answer = say(world, "different", confidence=4, reason="another roof rack", opened_at="2026-11-21T10:00:00Z")
    assert answer.status_code == 201
    body = answer.json()
    assert body["effect"] == {
        "changed": True, "joined": [], "separated": [1, 3], "tracklets": 1, "contradictions": 0,
    }  # fmt: skip
    assert (body["work_left"], body["decided"], body["operation"]["number"]) == (0, 1, 1)
    run = f"runs/{world.run.pk}"
    assert [each["number"] for each in get(world, f"{run}/identities")["results"]] == [1, 2, 3]
    assert get(world, f"{run}/identities/3")["tracklets"][0]["id"] == world.tracklets[2].pk
    (drawn,) = get(world, f"{run}/tracks?video={world.videos[1].pk}")["tracklets"]
    assert (drawn["identity_number"], drawn["identity_cameras"]) == (3, 1)
    assert (get(world, run)["identity_count"], get(world, run)["shared_identity_count"]) == (3, 0)


def test_history_says_who_did_what_and_what_can_be_undone(world: World) -> None:
    first = say(world, "different").json()["operation"]
    undone = post(world, "manager", f"operations/{first['id']}/undo")
    assert undone.status_code == 201
    latest, earlier = get(world, f"scenes/{world.scene.pk}/operations")["results"]
    assert (latest["kind"], latest["actor"]["username"]) == ("undo", "manager")
    assert latest["inverse_of"] == latest["about"] == {"id": first["id"], "number": 1}
    assert latest["undo_refused"] is None
    assert (earlier["kind"], earlier["actor"]["username"]) == ("verdict", "analyst")
    assert earlier["undone_by"] == {"id": latest["id"], "number": 2}
    assert "manager has undone this" in earlier["undo_refused"]
    assert earlier["verdicts"] == latest["verdicts"]
    assert earlier["verdicts"][0]["standing"] is False
    person = world.people["manager"].pk
    theirs = get(world, f"scenes/{world.scene.pk}/operations?person={person}")["results"]
    assert [each["number"] for each in theirs] == [2]
    again = post(world, "analyst", f"operations/{first['id']}/undo")
    assert (again.status_code, again.json()["code"]) == (409, "already-undone")
    assert again.json()["detail"] == earlier["undo_refused"]


def test_history_comes_in_pages(world: World) -> None:
    for _ in range(5):
        assert say(world, "cannot_tell").status_code == 201
    seen, url = [], f"scenes/{world.scene.pk}/operations?limit=2"
    while url:
        page = get(world, url.removeprefix("/api/v1/"))
        seen += [each["number"] for each in page["results"]]
        url = page["next"]
    assert seen == [5, 4, 3, 2, 1]


def test_a_verdict_of_an_earlier_run_is_refused(world: World) -> None:
    later = run_create(actor=None, scene=world.scene, preset="cpu-light")
    run_make_current(run=later)
    answer = say(world, "same")
    assert (answer.status_code, answer.json()["code"]) == (409, "run-not-current")


@pytest.mark.parametrize(
    "body",
    [
        {"verdict": "perhaps"},
        {"verdict": "same", "confidence": 5},
        {"verdict": "same", "left": 1},
        {"verdict": "same", "candidate": 1, "left": 1, "right": 2},
        {"verdict": "same", "candidate": 1, "opened_at": "yesterday"},
    ],
)
def test_what_makes_no_sense_is_refused(world: World, body: dict[str, Any]) -> None:
    assert post(world, "analyst", f"scenes/{world.scene.pk}/verdicts", body).status_code == 400
    assert not Operation.objects.exists()


def test_what_is_in_another_scene_is_not_there(world: World) -> None:
    """Also for an admin, who may decide in both."""
    first, _, second = (tracklet.pk for tracklet in world.tracklets)
    other = Scene.objects.create(slug="other", name="Other")
    for pair in ({"candidate": Candidate.objects.get().pk}, {"left": first, "right": second}):
        answer = post(world, "admin", f"scenes/{other.pk}/verdicts", {**pair, "verdict": "same"})
        assert answer.status_code == 404
    assert post(world, "admin", f"scenes/{other.pk}/identities/split", {"tracklets": [first]}).status_code == 404
    assert say(world, "same", left=first, right=10**9).status_code == 404
    assert not Operation.objects.exists()


def test_a_request_that_comes_again_is_answered_the_same(world: World) -> None:
    first, second = (say(world, "different", key="one") for _ in range(2))
    assert second.headers["Idempotent-Replay"] == "true"
    assert second.json() == first.json()
    assert Verdict.objects.count() == 1


def test_a_verdict_that_comes_again_after_its_answer_was_forgotten_is_not_given_twice(world: World) -> None:
    first = say(world, "different", key="one")
    AnsweredRequest.objects.update(created_at=timezone.now() - 2 * KEPT_FOR)
    again = say(world, "different", key="one")
    assert "Idempotent-Replay" not in again.headers
    assert again.json()["operation"] == first.json()["operation"]
    assert Verdict.objects.count() == AnsweredRequest.objects.count() == 1


def test_statistics_are_by_person(world: World) -> None:
    say(world, "different")
    (person,) = get(world, f"scenes/{world.scene.pk}/review/statistics")["persons"]
    assert (person["person"]["username"], person["verdicts"], person["changed"]) == ("analyst", 1, 1.0)


def test_a_verdict_takes_as_many_queries_however_many_there_were(world: World) -> None:
    say(world, "different")
    with CaptureQueriesContext(connection) as few:
        say(world, "same")
    for _ in range(10):
        say(world, "cannot_tell")
    with CaptureQueriesContext(connection) as many:
        say(world, "same")
    assert len(many) <= len(few) + 2


@pytest.fixture
def busy(transactional_db: None, tmp_path: Any) -> World:
    """A world that other threads see, with every pair of three tracklets compared."""
    world = build_world(tmp_path)
    first, other, second = world.tracklets
    pairs = [(first, second, True), (first, other, False), (second, other, False)]
    candidates_replace(
        run=world.run,
        rows=[
            CandidateRow(left.pk, right.pk, 0.25, 1.0, joined=sure, eligible=sure, probability=0.5 if sure else 0.01)
            for left, right, sure in pairs
        ],
    )
    return world


def test_two_people_at_once_never_get_the_same_pair(busy: World) -> None:
    clients = [busy.client(who) for who in ("analyst", "manager", "admin")]
    url = f"/api/v1/scenes/{busy.scene.pk}/review/lease"
    answers = at_once(3, lambda number: clients[number].post(url, "{}", content_type="application/json"))
    pairs = [(pair["left"]["id"], pair["right"]["id"]) for answer in answers for pair in answer.json()["pairs"]]
    assert pairs
    assert len(set(pairs)) == len(pairs) == Lease.objects.count()


def test_verdicts_at_once_are_as_if_one_came_after_the_other(busy: World) -> None:
    candidates = list(Candidate.objects.order_by("pk").values_list("pk", flat=True))
    clients = [busy.client(who) for who in ("analyst", "manager", "admin")]
    url, verdicts = f"/api/v1/scenes/{busy.scene.pk}/verdicts", ("different", "same", "cannot_tell")

    def decide(number: int) -> Any:
        body = {"candidate": candidates[number], "verdict": verdicts[number]}
        return clients[number].post(url, json.dumps(body), content_type="application/json")

    assert [answer.status_code for answer in at_once(3, decide)] == [201] * 3
    assert sorted(Operation.objects.values_list("number", flat=True)) == [1, 2, 3]
    first, other, second = (identity_numbers(run=busy.run)[tracklet.pk] for tracklet in busy.tracklets)
    assert first == other != second


def test_a_verdict_cut_off_in_the_middle_is_not_there_and_can_be_sent_again(busy: World) -> None:
    """Its connection is ended while it waits for the scene; the answer says that nothing was changed."""
    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        Scene.objects.select_for_update().get(pk=busy.scene.pk)
        sent = threads.submit(sent_once, busy)
        end_connection_waiting_for_lock()
        answer = sent.result(timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (503, "database-unreachable")
    assert not Verdict.objects.exists()
    with ThreadPoolExecutor(1) as threads:
        again = threads.submit(sent_once, busy).result(timeout=60)
    assert again.status_code == 201
    assert Verdict.objects.count() == Operation.objects.count() == 1


def sent_once(world: World) -> Any:
    try:
        first, _, second = world.tracklets
        return say(world, "different", key="once", left=first.pk, right=second.pk)
    finally:
        connection.close()


def end_connection_waiting_for_lock() -> None:
    """Wait, as long as it takes on a busy machine, until some other connection waits for a lock, and end it."""
    give_up = time.monotonic() + 60
    waiting = "from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    with connection.cursor() as cursor:
        while time.monotonic() < give_up:
            cursor.execute(f"select pg_terminate_backend(pid) {waiting}")
            if cursor.fetchall():
                return
            Event().wait(0.05)
    raise AssertionError("nothing waited for the scene within a minute")


def test_a_board_is_answered_as_one_operation(world: World) -> None:
    first, second, third = (tracklet.pk for tracklet in world.tracklets)
    pairs = [(first, third, 0.25, True), (second, third, 0.5, False)]
    rows = [CandidateRow(one, other, far, 1.0, near, near, 1 - far) for one, other, far, near in pairs]
    candidates_replace(run=world.run, rows=rows)
    (board,) = post(world, "analyst", f"scenes/{world.scene.pk}/review/boards").json()["boards"]
    (rival,) = board["rivals"]
    assert (board["number"], [each["id"] for each in board["tracklets"]]) == (1, [first, third])
    assert (rival["tracklet"]["id"], rival["against"], rival["chance"]) == (second, third, 0.5)
    answers = [
        {"left": second, "right": third, "verdict": "different"},
        {"left": first, "right": third, "verdict": "same"},
    ]
    bulk = f"scenes/{world.scene.pk}/verdicts/bulk"
    said = post(world, "analyst", bulk, {"answers": answers}, key="board-1")
    assert said.status_code == 201, said.content
    assert [each["verdict"] for each in said.json()["operation"]["verdicts"]] == ["different", "same"]
    assert post(world, "analyst", bulk, {"answers": answers}, key="board-1").json() == said.json()
    assert (Operation.objects.count(), Verdict.objects.count()) == (1, 2)
    assert post(world, "viewer", bulk, {"answers": answers}).status_code == 403
    impossible = [{"left": first, "right": first, "verdict": "same"}]
    assert post(world, "analyst", bulk, {"answers": [*answers, *impossible]}).status_code == 400
    assert Verdict.objects.count() == 2, "all or none"
    assert post(world, "analyst", f"operations/{said.json()['operation']['id']}/undo").status_code == 201
