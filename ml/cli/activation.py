"""`python -m ml activation`: where in a set's pictures a trained network responds, as heatmaps and as boxes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.cli.command import Result, StageLines, add_command
from ml.cli.pictures import write_png
from ml.types import UserError, require_setting

if TYPE_CHECKING:
    from ml.datasets.reid import ReidTable
    from ml.types import Float2D

DEFAULT_MODEL = "efficientnet-lite0-levels"


def add_to(commands: Any) -> None:
    summary = "Show where a network responds in the training pictures, and cut them to it (boxes for data.cropped)."
    parser = add_command(commands, "activation", activation, summary)
    parser.add_argument("data", type=Path, metavar="DIR", help="a re-identification set")
    parser.add_argument(
        "--weights", default=DEFAULT_MODEL, metavar="NAME|FILE", help=f"trained weights (default {DEFAULT_MODEL})"
    )
    parser.add_argument(
        "--side", type=int, metavar="PX", help="of what it sees (default: twice what it was trained on)"
    )
    parser.add_argument("--threshold", type=float, default=0.2, help="0..1: what counts as response (default 0.2)")
    parser.add_argument("--boxes", type=Path, metavar="BOXES.csv", help="write each picture's box, for data.cropped")
    parser.add_argument("--sheet", type=Path, metavar="OUT.png", help="write heatmaps of some vehicles")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default auto)")


def activation(options: argparse.Namespace) -> Result:
    from ml.datasets.reid import read_reid
    from ml.datasets.reid.cropped import write_boxes

    if not options.boxes and not options.sheet:
        raise UserError("option-missing", "Say what is wanted: --boxes OUT.csv, --sheet OUT.png, or both.")
    _require_sound(options)
    pictures = _wanted(read_reid(options.data).train, every=options.boxes is not None)
    heats, boxes, kept = _found(options, pictures)
    lines = [f"{len(pictures)} pictures, cut to {kept:.0%} of their area in the mean"]
    if options.boxes:
        write_boxes(options.boxes, pictures, boxes)
        lines.append(f"{options.boxes}: name it as data.cropped of a recipe")
    if options.sheet:
        _write_sheet(options.sheet, pictures, heats, boxes)
        lines.append(f"heatmaps: {options.sheet}")
    return Result({"pictures": len(pictures), "kept": kept}, lines)


def _require_sound(options: argparse.Namespace) -> None:
    """Before the pictures are looked at, which may take long."""
    side, threshold = options.side, options.threshold
    require_setting("activation", side is None or 32 <= side <= 4096, "side", side or 0, "within 32..4096")
    require_setting("activation", 0 <= threshold <= 1, "threshold", threshold, "within 0..1")


def _wanted(pictures: ReidTable, *, every: bool) -> ReidTable:
    """All of the pictures, or those of a sheet alone."""
    import numpy as np

    from ml.datasets.reid.heat_sheet import sheet_rows

    if not len(pictures):
        raise UserError("no-training-data", "The set has no training pictures, of which heatmaps are made.")
    return pictures if every else pictures.take(np.array(sheet_rows(pictures)))


def _found(options: argparse.Namespace, pictures: ReidTable) -> tuple[list[Float2D], Float2D, float]:
    """The heatmap and the box of each picture, and the mean share of their area that the boxes have."""
    from ml.detection.networks import device_named
    from ml.pipeline.reid_ranking import embedder_config
    from ml.reid.activation import activated_boxes, activations
    from ml.reid.models.weights import load_network
    from ml.reid.trained import weights_file

    network, card = load_network(weights_file(embedder_config(options.weights)))
    place, side, shown = device_named(options.device), options.side or 2 * card.input_size, StageLines()
    try:
        heats = activations(network.to(place), pictures, side=side, device=place, progress=shown.stage("activation"))
    finally:
        shown.close()
    return heats, *activated_boxes(heats, pictures, threshold=options.threshold)


def _write_sheet(path: Path, pictures: ReidTable, heats: list[Float2D], boxes: Float2D) -> None:
    import numpy as np

    from ml.datasets.reid.heat_sheet import draw_heat, sheet_rows

    rows = sheet_rows(pictures)
    write_png(path, draw_heat(pictures.take(np.array(rows)), [heats[row] for row in rows], boxes[rows]))
