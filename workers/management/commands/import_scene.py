"""`manage.py import_scene DIR`: a CityFlow-layout folder, or one video file, becomes a scene."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.accounts.models import User
from backend.scenes.models import CalibrationDirection, GroundUnit
from workers.management.answers import sentences
from workers.scene_import import Stated, scene_import


class Command(BaseCommand):
    help = (
        "Register the scene in a CityFlow-layout folder, or one video file as a scene of one camera: cameras, "
        "calibrations, links, videos and ground truth. What is there already is left as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="DIR")
        parser.add_argument("--name", default="", help="of the scene; default: as the folder")
        parser.add_argument("--owner", default="", metavar="USER", help="who manages a new scene")
        parser.add_argument(
            "--direction", choices=CalibrationDirection.values, help="of homographies whose files do not say"
        )
        parser.add_argument("--unit", choices=GroundUnit.values, help="of the ground in calibrations that do not say")

    def handle(self, *args: Any, **options: Any) -> None:
        stated = Stated(
            CalibrationDirection(options["direction"]) if options["direction"] else None,
            GroundUnit(options["unit"]) if options["unit"] else None,
        )
        with sentences():
            report = scene_import(
                path=Path(options["path"]),
                name=options["name"],
                owner=_user(options["owner"]),
                stated=stated,
                tell=self.stdout.write,
            )
        cameras = report.scene.cameras.count()
        if report.new:
            self.stdout.write(f"scene {report.scene.slug} has {cameras} cameras; {report.new} things were new")
        else:
            self.stdout.write(f"scene {report.scene.slug} with {cameras} cameras was there already; nothing changed")


def _user(name: str) -> User | None:
    if not name:
        return None
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user named {name}; make one with create_user.", returncode=2)
    return user
