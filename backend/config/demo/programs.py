"""Child processes that are watched: started with a log, started anew when they die, stopped together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from backend.config.demo.problems import DemoProblem, log_tail

QUICK_DEATH_SECONDS = 20.0
QUICK_DEATHS_ALLOWED = 3
STOP_SECONDS = 10.0
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)  # loaded before any fork


@dataclass(frozen=True)
class Program:
    """What to run. `environment` is added to this process's own."""

    name: str
    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = field(default_factory=Path.cwd)


class Child:
    """A running program in a session of its own, so that Ctrl-C reaches only us and we choose the order of stopping."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.quick_deaths = 0
        self._start()

    def _start(self) -> None:
        self.program.log.parent.mkdir(parents=True, exist_ok=True)
        self.started = time.monotonic()
        with self.program.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.program.folder,
                env={**os.environ, **self.program.environment},
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def revive(self) -> str | None:
        """If the program has died, start it anew and return a line that says so.

        Raises DemoProblem when it keeps dying.
        """
        code = self.process.poll()
        if code is None:
            return None
        quick = time.monotonic() - self.started < QUICK_DEATH_SECONDS
        self.quick_deaths = self.quick_deaths + 1 if quick else 1
        if self.quick_deaths >= QUICK_DEATHS_ALLOWED:
            raise DemoProblem(
                f"{log_tail(self.program.log)}\n\n{self.program.name} stopped {self.quick_deaths} times in a row; "
                f"the reason is above and in {self.program.log}."
            )
        self._end_group()
        self._start()
        return f"{self.program.name} stopped ({_how(code)}) and was started again; its log is {self.program.log}"

    def ask_to_stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def wait_until_stopped(self, deadline: float) -> None:
        """Wait, then end whatever is left of the program's process group."""
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._end_group()
        self.process.wait()

    def _end_group(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


class Programs:
    """Several children as one: `check` in a loop, `stop` at the end."""

    def __init__(self) -> None:
        self.children: list[Child] = []

    def start(self, program: Program) -> Child:
        child = Child(program)
        self.children.append(child)
        return child

    def check(self) -> list[str]:
        """Revive the dead; one line each for those that were. Raises DemoProblem."""
        return [line for child in self.children if (line := child.revive())]

    def stop(self) -> None:
        """Ask all at once, wait for each, leave nothing behind."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            child.wait_until_stopped(deadline)
        self.children.clear()


def _how(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _end_with_parent() -> None:
    """In the child, before it becomes the program: the kernel ends it when we are gone, even by kill -9."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
