"""A whole site for the browser tests: the demo as people start it, in a data folder of its own, with its run done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.external import open_folder
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
READY = "Ctrl-C stops everything."
START_SECONDS = 900.0
STOP_SECONDS = 120.0
# Where the demo would find other services than its own.
FOREIGN = ("DATABASE_URL", "BROKER_URL", "STORAGE_URL", "CROSSTRACK_CACHE", "DJANGO_SETTINGS_MODULE")


@dataclass(frozen=True)
class LiveSite:
    """Its address, and the file with the passwords of its users (viewer, analyst, manager, admin)."""

    address: str
    users: Path


@pytest.fixture(scope="session")
def live_site(stage_cache: Path) -> Iterator[LiveSite]:
    """A site whose demo scene has a finished run; CROSSTRACK_SITE and CROSSTRACK_SITE_USERS name one that runs."""
    running = os.environ.get("CROSSTRACK_SITE")
    if running:
        yield LiveSite(running, Path(os.environ["CROSSTRACK_SITE_USERS"]))
        return
    port = free_port()
    with open_folder() as data_dir, (data_dir / "demo.out").open("w+") as output:
        demo = _start(data_dir, stage_cache, port, output.fileno())
        try:
            _wait_until_ready(demo, data_dir / "demo.out")
            yield LiveSite(f"http://127.0.0.1:{port}", data_dir / "demo-users.json")
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(STOP_SECONDS)


def _start(data_dir: Path, cache: Path, port: int, output: int) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    environment |= {"CROSSTRACK_DATA": str(data_dir), "CROSSTRACK_CACHE": str(cache)}
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True)


def _wait_until_ready(demo: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while READY not in output.read_text():
        if demo.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the demo did not get ready:\n{output.read_text()[-4000:]}")
        time.sleep(0.5)
