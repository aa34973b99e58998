"""`manage.py demo`: start everything on this machine, run the demo scene, print the address, stop on Ctrl-C."""

from __future__ import annotations

import logging
import os
import signal
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from backend.config.demo.checks import check_before_work, check_data_folder, only_one, port_from
from backend.config.demo.problems import DemoProblem, explained
from backend.config.demo.scene import SHIPPED
from backend.config.demo.screen import Screen
from backend.config.demo.show import Show, WorkFailed

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = "Start database, broker, workers and web server here, run the demo scene, print the address."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="also by PORT; 8000 by default")
        parser.add_argument(
            "--host", default=os.environ.get("CROSSTRACK_HOST") or "127.0.0.1", help="also by CROSSTRACK_HOST"
        )
        parser.add_argument("--scene", default=SHIPPED, type=Path, help="scene folder")
        parser.add_argument("--exit-when-ready", action="store_true", help="stop once the run has succeeded")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with explained(settings.DATA_DIR), _stopped_by_signals():
                self._run(**options)
        except DemoProblem as problem:
            raise SystemExit(f"\n{problem}") from problem

    def _run(self, *, port: str, host: str, scene: Path, exit_when_ready: bool, **_: Any) -> None:
        check_data_folder(settings.DATA_DIR)
        with only_one(settings.DATA_DIR):
            number = port_from(port)
            _log_into(settings.DATA_DIR / "logs" / "demo.log")
            check_before_work(settings.DATA_DIR, settings.FRONTEND_DIST, host=host, port=number)
            _run_and_stop(Show(host, number, scene, Screen()), exit_when_ready=exit_when_ready)


def _run_and_stop(show: Show, *, exit_when_ready: bool) -> None:
    try:
        _run_show(show, exit_when_ready=exit_when_ready)
    except KeyboardInterrupt:
        show.screen.say("\nStopping.")
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        show.stop()
    show.screen.say("Stopped; the next start goes on from here.")


def _run_show(show: Show, *, exit_when_ready: bool) -> None:
    try:
        show.start()
    except WorkFailed:
        if exit_when_ready:
            raise
    if not exit_when_ready:
        show.keep_running()


def _log_into(path: Path) -> None:
    """Send this process's log lines to a file: the terminal is for people."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(path.open("a"))


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """SIGTERM and a closed terminal stop us as Ctrl-C does."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in STOP_SIGNALS}
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
