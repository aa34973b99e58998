"""`manage.py services start|stop|status`: the embedded database and broker, for development without the demo."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backend.config.demo.checks import check_data_folder
from backend.config.demo.problems import DemoProblem, explained
from backend.config.demo.site import start_services, stop_services
from backend.config.health import broker_answers, database_answers


class Command(BaseCommand):
    help = "Start, stop or show the embedded database and broker."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status"])

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
