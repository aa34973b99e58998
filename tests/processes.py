"""Real worker processes for tests, and what is left of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.conf import settings

from tests.services import PATIENCE, environment, wait_for

# Short enough that a test of a fault takes seconds; a worker on a busy machine is not taken for a silent one.
SHORT_TIMES = {
    "CROSSTRACK_JOB_SILENT_SECONDS": "20",
    "CROSSTRACK_JOB_RESEND_SECONDS": "2",
    "CROSSTRACK_JOB_SWEEP_SECONDS": "1",
}
# For a worker that shall take a job over from one that has gone.
TAKES_OVER = {"CROSSTRACK_JOB_SILENT_SECONDS": "6"}
COUNTING = '{"detect": "tests.integration.faults.counting", "match": "tests.integration.faults.counting"}'


class Worker:
    """A Celery worker on the test's database and broker."""

    def __init__(self, name: str, log: Path, **variables: str) -> None:
        command = [sys.executable, "-m", "celery", "-A", "backend.config.celery", "worker", "-n", f"{name}@test"]
        command += [
            "-Q",
            "infer,train,media,default",
            "-P",
            "threads",
            "-c",
            "1",
            "--without-gossip",
            "--without-mingle",
        ]
        self.log = log
        with log.open("ab") as file:
            self.process = psutil.Popen(
                command,
                env={**environment(), **SHORT_TIMES, "CROSSTRACK_JOB_HANDLERS": COUNTING, **variables},
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def child(self) -> psutil.Process:
        """The process that does its job, once there is one."""
        return wait_for(self._child, what="a job's process")

    def kill(self) -> None:
        """kill -9, as an operator or the kernel would."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def _child(self) -> psutil.Process | None:
        return next((each for each in self.process.children() if "workers.child" in command_line(each)), None)


@contextmanager
def ended_after(worker: Worker) -> Iterator[Worker]:
    """The worker, and certainly none of its processes afterwards."""
    try:
        yield worker
    finally:
        for process in [worker.process, *_children(worker)]:
            try:
                process.send_signal(signal.SIGKILL)
                process.wait(PATIENCE)
            except psutil.NoSuchProcess:
                continue


def _children(worker: Worker) -> list[psutil.Process]:
    try:
        return worker.process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def command_line(process: psutil.Process) -> list[str]:
    """As it was started; empty once it has ended, which it may do between two looks."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def has_ended(process: psutil.Process) -> bool:
    """Also where nobody has asked yet how it ended: whoever inherits an orphan may take its time."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def job_processes() -> list[int]:
    """The processes doing a job of this test session's database, whoever started them."""
    running = psutil.process_iter(["cmdline"])
    return [each.pid for each in running if "workers.child" in (each.info["cmdline"] or []) and _ours(each)]


def _ours(process: psutil.Process) -> bool:
    try:
        return process.environ().get("CROSSTRACK_DATA") == os.environ["CROSSTRACK_DATA"]
    except psutil.Error:
        return False
