"""The match job carries people's decisions over to the run that it publishes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from backend.identities.selectors import identity_numbers
from backend.jobs.models import Job, JobKind, JobLine, JobState
from backend.jobs.services import job_claim
from backend.review.models import Answer, VerdictPlace
from backend.review.services.decisions import verdict_give
from backend.review.services.recording import Opinion
from backend.tracking.models import Run, Tracklet
from backend.tracking.services import embeddings_replace, run_create, tracklets_replace
from tests.world import MODEL, World, build_world, embedding_row, tracklet_row
from workers import match
from workers.context import JobContext


def found_again(world: World, *, with_second: bool = True) -> Run:
    """A later run that saw the same vehicles 2 pixels aside, matched by the job itself."""
    run = run_create(actor=None, scene=world.scene, preset="cpu-light")
    tracks = [[tracklet_row(1, 10, x=102.0), tracklet_row(2, 50, x=102.0)], [tracklet_row(1, 20, x=102.0)]]
    looks = [[embedding_row(1, [12]), embedding_row(2, [55])], [embedding_row(1, [22])]]
    if not with_second:
        tracks[1], looks[1] = [], []
    for video, rows, pictures in zip(world.videos, tracks, looks, strict=True):
        tracklets_replace(run=run, video=video, rows=rows)
        embeddings_replace(run=run, video=video, model=MODEL, rows=pictures)
    match.run(JobContext(claimed(run)))
    return run


def claimed(run: Run) -> Any:
    """The run's match job, all before it done."""
    Job.objects.filter(run=run).exclude(kind=JobKind.MATCH).update(state=JobState.SUCCEEDED)
    taken = job_claim(job_id=Job.objects.get(run=run, kind=JobKind.MATCH).pk, worker="here")
    assert taken is not None
    return taken


def decide(world: World, answer: Answer) -> None:
    first, _, second = world.tracklets
    verdict_give(actor=world.people["analyst"], scene=world.scene, left=first, right=second, opinion=Opinion(answer))


def together(run: Run) -> bool:
    """Whether the vehicle that both cameras see first is one identity."""
    numbers = identity_numbers(run=run)
    first, second = Tracklet.objects.filter(run=run, number=1).order_by("video")
    return numbers[first.pk] == numbers[second.pk]


def test_a_later_run_keeps_what_people_decided(transactional_db: None, tmp_path: Path) -> None:
    world = build_world(tmp_path)
    decide(world, Answer.DIFFERENT)
    assert not together(found_again(world))
    world.scene.refresh_from_db()
    assert world.scene.current_run != world.run
    decided = VerdictPlace.objects.filter(run=world.scene.current_run)
    assert [place.attached for place in decided] == [True]


def test_a_same_holds_against_the_matcher_in_a_later_run(transactional_db: None, tmp_path: Path) -> None:
    world = build_world(tmp_path)
    decide(world, Answer.SAME)
    assert together(found_again(world))


def test_the_log_says_what_found_no_counterpart(transactional_db: None, tmp_path: Path) -> None:
    world = build_world(tmp_path)
    decide(world, Answer.DIFFERENT)
    run = found_again(world, with_second=False)
    lines = JobLine.objects.filter(job__run=run, job__kind=JobKind.MATCH).values_list("message", flat=True)
    assert "verdicts without counterpart in this run, kept and listed: 1" in list(lines)
    (place,) = VerdictPlace.objects.filter(run=run)
    assert (place.attached, place.left_id is None, place.right_id is None) == (False, False, True)
