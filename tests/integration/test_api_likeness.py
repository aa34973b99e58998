"""Where two tracklets look alike, over HTTP: asked for, worked out by a worker, kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from backend.jobs.models import Job, JobKind, JobState
from backend.search import likeness as asking
from backend.search.models import Likeness
from backend.tracking.models import Embedding
from ml.types import UserError
from tests.integration.test_api_search import picture
from tests.world import World


def ask(world: World, person: str = "viewer", **changes: int) -> Any:
    first, _, third = (tracklet.pk for tracklet in world.tracklets)
    body = {"left": first, "right": third} | changes
    return world.client(person).post(f"/api/v1/runs/{world.run.pk}/likeness", body, content_type="application/json")


def again(world: World, number: int) -> Any:
    return world.client("viewer").get(f"/api/v1/runs/{world.run.pk}/likeness/{number}").json()


def test_two_who_ask_about_the_same_pictures_get_one_answer_and_one_job(world: World) -> None:
    first, other = ask(world), ask(world, "manager")
    assert (first.status_code, first.json()["state"], first.json()["maps"]) == (200, "waiting", None)
    assert other.json() == first.json()
    assert ask(world, right_rank=1).json()["id"] != first.json()["id"]
    assert Job.objects.filter(kind=JobKind.LIKENESS).count() == 2


def test_it_is_the_same_whichever_of_the_two_is_called_left(world: World) -> None:
    first, _, third = (tracklet.pk for tracklet in world.tracklets)
    asked = ask(world, right_rank=1).json()

    assert ask(world, left=third, left_rank=1, right=first).json() == asked
    assert (asked["left"], asked["right"]) == (first, third)
    assert ask(world, left=third, right=first, right_rank=1).json()["id"] != asked["id"]


def test_what_failed_says_why_and_is_begun_anew_when_asked_for_again(world: World) -> None:
    asked = ask(world).json()
    Job.objects.filter(pk=asked["job"]).update(state=JobState.FAILED, problem="the picture cannot be read")
    failed = again(world, asked["id"])
    assert (failed["state"], failed["problem"]) == ("failed", "the picture cannot be read")
    assert ask(world).json() == asked | {"job": Job.objects.latest("pk").pk}
    Job.objects.filter(kind=JobKind.LIKENESS).delete()
    assert "ask again" in again(world, asked["id"])["problem"]


def test_what_is_not_there_or_not_two_is_refused(world: World) -> None:
    first = world.tracklets[0].pk
    assert ask(world, "stranger").status_code == 404
    assert ask(world, right=first + 999).status_code == 404
    assert ask(world, right_rank=7).status_code == 404
    assert list(ask(world, right=first).json()["fields"]) == ["right"]
    assert ask(world, left_rank=-1).status_code == 400
    assert not Likeness.objects.exists()


def test_a_run_keeps_the_newest_only(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "KEPT", 2)
    numbers = [ask(world, right_rank=rank).json()["id"] for rank in (0, 1)]
    numbers.append(ask(world, right=world.tracklets[1].pk).json()["id"])
    assert sorted(Likeness.objects.values_list("pk", flat=True)) == numbers[1:]


def test_what_is_found_of_tracklets_that_went_meanwhile_is_dropped(world: World) -> None:
    found = Likeness.objects.get(pk=ask(world).json()["id"])
    world.tracklets[0].delete()
    asking.likeness_keep(likeness=found, maps={"similarity": 1.0, "left": [[0.0]], "right": [[0.0]]})
    assert not Likeness.objects.exists()


def test_maps_of_what_was_forgotten_meanwhile_are_let_go(world: World) -> None:
    asked = Likeness.objects.get(pk=ask(world).json()["id"])
    Likeness.objects.all().delete()
    asking.likeness_keep(likeness=asked, maps={"similarity": 1.0})
    assert not Likeness.objects.exists()


@pytest.mark.slow
def test_what_was_pushed_out_while_it_waited_says_so(world: World) -> None:
    from backend.jobs.services import job_claim
    from workers import likeness
    from workers.context import JobContext

    claim = job_claim(job_id=ask(world).json()["job"], worker="test")
    assert claim is not None
    Likeness.objects.all().delete()
    with pytest.raises(UserError, match=r"1,000 others were asked about since; ask again") as refused:
        likeness.run(JobContext(claim))
    assert refused.value.code == "likeness-missing"


@pytest.mark.slow
def test_a_picture_that_is_gone_is_said_to_be(world: World) -> None:
    from backend.jobs.services import job_claim
    from workers import likeness
    from workers.context import JobContext

    Embedding.objects.exclude(crop="").update(crop="scenes/gone.jpg")
    claim = job_claim(job_id=ask(world).json()["job"], worker="test")
    assert claim is not None
    with pytest.raises(UserError, match=r"gone\.jpg.*backup") as refused:
        likeness.run(JobContext(claim))
    assert refused.value.code == "picture-gone"


@pytest.mark.slow
def test_a_worker_finds_it_with_the_runs_network(world: World, stage_cache: Path) -> None:
    from backend.jobs.services import job_claim
    from workers import likeness
    from workers.context import JobContext

    name = default_storage.save("scenes/a.jpg", ContentFile(picture()))
    Embedding.objects.exclude(crop="").update(crop=name)
    asked = ask(world).json()
    claim = job_claim(job_id=asked["job"], worker="test")
    assert claim is not None
    likeness.run(JobContext(claim))
    found = again(world, asked["id"])
    assert (found["state"], found["problem"]) == ("ready", "")
    assert found["maps"]["similarity"] == pytest.approx(1, abs=1e-3)
    assert [len(row) for row in found["maps"]["left"]] == [8] * 8
    assert found["maps"]["left"] == found["maps"]["right"]
