"""`manage.py export_scene SCENE OUT`: a stored scene as a CityFlow-layout folder."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.scenes.models import Scene
from backend.tracking.models import Run
from workers.management.answers import scene_named, sentences
from workers.scene_export import scene_export


class Command(BaseCommand):
    help = "Write a scene as a CityFlow-layout folder, with the tracks and identities of a run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("scene", metavar="SCENE", help="slug or name")
        parser.add_argument("out", type=Path, metavar="OUT", help="a new folder")
        parser.add_argument("--run", type=int, metavar="N", help="number of the run; default: the current one")
        parser.add_argument("--box-scale", type=float, default=1.0, metavar="S", help="enlarge the boxes of track1.txt")

    def handle(self, *args: Any, **options: Any) -> None:
        scene = scene_named(options["scene"])
        run = _run(scene, options["run"])
        with sentences():
            folder = scene_export(
                scene=scene,
                run=run,
                out=Path(options["out"]),
                box_scale=options["box_scale"],
                tell=self.stdout.write,
            )
        what = "without a run: it has none" if run is None else f"with run {run.number}"
        self.stdout.write(f"scene {scene.slug} written to {folder}, {what}")


def _run(scene: Scene, number: int | None) -> Run | None:
    if number is None:
        return scene.current_run
    run = scene.runs.filter(number=number).first()
    if run is None:
        known = ", ".join(map(str, scene.runs.values_list("number", flat=True))) or "none"
        raise CommandError(f"Scene {scene.slug} has no run {number}; it has: {known}.", returncode=2)
    return run
