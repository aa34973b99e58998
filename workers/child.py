"""The process that does one job: `python -m workers.child JOB CLAIM PARENT`, started by `workers.supervisor`.

It dies with its parent, whatever way that goes, and writes the job's end itself, under its claim. A handler that
starts processes of its own must make them die with it.
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import signal
import sys
import uuid
from types import FrameType

ENDED, NOT_OURS, ORPHAN = 0, 3, 4
PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    """Do the job. Returns the exit code: 0 when the job's end is written, 3 when it is not ours (any more)."""
    job_id, token, parent = int(arguments[0]), uuid.UUID(arguments[1]), int(arguments[2])
    if not die_with(parent):
        return ORPHAN
    faulthandler.enable()

    # Only now, so that no process outlives its worker while it is busy importing.
    import django

    django.setup()
    from backend.jobs.services import Claim
    from workers.context import JobCancelled
    from workers.database import connect_as_worker
    from workers.execution import execute

    connect_as_worker()
    signal.signal(signal.SIGTERM, _stop)
    try:
        execute(Claim(job_id, token))
    except JobCancelled:
        return NOT_OURS
    return ENDED


def die_with(parent: int) -> bool:
    """Have the kernel kill this process when the thread that started it ends. Returns False if it has ended already."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return os.getppid() == parent


def _stop(number: int, frame: FrameType | None) -> None:
    """SIGTERM: let `finally` and `with` clean up, then go. A second one changes nothing; SIGKILL follows anyway."""
    from workers.context import JobCancelled

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise JobCancelled


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
