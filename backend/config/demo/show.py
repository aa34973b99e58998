"""The demo from start to stop: what `manage.py demo` does, step by step, with a line for each."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection

from backend.config.demo import site
from backend.config.demo.people import demo_users_ensure, passwords_file
from backend.config.demo.problems import DemoProblem
from backend.config.demo.programs import Programs
from backend.config.demo.scene import Work, demo_scene_ensure, demo_work
from backend.config.demo.screen import Screen, bar, duration
from backend.scenes.models import Scene

LOOK_EVERY_SECONDS = 0.5


@dataclass
class Show:
    host: str
    port: int
    scene_folder: Path
    screen: Screen
    programs: Programs = field(default_factory=Programs)
    began: float = field(default_factory=time.monotonic)

    @property
    def data_dir(self) -> Path:
        return settings.DATA_DIR

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    def start(self) -> None:
        """Everything up to the address and a finished run. Raises DemoProblem."""
        self._step("Database and broker", lambda: site.start_services(self.data_dir))
        self._step("Database schema", site.migrate)
        passwords = demo_users_ensure(self.data_dir)
        site.start_workers(self.programs, logs=self.logs)
        address = ""

        def start_web() -> None:
            nonlocal address
            address = site.start_web(self.programs, host=self.host, port=self.port, logs=self.logs)

        self._step("Web server and workers", start_web)
        scene, imported = demo_scene_ensure(self.scene_folder)
        self.screen.say(f"  {'Demo scene':<34}{'imported' if imported else 'is there'}")
        if not demo_work(scene).is_done:
            self.screen.say(f"\n  The site is open at {address} while the pipeline runs:")
        problem = self._follow(scene)
        self._welcome(address, passwords, problem)
        if problem:
            raise WorkFailed(problem)

    def keep_running(self) -> None:
        """Watch over programs and services until somebody stops us. Raises DemoProblem."""
        while True:
            self._look_after()
            time.sleep(LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        """Web, workers, then services; nothing stays behind."""
        connection.close()
        self.programs.stop()
        site.stop_services(self.data_dir)

    def _step(self, name: str, work: Callable[[], object]) -> None:
        began = time.monotonic()
        work()
        self.screen.say(f"  {name:<34}ready in {time.monotonic() - began:.1f} s")

    def _follow(self, scene: Scene) -> str:
        """Show the work until it ends; the sentence that says why it failed, or nothing."""
        began = time.monotonic()
        worked = False
        while not (work := self._work(scene)).is_done:
            worked = True
            self.screen.block(_lines(work), _summary(work, time.monotonic() - began))
            self._look_after()
            time.sleep(LOOK_EVERY_SECONDS)
        if worked and not work.problem:
            self.screen.say(f"  {'Pipeline':<34}done in {duration(time.monotonic() - began)}")
        return work.problem

    def _work(self, scene: Scene) -> Work:
        try:
            return demo_work(scene)
        except OperationalError:  # the database is being started again; the next look will tell
            connection.close()
            return Work([], False)

    def _look_after(self) -> None:
        for line in [*site.revive_services(self.data_dir), *self.programs.check()]:
            self.screen.say(f"  {line}")

    def _welcome(self, address: str, passwords: dict[str, str], problem: str) -> None:
        if problem:
            self.screen.say(
                f"\nThe pipeline failed: {problem}\nThe site is open all the same, its jobs page says more:"
            )
        self.screen.say(f"\nCrosstrack runs at {address}  (started in {duration(time.monotonic() - self.began)})\n")
        for number, (name, password) in enumerate(passwords.items()):
            self.screen.say(f"  {'' if number else 'sign in as':<12}{name:<10}{password}")
        self.screen.say(f"  {'passwords':<12}{passwords_file(self.data_dir)}")
        self.screen.say(f"  {'logs':<12}{self.logs}")
        self.screen.say("\nCtrl-C stops everything.")


class WorkFailed(DemoProblem):
    """The site runs, but the demo's pipeline did not succeed."""


def _lines(work: Work) -> list[str]:
    return [f"    {stage.name:<28}{bar(stage.fraction)}" for stage in work.stages]


def _summary(work: Work, seconds: float) -> str:
    """What is under way, for a log or a pipe: stages that have neither just begun nor ended."""
    parts = [f"{stage.name} {int(stage.fraction * 100)} %" for stage in work.stages if 0 < stage.fraction < 1]
    return f"    {duration(seconds):<12}{', '.join(parts) or 'waiting for a worker'}"
