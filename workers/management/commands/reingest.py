"""`manage.py reingest SCENE`: videos whose frames are numbered otherwise than when they came in are read anew."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ml.cli.command import StageLines
from workers.management.answers import scene_named, sentences
from workers.reingest import renumbered_videos, videos_reingest


class Command(BaseCommand):
    help = (
        "Read a scene's videos anew, in place, where this version numbers their frames otherwise than the one that "
        "took them in (damaged videos). Cameras, links, people, ground truth and verdicts stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("scene", metavar="SCENE", help="slug or name")
        parser.add_argument(
            "--drop-runs", action="store_true", help="delete the runs whose boxes stand at the old frame numbers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        scene = scene_named(options["scene"])
        shown = StageLines(sys.stderr)
        with sentences():
            try:
                videos = renumbered_videos(scene, lambda camera: shown.stage(f"{camera}: index"))
            finally:
                shown.close()
            dropped = videos_reingest(scene=scene, videos=videos, drop_runs=options["drop_runs"])
        for video in videos:
            self.stdout.write(f"{video} is read anew")
        if dropped:
            self.stdout.write(f"{dropped} run(s) deleted; start a new one with run_scene {scene.slug}")
        if not videos:
            self.stdout.write(f"every video of {scene.slug} is read as it was taken in; nothing changed")
