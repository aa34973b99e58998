"""The parts of a running site: services, database, workers, web. The demo and the browser tests start them alike."""

from __future__ import annotations

import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from backend.config.demo.problems import DemoProblem, log_tail
from backend.config.demo.programs import Program, Programs
from backend.config.embedded import postgres, valkey

WEB_PROCESSES = 2
MOST_HEAVY_SLOTS = 4
WEB_START_SECONDS = 60.0


def start_services(data_dir: Path) -> None:
    """Start the embedded services that are in use; external ones (DATABASE_URL, BROKER_URL) are not ours to start."""
    if settings.DATABASE_IS_EMBEDDED:
        postgres.start(data_dir)
    if settings.BROKER_IS_EMBEDDED:
        valkey.start(data_dir)


def stop_services(data_dir: Path) -> list[str]:
    """Stop the embedded services that run; their names."""
    stopped = []
    if settings.BROKER_IS_EMBEDDED and valkey.stop(data_dir):
        stopped.append("broker")
    if settings.DATABASE_IS_EMBEDDED and postgres.stop(data_dir):
        stopped.append("database")
    return stopped


def revive_services(data_dir: Path) -> list[str]:
    """Start an embedded service that has died; one line each."""
    lines = []
    if settings.DATABASE_IS_EMBEDDED and postgres.server_process(postgres.data_folder(data_dir)) is None:
        postgres.start(data_dir)
        lines.append(f"the database had stopped and was started again; its log is {postgres.log_file(data_dir)}")
    if settings.BROKER_IS_EMBEDDED and valkey.server_process(data_dir) is None:
        valkey.start(data_dir)
        lines.append("the broker had stopped and was started again; no job is lost")
    return lines


def migrate() -> None:
    """Bring the database to this version of the code."""
    call_command("migrate", interactive=False, verbosity=0)


def web_program(*, host: str, port: int, logs: Path, environment: Mapping[str, str] | None = None) -> Program:
    command = ["-m", "gunicorn", "backend.config.asgi:application", "-k", "uvicorn.workers.UvicornWorker"]
    command += ["-w", str(WEB_PROCESSES), "-b", f"{host}:{port}", "--graceful-timeout", "3", "--no-control-socket"]
    return _program("web server", logs / "web.log", command, environment)


def worker_programs(*, logs: Path, environment: Mapping[str, str] | None = None) -> list[Program]:
    """One heavy worker for the device and a light one beside it, so that long work never blocks short work."""
    slots, threads = heavy_slots()
    heavy = {"OMP_NUM_THREADS": str(threads), **(environment or {})}
    return [
        _worker("heavy worker", "infer,train", slots, logs / "worker-heavy.log", heavy),
        _worker("light worker", "media,default", 2, logs / "worker-light.log", environment),
    ]


def heavy_slots() -> tuple[int, int]:
    """How many heavy jobs run at once, and the CPU threads of each: one job on a GPU; else the cores are shared out,
    because two cameras with a thread each are done sooner than one after the other with two."""
    cores = len(os.sched_getaffinity(0))
    slots = 1 if Path("/dev/nvidia0").exists() else min(cores, MOST_HEAVY_SLOTS)
    return slots, cores // slots


def _worker(name: str, queues: str, threads: int, log: Path, environment: Mapping[str, str] | None) -> Program:
    command = ["-m", "celery", "-A", "backend.config.celery", "worker", "-Q", queues, "-P", "threads"]
    command += ["-c", str(threads), "-n", f"{name.split()[0]}@%h", "--without-gossip", "--without-mingle"]
    return _program(name, log, command, environment)


def _program(name: str, log: Path, arguments: list[str], environment: Mapping[str, str] | None) -> Program:
    return Program(name, (sys.executable, *arguments), log, environment or {}, settings.BASE_DIR)


def start_workers(programs: Programs, *, logs: Path, environment: Mapping[str, str] | None = None) -> None:
    for program in worker_programs(logs=logs, environment=environment):
        programs.start(program)


def start_web(
    programs: Programs, *, host: str, port: int, logs: Path, environment: Mapping[str, str] | None = None
) -> str:
    """Start the web server and wait until it answers; its address. Raises DemoProblem."""
    program = web_program(host=host, port=port, logs=logs, environment=environment)
    programs.start(program)
    address = f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}"  # noqa: S104
    deadline = time.monotonic() + WEB_START_SECONDS
    while not _answers(f"http://{host}:{port}/api/v1/health"):
        programs.check()
        if time.monotonic() > deadline:
            raise DemoProblem(
                f"{log_tail(program.log)}\n\nThe web server does not answer; see above and {program.log}."
            )
        time.sleep(0.1)
    return address


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
