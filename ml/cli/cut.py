"""`python -m ml cut`: a shorter scene with fewer cameras, ground truth and all."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from ml.cli.command import Result, add_command


def add_to(commands: Any) -> None:
    parser = add_command(commands, "cut", cut, "Cut a shorter scene with fewer cameras out of a scene folder.")
    parser.add_argument("scene", type=Path, metavar="SCENE_DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="gets <scene>/<camera>/...")
    parser.add_argument("--cameras", nargs="+", metavar="NAME", help="default: all of them")
    parser.add_argument("--start", type=_seconds, default=0.0, metavar="S", help="scene time, seconds (default 0)")
    parser.add_argument("--seconds", type=_seconds, required=True, metavar="S", help="how long the cut is")
    parser.add_argument("--quality", type=int, choices=range(52), default=26, metavar="CRF", help="0..51 (default 26)")


def cut(options: argparse.Namespace) -> Result:
    from ml.datasets.cut import cut_scene
    from ml.datasets.scene import read_scene

    cameras = options.cameras or [camera.name for camera in read_scene(options.scene).cameras]
    written = cut_scene(
        options.scene,
        options.out,
        cameras=list(dict.fromkeys(cameras)),
        start_s=options.start,
        seconds=options.seconds,
        quality=options.quality,
    )
    frames = {camera.name: camera.frame_count for camera in read_scene(written).cameras}
    lines = [f"{name}: {count} frames" for name, count in frames.items()]
    return Result({"scene": str(written), "frames": frames}, [*lines, f"written: {written}"])


def _seconds(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value
