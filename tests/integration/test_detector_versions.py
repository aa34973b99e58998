"""From corrected boxes to a run by the detector that learned them: trained, compared, promoted, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from backend.accounts.models import Role, User
from backend.labels.selectors import label_content
from backend.labels.services import label_set_create
from backend.media.storage import read_bytes
from backend.review.edited import HumanPlace
from backend.review.edits import Hide, Trim
from backend.review.services.tracklet_edits import tracklets_edit
from backend.scenes.models import Scene
from backend.tracking.models import Run
from backend.tracking.presets import preset_get
from backend.tracking.services import run_create
from backend.training.active import versions_used
from backend.training.models import ModelKind, ModelVersion, Promotion
from backend.training.services import comparison_start, model_promote, model_roll_back, training_create
from ml.datasets.cut import cut_scene
from tests.integration.test_retraining import work
from tests.scenes import DEMO
from tests.tiny_tuning import NAME, write_recipe

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.django_db(transaction=True)]

DETECTOR = ModelKind.DETECTOR
VEHICLES = 6


@pytest.fixture
def scene(tmp_path: Path, settings: Any) -> Scene:
    """Seven seconds of one camera with a run, found in small pictures and described by single ones, which is quicker;
    what comes after 5 s is held."""
    settings.DETECTOR_RECIPES_DIR = write_recipe(tmp_path)
    cut_scene(DEMO, tmp_path / "scene", cameras=["c001"], start_s=6.0, seconds=7.0)
    call_command("import_scene", tmp_path / "scene", name="Short")
    scene = Scene.objects.get(name="Short")
    config = dict(preset_get("cpu-light").config)
    config["detector"] = {**config["detector"], "input_height": 224, "input_width": 416}
    config["embedder"] = {**config["embedder"], "views": 1, "attributes": False}
    run_create(actor=None, scene=scene, preset="cpu-light", config=config)
    work()
    scene.refresh_from_db()
    return scene


def corrected(scene: Scene, actor: User) -> Run:
    """The run in which the longest tracklets are trimmed by a frame and the shortest one is hidden."""
    assert scene.current_run is not None
    longest = list(scene.current_run.tracklets.order_by("-length", "pk"))
    trims = [Trim(each.pk, first_frame=each.first_frame + 1) for each in longest[:VEHICLES]]
    edits = [*trims, Hide(longest[-1].pk)]
    tracklets_edit(actor=actor, scene=scene, run_id=scene.current_run.pk, edits=edits)
    return scene.current_run


def shown(promotion: Promotion) -> Run:
    """The run that a promotion has started, which the scene shows by now."""
    assert promotion.run is not None
    assert Scene.objects.get(pk=promotion.scene_id).current_run_id == promotion.run.pk
    return Run.objects.get(pk=promotion.run.pk)


def test_a_detector_that_learned_corrected_boxes_finds_the_vehicles_of_the_next_run(scene: Scene) -> None:
    admin = User.objects.create_user("ada", role=Role.ADMIN)
    before = corrected(scene, admin)
    label_set = label_set_create(actor=admin, scene=scene, held_share=0.34)
    content = label_content(label_set=label_set, with_around=True)
    assert len(content.tracklets) == VEHICLES
    assert content.around is not None
    assert len(content.around.tracklets) == before.tracklets.own().count() - VEHICLES - 1

    wanted = {"label_set_id": label_set.pk, "recipe": NAME, "minutes": 5, "epochs": 2}
    training_create(actor=admin, scene=scene, **wanted)
    work()
    version = ModelVersion.objects.select_related("training").get()
    points = list(version.training.points.exclude(epoch=None).order_by("epoch"))
    assert [point.epoch for point in points] == [0, 1, 2]
    assert all(point.held_ap50 is not None and point.held_recall is not None for point in points)
    assert version.card["best"]["ap50"] == max(point.held_ap50 or 0 for point in points)
    first = version.training.found_pictures[0]
    assert first["vehicles"] >= max(first["found_before"], first["found_after"])
    assert all(read_bytes(first[when]).startswith(b"\xff\xd8\xff") for when in ("before", "after"))

    comparison_start(actor=admin, version=version)
    work()
    version.refresh_from_db()
    assert version.comparison is not None
    assert (version.comparison["against"], version.comparison["vehicles"]) == (1, 2)
    assert [each["name"] for each in version.comparison["measures"]] == ["ap50", "recall", "precision"]
    for each in version.comparison["measures"]:
        assert 0 <= each["candidate"]["low"] <= each["candidate"]["value"] <= each["candidate"]["high"] <= 1

    promotion = model_promote(actor=admin, scene=scene, number=version.number, kind=DETECTOR)
    work()
    after = shown(promotion)
    assert version.sha256 in after.models_used["detect"]["checksum"]
    assert after.models_used["embed"] == before.models_used["embed"]
    assert versions_used(run=after) == {ModelKind.EMBEDDING: 1, DETECTOR: 2}
    kept = HumanPlace.objects.filter(run=after).exclude(tracklet=None).count()
    assert kept >= VEHICLES / 2  # those that the new detector finds at the same places

    back = model_roll_back(actor=admin, scene=scene, kind=DETECTOR)
    work()
    assert shown(back).models_used["detect"] == before.models_used["detect"]
    spans = [list(run.tracklets.own().values_list("first_frame", "last_frame")) for run in (before, shown(back))]
    assert spans[0] == spans[1]
    assert HumanPlace.objects.filter(run=shown(back)).exclude(tracklet=None).count() == VEHICLES
