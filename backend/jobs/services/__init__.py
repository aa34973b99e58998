"""All that changes a job. People's wishes: `requests`. A worker's hold on a job: `claims`. How it ends: `endings`."""

from backend.jobs.services.claims import (
    Claim,
    Pulse,
    job_checkpoint,
    job_claim,
    job_heartbeat,
    job_progress,
    job_pulse,
)
from backend.jobs.services.creation import job_create
from backend.jobs.services.endings import job_error, job_fail, job_give_back, job_stopped, job_succeed
from backend.jobs.services.lines import job_log
from backend.jobs.services.requests import job_cancel, job_retry, run_jobs_cancel

__all__ = [
    "Claim",
    "Pulse",
    "job_cancel",
    "job_checkpoint",
    "job_claim",
    "job_create",
    "job_error",
    "job_fail",
    "job_give_back",
    "job_heartbeat",
    "job_log",
    "job_progress",
    "job_pulse",
    "job_retry",
    "job_stopped",
    "job_succeed",
    "run_jobs_cancel",
]
