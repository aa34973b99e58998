"""`manage.py services start|stop|status|env`: the embedded database and broker, without the demo."""

from __future__ import annotations

import shlex
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backend.config.demo.checks import check_data_folder
from backend.config.demo.problems import DemoProblem, explained
from backend.config.demo.site import start_services, stop_services
from backend.config.embedded import postgres
from backend.config.health import broker_answers, database_answers


class Command(BaseCommand):
    help = "Start, stop or show the embedded database and broker; `env` prints what psql and pg_dump need, for eval."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status", "env"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        try:
            with explained(settings.DATA_DIR):
                getattr(self, f"_{action}")()
        except DemoProblem as problem:
            raise CommandError(str(problem)) from problem

    def _start(self) -> None:
        check_data_folder(settings.DATA_DIR)
        start_services(settings.DATA_DIR)
        self._status()

    def _stop(self) -> None:
        stopped = stop_services(settings.DATA_DIR)
        self.stdout.write(f"stopped: {', '.join(stopped)}" if stopped else "nothing was running")

    def _status(self) -> None:
        """One line a service; exit code 1 unless both answer."""
        parts = [("database", settings.DATABASE_IS_EMBEDDED, database_answers())]
        parts += [("broker", settings.BROKER_IS_EMBEDDED, broker_answers())]
        for name, embedded, answers in parts:
            kind = f"embedded, in {settings.DATA_DIR}" if embedded else "external"
            self.stdout.write(f"{name}: {'running' if answers else 'not running'} ({kind})")
        if not all(answers for _, _, answers in parts):
            raise CommandError("Start what is missing with `manage.py services start`.")

    def _env(self) -> None:
        """Shell lines that put the embedded database's own programs on the PATH and point them at it."""
        if not settings.DATABASE_IS_EMBEDDED:
            raise CommandError("DATABASE_URL is set: give it to psql and pg_dump as their database name.")
        lines = {
            "PATH": f"{shlex.quote(str(Path(postgres.program('psql')).parent))}:$PATH",
            "PGHOST": shlex.quote(str(postgres.socket_folder(settings.DATA_DIR))),
            "PGUSER": "postgres",
            "PGDATABASE": postgres.DATABASE_NAME,
            "CROSSTRACK_DATA": shlex.quote(str(settings.DATA_DIR)),
        }
        for name, value in lines.items():
            self.stdout.write(f"export {name}={value}")
