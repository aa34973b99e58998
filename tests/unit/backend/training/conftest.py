"""A scene with a label set, for tests of trainings and models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.jobs.models import Job, JobKind, JobState
from backend.labels.models import LabelExport, LabelImport, LabelSet
from backend.training.models import ModelVersion, TrainingRun
from backend.training.services import training_create, version_register
from tests.world import World


@pytest.fixture
def label_set(world: World) -> LabelSet:
    return make_label_set(world)


DETECTOR_RECIPE = """# The detector learns the scene
# What people drew.
kind: nanodet
schedule:
  epochs: 6
"""


@pytest.fixture
def detector_recipe(settings: Any, tmp_path: Path) -> str:
    """The name of the one recipe that trains detectors."""
    settings.DETECTOR_RECIPES_DIR = tmp_path
    (tmp_path / "scene-finding.yaml").write_text(DETECTOR_RECIPE)
    return "scene-finding"


def make_label_set(
    world: World, *, number: int | None = None, shared: int = 10, tracklets: int = 40, others: int | None = 7
) -> LabelSet:
    """A set of which only its row is read; its number is the next one if none is given."""
    statistics = {
        "identities": shared, "shared_identities": shared, "held_identities": 2, "tracklets": tracklets,
        "human_tracklets": 40, "machine_tracklets": 0, "boxes": 400, "cameras": [], "categories": {}, "colours": {},
        "other_tracklets": others,
    }  # fmt: skip
    changes: dict[str, list[int]] = {"added": [], "removed": [], "changed": []}
    return LabelSet.objects.create(
        scene=world.scene, number=number or world.scene.label_sets.count() + 1, run_number=1, last_operation=0,
        held_share=0.2, file="labels.npz", sha256="0" * 64, size=1, statistics=statistics, changes=changes,
    )  # fmt: skip


def files_of(world: World, label_set: LabelSet) -> dict[str, int | str]:
    """An export and an import of labels, as paths name them."""
    export = LabelExport.objects.create(scene=world.scene, format="mot", label_set=label_set)
    brought = {"format": "cvat", "ids": "camera", "file_name": "a.xml", "file": "none"}
    made = LabelImport.objects.create(scene=world.scene, created_by=world.people["manager"], **brought)
    return {"export_id": export.pk, "import_id": made.pk}


def make_training(world: World, label_set: LabelSet, *, start: int = 1, recipe: str = "scene") -> TrainingRun:
    actor = world.people["manager"]
    return training_create(
        actor=actor, scene=world.scene, label_set_id=label_set.pk, recipe=recipe, minutes=5, start=start
    )


def make_version(world: World, label_set: LabelSet, *, weights: str = "a", recipe: str = "scene") -> ModelVersion:
    """What came out of another training."""
    training = make_training(world, label_set, recipe=recipe)
    Job.objects.filter(kind=JobKind.TRAIN).update(state=JobState.SUCCEEDED)
    stored = (f"scenes/{world.scene.pk}/models/{weights}.safetensors", weights)
    return version_register(training=training, stored=stored, size=3, card={"recipe": {}})
