"""What a run would take, from what earlier ones took."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from backend.scenes.services import scene_create
from backend.tracking.models import Run, RunState
from backend.tracking.services import run_create
from tests.world import World


def ended(world: World, seconds: float, preset: str = "cpu-light") -> Run:
    """A run over the world's 200 frames that took so long."""
    run = run_create(actor=None, scene=world.scene, preset=preset)
    Run.objects.filter(pk=run.pk).update(
        state=RunState.SUCCEEDED, started_at=run.created_at, finished_at=run.created_at + timedelta(seconds=seconds)
    )
    return run


def estimates(world: World, scene: int | None = None, name: str = "viewer") -> Any:
    return world.client(name).get(f"/api/v1/scenes/{scene or world.scene.pk}/run-estimates").json()


def test_nothing_is_guessed_before_a_run_has_ended(world: World) -> None:
    assert estimates(world) == []


def test_the_slowest_of_a_preset_s_last_runs_counts(world: World) -> None:
    """20, 8 and 100 frames a second; the last one found everything in the cache."""
    for seconds in (10, 25, 2):
        ended(world, seconds)
    ended(world, 4, "cpu-distant")
    assert estimates(world) == [
        {"preset": "cpu-distant", "seconds": 4.0, "frames_per_s": 50.0, "runs": 1},
        {"preset": "cpu-light", "seconds": 25.0, "frames_per_s": 8.0, "runs": 3},
    ]


def test_what_was_long_ago_is_forgotten(world: World) -> None:
    ended(world, 1000)
    for _ in range(5):
        ended(world, 10)
    assert estimates(world)[0]["frames_per_s"] == 20.0


def test_an_empty_scene_takes_no_time_and_a_stranger_is_told_nothing(world: World) -> None:
    ended(world, 10)
    empty = scene_create(actor=world.people["manager"], name="Empty")
    assert estimates(world, empty.pk, "manager")[0]["seconds"] == 0.0
    assert world.client("stranger").get(f"/api/v1/scenes/{world.scene.pk}/run-estimates").status_code == 404
