"""A training goes on after its worker was killed, and what comes out is what would have come out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from backend.accounts.models import User
from backend.jobs.models import Job, JobState
from backend.labels.models import LabelSet
from backend.tracking.models import Run
from backend.training.models import ModelVersion, TrainingPoint, TrainingRun
from backend.training.services import training_create, training_stop
from tests.integration.faults.waiting import LONG, wait_for_state
from tests.integration.test_reid_training import written_set
from tests.processes import Worker
from tests.services import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def label_set(run: Run, tmp_path: Path) -> Iterator[LabelSet]:
    """Painted vehicles, already cut out of the videos."""
    label_set = LabelSet.objects.create(
        scene=run.scene, number=1, run_number=1, last_operation=0, held_share=0.2, file="labels.npz",
        sha256="c0ffee", size=1, statistics={"shared_identities": 12, "tracklets": 24}, changes={},
    )  # fmt: skip
    folder = Path(settings.STAGE_CACHE_DIR) / "labels" / label_set.sha256
    shutil.copytree(written_set(tmp_path), folder)
    yield label_set
    shutil.rmtree(folder)


def start(manager: User, label_set: LabelSet, epochs: int) -> TrainingRun:
    return training_create(
        actor=manager, scene=label_set.scene, label_set_id=label_set.pk, recipe="scene", minutes=60, epochs=epochs
    )


def wait_for_epoch(training: TrainingRun, epoch: int) -> None:
    reached = TrainingPoint.objects.filter(training=training, epoch__gte=epoch)
    wait_for(reached.exists, seconds=LONG, what=f"epoch {epoch}")


def finished(training: TrainingRun) -> ModelVersion:
    assert training.job is not None
    wait_for_state(training.job, JobState.SUCCEEDED)
    return ModelVersion.objects.get(training=training)


def same_after(
    kills: int, manager: User, label_set: LabelSet, start_worker: Callable[..., Worker], *, epochs: int
) -> None:
    """The weights and points of a training whose process is killed so often are those of one left alone."""
    worker = start_worker()
    disturbed = start(manager, label_set, epochs)
    assert disturbed.job is not None
    Job.objects.filter(pk=disturbed.job.pk).update(max_attempts=kills + 1)
    for epoch in range(kills):
        wait_for_epoch(disturbed, min(epoch + 1, epochs - 1))
        worker.child().kill()
    undisturbed = start(manager, label_set, epochs)
    versions = [finished(training) for training in (disturbed, undisturbed)]
    assert versions[0].sha256 == versions[1].sha256
    fields = ("line", "step", "epoch", "loss", "held_map", "held_rank1")
    one, two = (list(training.points.values_list(*fields)) for training in (disturbed, undisturbed))
    assert one == two
    assert len(one) > epochs
    assert Job.objects.get(pk=disturbed.job.pk).attempt == kills + 1


@pytest.mark.fault
def test_killed_it_goes_on_to_the_same_model(
    manager: User, label_set: LabelSet, start_worker: Callable[..., Worker]
) -> None:
    same_after(1, manager, label_set, start_worker, epochs=3)


@pytest.mark.soak
def test_killed_ten_times_it_goes_on_to_the_same_model(
    manager: User, label_set: LabelSet, start_worker: Callable[..., Worker]
) -> None:
    same_after(10, manager, label_set, start_worker, epochs=8)


def test_stopped_early_the_best_so_far_comes_out_with_rankings_to_look_at(
    manager: User, label_set: LabelSet, start_worker: Callable[..., Worker]
) -> None:
    training = start(manager, label_set, epochs=30)
    training_stop(actor=manager, training=training)
    start_worker()
    version = finished(training)
    points = list(training.points.all())
    assert [point.epoch for point in points] == [0]
    assert version.number == 2
    assert version.card["held"]["vehicles"] == 2
    assert version.card["test"]["queries"] == 8
    training.refresh_from_db()
    assert len(training.samples) == 4
    assert all(
        ranking["query"]["camera"] != found["camera"] for ranking in training.samples for found in ranking["found"]
    )
