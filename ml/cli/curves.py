"""`python -m ml curves`: a training's losses, learning rate and scores as a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ml.cli.command import Result, add_command
from ml.cli.pictures import write_png


def add_to(commands: Any) -> None:
    summary = "Draw the curves of a training, finished or under way: losses, learning rate, scores on what is held."
    parser = add_command(commands, "curves", curves, summary)
    parser.add_argument("folder", type=Path, metavar="DIR", help="the --out folder of `ml train`")
    parser.add_argument("--out", type=Path, required=True, metavar="OUT.png")


def curves(options: argparse.Namespace) -> Result:
    from ml.reid.training.curves import draw_curves
    from ml.reid.training.metrics import read_curves

    found = read_curves(options.folder)
    write_png(options.out, draw_curves(found))
    latest = {curve.name: curve.values[-1] for curve in (*found.losses, *found.rates, *found.held)}
    drawn = ", ".join(f"{name} {value:.4g}" for name, value in latest.items())
    return Result({"latest": latest, "out": str(options.out)}, [f"last values: {drawn}", f"curves: {options.out}"])
