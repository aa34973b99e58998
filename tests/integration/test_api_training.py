"""Trainings and models of both kinds, as programs and the pages ask for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.jobs.models import Job, JobKind, JobState
from backend.media.storage import save_bytes
from backend.training.services import version_register
from tests.unit.backend.training.conftest import DETECTOR_RECIPE, make_label_set, make_training, make_version
from tests.world import JPEG, World

RECIPE = "scene-finding"


@pytest.fixture
def world(world: World, tmp_path: Path, settings: Any) -> World:
    """With a recipe for detectors and a version 2 of each kind; the detector's training has a picture of a frame."""
    settings.DETECTOR_RECIPES_DIR = tmp_path
    (tmp_path / f"{RECIPE}.yaml").write_text(DETECTOR_RECIPE)
    label_set = make_label_set(world)
    make_version(world, label_set)
    training = make_training(world, label_set, recipe=RECIPE)
    Job.objects.filter(kind=JobKind.TRAIN).update(state=JobState.SUCCEEDED)
    pictures = {when: save_bytes(f"scenes/{when}.jpg", JPEG + when.encode()) for when in ("before", "after")}
    counts = {"vehicles": 3, "found_before": 1, "found_after": 3, "false_before": 2, "false_after": 0}
    found = {"camera": "c001", "frame": 7, **counts, **pictures}
    stored = (f"scenes/{world.scene.pk}/models/b.safetensors", "b")
    version_register(training=training, stored=stored, size=3, card={}, found_pictures=[found])
    return world


def get(world: World, path: str, who: str = "viewer") -> Any:
    answer = world.client(who).get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def post(world: World, path: str, body: dict[str, Any], who: str = "manager") -> Any:
    answer = world.client(who).post(f"/api/v1/{path}", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_each_kind_has_recipes_and_models_of_its_own(world: World) -> None:
    assert {each["trains"] for each in get(world, "training-recipes")} == {"embedding", "detector"}
    scene = f"scenes/{world.scene.pk}"
    for query, kind in (("", "embedding"), ("?kind=embedding", "embedding"), ("?kind=detector", "detector")):
        models = get(world, f"{scene}/models{query}")
        assert [(each["kind"], each["number"]) for each in models] == [(kind, 2), (kind, 1)]
    trains = [each["trains"] for each in get(world, f"{scene}/trainings")["results"]]
    assert trains == ["detector", "embedding"]
    assert world.client("viewer").get(f"/api/v1/{scene}/models?kind=tracker").status_code == 400


def test_promotions_and_ways_back_name_the_kind_and_mean_embeddings_without_it(world: World) -> None:
    promotions = f"scenes/{world.scene.pk}/promotions"
    made = [
        post(world, promotions, {"version": 2}),
        post(world, promotions, {"version": 2, "kind": "detector"}),
        post(world, f"{promotions}/roll-back", {"kind": "detector"}),
        post(world, f"{promotions}/roll-back", {}),
    ]
    said = [(each["kind"], each["version"], each["is_rollback"]) for each in made]
    assert said == [("embedding", 2, False), ("detector", 2, False), ("detector", 1, True), ("embedding", 1, True)]
    versions = [get(world, f"runs/{each['run']}")["versions"] for each in made]
    assert [(each["embedding"], each["detector"]) for each in versions] == [(2, 1), (2, 2), (2, 1), (1, 1)]
    listed = get(world, f"{promotions}?kind=detector")["results"]
    assert [each["id"] for each in listed] == [made[2]["id"], made[1]["id"]]
    assert len(get(world, promotions)["results"]) == 4


def test_held_frames_before_and_after_are_there_to_be_looked_at(world: World) -> None:
    training = get(world, f"scenes/{world.scene.pk}/trainings")["results"][0]
    (picture,) = get(world, f"trainings/{training['id']}")["found_pictures"]
    assert (picture["camera"], picture["frame"], picture["vehicles"], picture["false_before"]) == ("c001", 7, 3, 2)
    for when in ("before", "after"):
        answer = world.client("viewer").get(picture[when])
        assert b"".join(answer) == JPEG + when.encode()
        assert world.client("stranger").get(picture[when]).status_code == 404
