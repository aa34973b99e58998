"""`manage.py run_scene SCENE`: start a run, and with --wait follow it to its end."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.tracking.models import Run, RunState
from backend.tracking.progress import StageProgress
from backend.tracking.selectors import run_detail
from backend.tracking.services import run_create
from ml.cli.command import StageLines
from workers.management.answers import scene_named, sentences

LOOK_EVERY_S = 0.5
ENDED = (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED)


class Command(BaseCommand):
    help = "Start a run of a scene's videos through the pipeline. The workers do it; --wait shows how far they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("scene", metavar="SCENE", help="slug or name")
        parser.add_argument("--preset", default="cpu-light")
        parser.add_argument("--wait", action="store_true", help="show progress and end with the run")

    def handle(self, *args: Any, **options: Any) -> None:
        scene = scene_named(options["scene"])
        with sentences():
            run = run_create(actor=None, scene=scene, preset=options["preset"])
        self.stdout.write(f"run {run.number} of {scene.slug} is queued")
        if options["wait"]:
            self._wait(run)

    def _wait(self, run: Run) -> None:
        try:
            run = _followed(run)
        except KeyboardInterrupt:
            self.stderr.write(f"stopped watching; run {run.number} goes on in the workers")
            raise SystemExit(130) from None
        if run.state != RunState.SUCCEEDED:
            raise CommandError(run.problem or f"Run {run.number} was cancelled.", returncode=2)
        self.stdout.write(self._summary(run))

    def _summary(self, run: Run) -> str:
        detail = run_detail(run=run)
        score = "" if run.score is None else f", IDF1 {run.score['idf1']:.6f}"
        return (
            f"run {run.number} finished: {detail.tracklet_count} tracklets, {detail.identity_count} identities, "
            f"{detail.shared_identity_count} of them in several cameras{score}"
        )


def _followed(run: Run) -> Run:
    """The run when it has ended; its stages' progress goes to stderr meanwhile."""
    shown = StageLines(sys.stderr)
    told: set[tuple[str, int | None]] = set()
    while True:
        run = Run.objects.get(pk=run.pk)
        for stage in run_detail(run=run).progress.stages:
            _show(shown, stage, told)
        if run.state in ENDED:
            shown.close()
            return run
        time.sleep(LOOK_EVERY_S)


def _show(shown: StageLines, stage: StageProgress, told: set[tuple[str, int | None]]) -> None:
    label = stage.stage if stage.camera_name is None else f"{stage.camera_name}: {stage.stage}"
    key = (stage.stage, stage.camera)
    if stage.state == "running":
        shown.stage(label)(stage.done, stage.total, stage.unit)
    elif stage.state == "succeeded" and key not in told:
        told.add(key)
        shown.stage(label)(1, 1, "done")
