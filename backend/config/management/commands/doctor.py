"""`manage.py doctor`: is everything there that the product needs, and if not, what to do."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.config.demo.findings import findings

MARKS = {"ok": "ok      ", "note": "note    ", "problem": "PROBLEM "}


class Command(BaseCommand):
    help = "Check GPU, codecs, weights, database, broker, disk and front end; say what to do about each problem."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        problems = 0
        for finding in findings():
            self.stdout.write(f"{MARKS[finding.state]} {finding.name:<11} {finding.found}")
            if finding.remedy:
                self.stdout.write(f"{'':21}-> {finding.remedy}")
            problems += finding.state == "problem"
        if problems:
            raise CommandError(f"{problems} problem{'s' if problems > 1 else ''} found; see the lines marked PROBLEM.")
