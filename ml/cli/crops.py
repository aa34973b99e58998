"""`python -m ml crops`: pictures of vehicles out of a labelled scene, as a re-identification set."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ml.cli.command import Result, StageLines, add_command


def add_to(commands: Any) -> None:
    parser = add_command(commands, "crops", crops, "Cut the labelled vehicles of a scene out of its videos.")
    parser.add_argument("scene", type=Path, metavar="SCENE_DIR", help="with a video and gt/gt.txt for each camera")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="gets image_train/ and its lists")
    parser.add_argument(
        "--spacing", type=float, default=0.5, metavar="S", help="seconds between pictures (default 0.5)"
    )
    parser.add_argument(
        "--standing", type=float, default=4.0, metavar="S", help="likewise while a vehicle stands (default 4)"
    )
    parser.add_argument(
        "--margin", type=float, default=0.03, metavar="SHARE", help="widen boxes by this (default 0.03)"
    )
    parser.add_argument("--smallest", type=int, default=32, metavar="PX", help="shortest side at least (default 32)")


def crops(options: argparse.Namespace) -> Result:
    from ml.datasets.reid.from_scene import CutRule, cut_reid_set

    rule, shown = CutRule(options.spacing, options.standing, options.margin, options.smallest), StageLines()
    try:
        count = cut_reid_set(options.scene, options.out, rule, progress=shown.stage)
    finally:
        shown.close()
    data = {"pictures": count, "out": str(options.out)}
    return Result(data, [f"{count} pictures in {options.out}; look at them: python -m ml describe {options.out}"])
