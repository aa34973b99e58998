"""`python -m ml synth`: rendered scenes and crop sets with exact truth."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import Any

from ml.cli.command import Result, StageLines, add_command, goes_on
from ml.types import UserError

_WEATHERS = ("sun", "overcast", "evening", "night", "rain")


def add_to(commands: Any) -> None:
    summary = (
        "Render traffic with exact boxes, identities and attributes: a scene of several cameras, or a set of crops."
    )
    parser = add_command(commands, "synth", synth, summary, interrupted=goes_on)
    parser.add_argument("what", nargs="?", choices=("scene", "crops"), default="scene", help="default: scene")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder, or one to go on with")
    parser.add_argument("--seed", type=_count(0), required=True, metavar="N", help="the same seed draws the same")
    parser.add_argument("--cameras", type=_count(1, 99), metavar="N", help="default 4 for a scene, 10 for crops")
    parser.add_argument("--masks", action="store_true", help="write a mask for each picture too")
    parser.add_argument("--models", type=Path, metavar="DIR", help="where sweethome3d-furniture lies or was unpacked")
    parser.add_argument("--workers", type=_count(1, 256), metavar="N", help="processes at once (default: one a core)")
    _add_scene_options(parser.add_argument_group("a scene"))
    _add_crop_options(parser.add_argument_group("crops"))


def _add_scene_options(group: Any) -> None:
    group.add_argument("--name", type=_folder_name, default="S01", help="the scene's folder (default S01)")
    group.add_argument("--seconds", type=_number(0.1, 3600), default=60.0, metavar="S", help="how long (default 60)")
    group.add_argument("--weather", choices=_WEATHERS, default="sun", help="default: sun")
    group.add_argument(
        "--size", type=_size, default=(960, 540), metavar="WxH", help="of every camera (default 960x540)"
    )
    group.add_argument("--rate", type=_number(1, 60), default=10.0, metavar="FPS", help="frames a second (default 10)")
    group.add_argument(
        "--density",
        type=_number(0, 1),
        default=0.12,
        metavar="D",
        help="vehicles a second into each lane (default 0.12)",
    )
    group.add_argument(
        "--people", type=_number(0, 20), default=1.5, metavar="P", help="pedestrians on 100 m of pavement (default 1.5)"
    )


def _add_crop_options(group: Any) -> None:
    group.add_argument("--identities", type=_count(1, 90_000), default=100, metavar="N", help="vehicles (default 100)")
    group.add_argument("--views", type=_count(1, 1000), default=16, metavar="N", help="pictures of each (default 16)")
    group.add_argument(
        "--first", type=_count(1, 90_000), default=1, metavar="ID", help="first vehicle's number (default 1)"
    )


def synth(options: argparse.Namespace) -> Result:
    from ml.synthesis.factory import Request

    workers = options.workers or len(os.sched_getaffinity(0))
    request = Request(options.out, options.models, workers, options.masks)
    lines = StageLines()
    try:
        return _scene(options, request, lines) if options.what == "scene" else _crops(options, request, lines)
    finally:
        lines.close()


def _scene(options: argparse.Namespace, request: Any, lines: StageLines) -> Result:
    from ml.datasets.scene import read_scene
    from ml.synthesis.factory import produce_scene
    from ml.synthesis.world import SceneOptions

    wanted = SceneOptions(
        seed=options.seed,
        cameras=options.cameras or 4,
        seconds=options.seconds,
        weather=options.weather,
        size=options.size,
        rate=options.rate,
        density=options.density,
        people=options.people,
    )
    scene = read_scene(produce_scene(wanted, options.name, request, lines))
    truths = {camera.name: camera.ground_truth() for camera in scene.cameras}
    ids = {number for rows in truths.values() if rows is not None for number in rows.ids.tolist()}
    boxes = sum(len(rows) for rows in truths.values() if rows is not None)
    frames = {camera.name: camera.frame_count for camera in scene.cameras}
    data = {"scene": str(scene.path), "frames": frames, "boxes": boxes, "vehicles": len(ids)}
    listed = [f"{name}: {count} frames" for name, count in frames.items()]
    return Result(
        data, [*listed, f"{len(ids)} vehicles in two cameras or more, {boxes} boxes", f"written: {scene.path}"]
    )


def _crops(options: argparse.Namespace, request: Any, lines: StageLines) -> Result:
    from ml.datasets.reid.vehiclex import read_vehiclex
    from ml.synthesis.crops import CropOptions
    from ml.synthesis.factory import produce_crops

    if options.first + options.identities > 100_000:
        raise UserError("bad-option", "The layout's names hold numbers up to 99999: lower --first or --identities.")
    cameras = options.cameras or 10
    wanted = CropOptions(options.seed, options.identities, options.views, cameras, first=options.first)
    table = read_vehiclex(produce_crops(wanted, request, lines)).train
    vehicles = len(set(table.identity.tolist()))
    data = {"folder": str(request.out), "pictures": len(table), "vehicles": vehicles}
    return Result(data, [f"{len(table)} pictures of {vehicles} vehicles", f"written: {request.out}"])


def _count(least: int, most: int = 2**31 - 1) -> Any:
    def whole(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not between {least} and {most}")
        return value

    return whole


def _number(least: float, most: float) -> Any:
    def number(text: str) -> float:
        value = float(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not between {least:g} and {most:g}")
        return value

    return number


def _folder_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", text):
        raise argparse.ArgumentTypeError(f"{text!r} cannot be the name of a scene's folder")
    return text


def _size(text: str) -> tuple[int, int]:
    parts = re.fullmatch(r"(\d{2,5})x(\d{2,5})", text)
    if parts is None:
        raise argparse.ArgumentTypeError(f"{text} is not a size such as 960x540")
    width, height = int(parts[1]), int(parts[2])
    if width % 2 or height % 2 or not (64 <= width <= 3840 and 64 <= height <= 2160):
        raise argparse.ArgumentTypeError(f"{text}: sides must be even, 64x64 at least and 3840x2160 at most")
    return width, height
