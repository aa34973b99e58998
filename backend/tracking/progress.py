"""How far a run is, told from its jobs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.jobs.models import Job, JobKind, JobState

# Rough shares of a run's time on a CPU: finding vehicles takes most of it.
SHARE = {
    JobKind.DETECT: 12.0,
    JobKind.TRACK: 1.0,
    JobKind.EMBED: 4.0,
    JobKind.MATCH: 1.0,
    JobKind.EVALUATE: 1.0,
}
# Of several jobs in one row, the state that a person must know first.
TELLING = (
    JobState.ERRORED, JobState.FAILED, JobState.CANCELLED, JobState.RUNNING, JobState.QUEUED, JobState.SUCCEEDED,
)  # fmt: skip
FRACTION_TO_TRUST = 0.02


@dataclass(frozen=True, slots=True)
class StageProgress:
    """One stage in one camera (None: over all cameras)."""

    stage: str
    camera: int | None
    camera_name: str | None
    state: str
    done: int
    total: int | None
    unit: str
    problem: str
    jobs: list[int]


@dataclass(frozen=True, slots=True)
class RunProgress:
    """`fraction` 0..1; `remaining_s` None while it cannot be told."""

    fraction: float
    remaining_s: float | None
    stages: list[StageProgress]


def run_progress(jobs: Iterable[Job], *, started_at: datetime | None, now: datetime) -> RunProgress:
    """`jobs` of one run, with their videos' cameras."""
    listed = sorted(jobs, key=lambda job: (list(SHARE).index(JobKind(job.kind)), _camera_order(job), job.pk))
    fraction = _fraction(listed)
    return RunProgress(fraction, _remaining_s(listed, fraction, started_at, now), _stages(listed))


def job_fraction(job: Job) -> float:
    """0..1; a job that says no total is at 0 until it ends."""
    if job.state == JobState.SUCCEEDED:
        return 1.0
    return min(job.done / job.total, 1.0) if job.total else 0.0


def _fraction(jobs: Sequence[Job]) -> float:
    whole = sum(SHARE[JobKind(job.kind)] for job in jobs)
    done = sum(SHARE[JobKind(job.kind)] * job_fraction(job) for job in jobs)
    return done / whole if whole else 0.0


def _remaining_s(jobs: Sequence[Job], fraction: float, started_at: datetime | None, now: datetime) -> float | None:
    goes_on = any(job.state == JobState.RUNNING for job in jobs)
    if not goes_on or started_at is None or fraction < FRACTION_TO_TRUST:
        return None
    return (now - started_at).total_seconds() * (1.0 - fraction) / fraction


def _stages(jobs: Sequence[Job]) -> list[StageProgress]:
    rows: dict[tuple[str, int | None], list[Job]] = defaultdict(list)
    for job in jobs:
        rows[job.kind, job.video.camera_id if job.video else None].append(job)
    return [_stage(stage, camera, members) for (stage, camera), members in rows.items()]


def _stage(stage: str, camera: int | None, jobs: Sequence[Job]) -> StageProgress:
    states = {job.state for job in jobs}
    totals = [job.total for job in jobs]
    return StageProgress(
        stage=stage,
        camera=camera,
        camera_name=jobs[0].video.camera.name if jobs[0].video else None,
        state=next(state for state in TELLING if state in states),
        done=sum(job.done for job in jobs),
        total=None if None in totals else sum(total for total in totals if total is not None),
        unit=next((job.unit for job in jobs if job.unit), ""),
        problem=next((job.problem for job in jobs if job.problem), ""),
        jobs=[job.pk for job in jobs],
    )


def _camera_order(job: Job) -> tuple[int, str]:
    return (job.video.camera.position, job.video.camera.name) if job.video else (0, "")
