from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from backend.config.demo.problems import DemoProblem
from backend.config.demo.programs import Program, Programs
from tests.services import PATIENCE, wait_for


@pytest.fixture
def programs() -> Iterator[Programs]:
    running = Programs()
    yield running
    running.stop()


def sleeper(folder: Path, code: str = "import time; time.sleep(60)") -> Program:
    return Program("sleeper", (sys.executable, "-c", code), folder / "sleeper.log")


def test_a_killed_program_is_started_again_and_a_line_says_so(programs: Programs, tmp_path: Path) -> None:
    child = programs.start(sleeper(tmp_path))
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    (line,) = wait_for(programs.check)
    assert "sleeper stopped (SIGKILL) and was started again" in line
    assert child.process.pid != first
    assert child.process.poll() is None


def test_a_program_that_keeps_dying_ends_with_the_tail_of_its_log(programs: Programs, tmp_path: Path) -> None:
    programs.start(sleeper(tmp_path, "print('no such database'); raise SystemExit(3)"))

    def check_until_it_raises() -> bool:
        programs.check()
        return False

    with pytest.raises(DemoProblem, match=r"no such database[\s\S]*stopped 3 times in a row"):
        wait_for(check_until_it_raises)


def test_stop_leaves_no_process_even_of_a_program_that_ignores_sigterm(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.config.demo.programs.STOP_SECONDS", 0.3)
    code = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print('ready', flush=True); time.sleep(60)"
    )
    child = programs.start(sleeper(tmp_path, code))
    wait_for(lambda: "ready" in child.program.log.read_text(), what="the program to be ready")
    family = [psutil.Process(child.process.pid), *psutil.Process(child.process.pid).children()]
    assert len(family) == 2
    programs.stop()
    gone, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert not alive
    assert len(gone) == 2


def test_programs_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from backend.config.demo.programs import Program, Programs\n"
        "command = (sys.executable, '-c', 'import time; time.sleep(60)')\n"
        f"program = Program('x', command, Path({str(tmp_path)!r}) / 'x')\n"
        "print(Programs().start(program).process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    gone, _ = psutil.wait_procs([child], timeout=PATIENCE)
    assert gone
