"""A training of a detector goes on after its worker was killed, and what comes out is what would have come out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.accounts.models import User
from backend.jobs.models import Job, JobState
from backend.labels.content import Around, LabelContent, LabelledTracklet, LabelledVideo
from backend.labels.models import LabelSet
from backend.media.models import Video
from backend.media.storage import save_bytes, save_file
from backend.tracking.models import Run
from backend.training.models import ModelKind, ModelVersion, TrainingRun
from backend.training.services import training_create
from ml.datasets.scene import read_scene
from ml.video import sha256_of
from tests.integration.faults.waiting import wait_for_state
from tests.processes import Worker
from tests.scenes import DEMO
from tests.tiny_tuning import DIES, FOLDER, HANDLERS, NAME, write_recipe

FRAMES = 70  # labelled ones; those from 5 s on are held

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def label_set(run: Run) -> LabelSet:
    """The true boxes of seven seconds of the demo's first camera; every third vehicle is held."""
    camera = read_scene(DEMO).cameras[0]
    truth = camera.ground_truth()
    assert truth is not None
    wanted = truth.frames < FRAMES
    video = Video.objects.get()
    video.file, video.sha256 = save_file("videos/demo.mp4", camera.require_video()), sha256_of(camera.require_video())
    video.save()
    frames = camera.frame_count or 0
    about = LabelledVideo(video.pk, "c001", video.sha256, 960, 540, 10.0, frames, 0.0)
    tracklets = []
    for identity in np.unique(truth.ids[wanted]).tolist():
        rows = (truth.ids == identity) & wanted
        place, score = truth.frames[rows], np.ones(int(rows.sum()), np.float32)
        held = identity % 3 == 0
        tracklets.append(LabelledTracklet(0, identity, identity, 3, "", True, held, place, truth.boxes[rows], score))
    content = LabelContent((about,), tuple(tracklets), Around((), {})).to_bytes()
    return LabelSet.objects.create(
        scene=run.scene, number=1, run_number=1, last_operation=0, held_share=0.3,
        file=save_bytes("labels/1.npz", content), sha256=hashlib.sha256(content).hexdigest(), size=len(content),
        statistics={"shared_identities": 0, "tracklets": len(tracklets), "other_tracklets": 0}, changes={},
    )  # fmt: skip


def start(manager: User, label_set: LabelSet) -> TrainingRun:
    return training_create(actor=manager, scene=label_set.scene, label_set_id=label_set.pk, recipe=NAME, minutes=60)


@pytest.mark.fault
def test_killed_it_goes_on_to_the_same_detector(
    manager: User, label_set: LabelSet, start_worker: Callable[..., Worker], tmp_path: Path, settings: Any
) -> None:
    settings.DETECTOR_RECIPES_DIR = write_recipe(tmp_path)
    start_worker(CROSSTRACK_JOB_HANDLERS=HANDLERS, **{FOLDER: str(tmp_path), DIES: "yes"})
    disturbed, undisturbed = start(manager, label_set), start(manager, label_set)
    for training in (disturbed, undisturbed):
        assert training.job is not None
        wait_for_state(training.job, JobState.SUCCEEDED)
    one, other = (ModelVersion.objects.get(training=training) for training in (disturbed, undisturbed))
    assert (one.kind, one.sha256) == (ModelKind.DETECTOR, other.sha256)
    fields = ("line", "step", "epoch", "loss", "held_ap50", "held_recall")
    said, quietly = (list(training.points.values_list(*fields)) for training in (disturbed, undisturbed))
    assert said == quietly
    assert Job.objects.get(parameters={"training": disturbed.pk}).attempt == 2
