"""Runs a job's handler and writes how that ended."""

from __future__ import annotations

import traceback
from functools import partial

from django.db import connection

from backend.jobs import services
from backend.jobs.errors import JobLost
from backend.jobs.services import Claim
from ml.types import UserError
from workers.context import JobCancelled, JobContext
from workers.database import DATABASE_GONE, patiently
from workers.registry import handler_for

# A handler is run again in the same process when the database went away under it, but not for ever.
MOST_RUNS = 10


def execute(claim: Claim) -> None:
    """Do the job: succeeded, failed (`UserError`: a person can put it right) or errored (anything else: a bug).

    Raises JobCancelled if the job is not, or no longer, this claim's; then nothing was written.
    """
    context = JobContext(claim)
    try:
        _run(context, claim)
    except UserError as error:
        _end(partial(services.job_fail, claim=claim, code=error.code, problem=str(error)))
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
        _end(partial(services.job_error, claim=claim, problem=problem, trace=traceback.format_exc()))


def _run(context: JobContext, claim: Claim) -> None:
    """Call the handler until it has run through without the database going away; its checkpoint makes that short."""
    for runs_left in reversed(range(MOST_RUNS)):
        try:
            handler_for(context.job.kind)(context)
            if not context.published:
                services.job_succeed(claim=claim)
            return
        except JobLost as lost:
            raise JobCancelled from lost
        except DATABASE_GONE:
            if not runs_left:
                raise
            connection.close()
            # Whether a commit that was cut off has happened is known only now.
            context.reload()
            if context.published:
                return
            context.log("the database went away; going on from the last checkpoint", "warning")


def _end(write: partial[None]) -> None:
    try:
        patiently(write)
    except JobLost as lost:
        raise JobCancelled from lost
