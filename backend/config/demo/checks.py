"""What must hold before the demo begins any long work."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.config.demo.ports import port_problem
from backend.config.demo.problems import DemoProblem, disk_full, not_writable, sentence_for

NEEDED_BYTES = 300 * 1024 * 1024


def port_from(text: str) -> int:
    if not text.isdecimal():
        raise DemoProblem(f"PORT={text} is not a number: choose one from 1024 to 65535, for example `PORT=8001`.")
    return int(text)


def check_before_work(data_dir: Path, frontend_dist: Path, *, host: str, port: int) -> None:
    """Raise DemoProblem for the first thing that would stop the demo later."""
    problem = port_problem(port, host)
    if problem:
        raise DemoProblem(problem)
    check_data_folder(data_dir)
    if not (frontend_dist / "index.html").is_file():
        raise DemoProblem("The front end is not built: run `make demo`, which builds it and starts everything.")
    check_vision_libraries(data_dir)


def check_data_folder(data_dir: Path) -> None:
    try:
        for folder in (data_dir, data_dir / "run", data_dir / "logs"):
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise DemoProblem(not_writable(folder))
        key = data_dir / "secret-key"
        if key.exists() and not os.access(key, os.R_OK):
            raise DemoProblem(f"{data_dir} belongs to another user. {not_writable(data_dir)}")
    except OSError as error:
        raise DemoProblem(sentence_for(error, data_dir) or f"{data_dir} cannot be used: {error}.") from error
    if shutil.disk_usage(data_dir).free < NEEDED_BYTES:
        raise DemoProblem(disk_full(data_dir))


def check_vision_libraries(data_dir: Path) -> None:
    """Import OpenCV and PyAV in a process of their own: the web side never loads them."""
    found = subprocess.run([sys.executable, "-c", "import cv2, av"], capture_output=True, text=True)
    if found.returncode != 0:
        last = found.stderr.strip().splitlines()[-1] if found.stderr.strip() else "no reason given"
        sentence = sentence_for(ImportError(last.partition(": ")[2]), data_dir)
        raise DemoProblem(sentence or f"The vision libraries do not load ({last}): run `make demo` to repair them.")


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for this process; the lock ends with it, however it ends. Raises DemoProblem."""
    with (data_dir / "run" / "demo.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise DemoProblem(
                f"The demo already runs on {data_dir} (process {file.read().strip() or 'unknown'}): use that one, "
                "stop it with Ctrl-C, or set CROSSTRACK_DATA to another folder."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
