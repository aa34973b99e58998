"""From labels to a run by the model that learned them: trained, compared, promoted, on videos."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from backend.accounts.models import Role, User
from backend.jobs.models import Job, JobState
from backend.jobs.selectors import jobs_ready
from backend.jobs.services import job_claim
from backend.labels.content import LabelContent, LabelledTracklet, LabelledVideo
from backend.labels.models import LabelSet
from backend.media.models import Video
from backend.media.storage import save_bytes
from backend.review.models import Answer, Verdict
from backend.review.services.decisions import verdict_give
from backend.review.services.recording import Opinion
from backend.scenes.models import Scene
from backend.tracking.arrays import unpack_boxes, unpack_frames, unpack_scores
from backend.tracking.models import Run, Tracklet
from backend.tracking.presets import preset_get
from backend.tracking.services import run_create
from backend.training.models import ModelVersion
from backend.training.services import comparison_start, model_promote, training_create
from tests.scenes import short_scene
from workers.execution import execute

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.django_db(transaction=True)]

VEHICLES = 6


def work() -> None:
    """Do all jobs that there are, one after the other."""
    while (job := jobs_ready().order_by("pk").first()) is not None:
        claim = job_claim(job_id=job.pk, worker="here")
        assert claim is not None
        execute(claim)
    ended = list(Job.objects.exclude(state=JobState.SUCCEEDED).values_list("kind", "problem", "trace"))
    assert ended == []


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Three seconds of two cameras with a run, found in small pictures, which is quicker."""
    call_command("import_scene", short_scene(tmp_path / "scene", seconds=3.0), name="Short")
    work()
    scene = Scene.objects.get(name="Short")
    config = dict(preset_get("cpu-light").config)
    config["detector"] = {**config["detector"], "input_height": 224, "input_width": 416}
    run_create(actor=None, scene=scene, preset="cpu-light", config=config)
    work()
    scene.refresh_from_db()
    return scene


def labelled(scene: Scene) -> LabelSet:
    """The longest tracklets of both cameras, taken for the same vehicles two by two; every third one is held."""
    assert scene.current_run is not None
    videos = list(Video.objects.filter(camera__scene=scene).select_related("camera").order_by("camera__position"))
    tracklets = []
    for place, video in enumerate(videos):
        longest = scene.current_run.tracklets.filter(video=video).order_by("-length", "pk")[:VEHICLES]
        tracklets += [_labelled(row, place, identity) for identity, row in enumerate(longest, start=1)]
    tracklets.sort(key=lambda each: (each.identity, each.video))
    content = LabelContent(tuple(_video(video) for video in videos), tuple(tracklets)).to_bytes()
    return LabelSet.objects.create(
        scene=scene, number=1, run=scene.current_run, run_number=1, last_operation=0, held_share=0.3,
        file=save_bytes("labels/1.npz", content), sha256=hashlib.sha256(content).hexdigest(), size=len(content),
        statistics={"shared_identities": VEHICLES, "tracklets": len(tracklets)}, changes={},
    )  # fmt: skip


def _labelled(row: Tracklet, video: int, identity: int) -> LabelledTracklet:
    packed = unpack_frames(row.frames), unpack_boxes(row.boxes), unpack_scores(row.scores)
    return LabelledTracklet(video, identity, row.number, row.category, "", True, identity % 3 == 0, *packed)


def _video(video: Video) -> LabelledVideo:
    size = (video.width or 0, video.height or 0, video.fps or 0.0, video.frame_count or 0)
    return LabelledVideo(video.pk, video.camera.name, video.sha256, *size, video.start_s)


def test_a_model_that_learned_labels_describes_the_vehicles_of_the_next_run(scene: Scene) -> None:
    admin = User.objects.create_user("ada", role=Role.ADMIN)
    before = scene.current_run
    assert before is not None
    left, right = (before.tracklets.filter(camera=camera).first() for camera in scene.cameras.all())
    assert left is not None
    assert right is not None
    verdict_give(actor=admin, scene=scene, left=left, right=right, opinion=Opinion(Answer.DIFFERENT))
    label_set = labelled(scene)

    training_create(actor=admin, scene=scene, label_set_id=label_set.pk, recipe="scene", minutes=5, epochs=1)
    work()
    version = ModelVersion.objects.get()
    assert version.card["learned"]["vehicles"] == 3
    assert len(version.training.samples) == 2

    comparison_start(actor=admin, version=version)
    work()
    version.refresh_from_db()
    assert version.comparison is not None
    assert (version.comparison["against"], version.comparison["vehicles"]) == (1, 2)
    measures = {each["name"]: each for each in version.comparison["measures"]}
    assert list(measures) == ["map", "rank1", "idf1"]
    for each in measures.values():
        assert 0 <= each["candidate"]["low"] <= each["candidate"]["value"] <= each["candidate"]["high"] <= 1
        difference = each["candidate"]["value"] - each["other"]["value"]
        assert np.isclose(each["difference"]["value"], difference)

    promotion = model_promote(actor=admin, scene=scene, number=version.number)
    work()
    assert promotion.run is not None
    after = Run.objects.get(pk=promotion.run.pk)
    assert after.models_used["embed"]["checksum"] == version.sha256
    assert after.models_used["detect"] == before.models_used["detect"]
    assert Scene.objects.get(pk=scene.pk).current_run == after
    same = [list(run.tracklets.values_list("video", "first_frame", "last_frame")) for run in (before, after)]
    assert same[0] == same[1]
    assert Verdict.objects.get().places.filter(run=after).exists()
