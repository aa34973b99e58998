"""`python -m ml mask`: masks of the vehicles in a set's training pictures, by a detector that finds them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.cli.command import Result, StageLines, add_command, goes_on
from ml.cli.pictures import write_png
from ml.types import UserError

if TYPE_CHECKING:
    from ml.datasets.reid import ReidSet, ReidTable
    from ml.detection import Detector
    from ml.types import Bool1D

NETWORKS = ("maskrcnn-resnet50", "maskrcnn-resnet101", "maskrcnn-resnext101")


def add_to(commands: Any) -> None:
    summary = "Write a mask beside each training picture, for augment.background; those that are there stay."
    parser = add_command(commands, "mask", mask, summary, interrupted=goes_on)
    parser.add_argument("data", type=Path, metavar="DIR", help="a re-identification set")
    parser.add_argument("--weights", required=True, metavar="FILE", help="a Mask R-CNN's, as `ml train` writes them")
    parser.add_argument("--detector", choices=NETWORKS, default=NETWORKS[0], help=f"default {NETWORKS[0]}")
    parser.add_argument(
        "--side", type=int, default=320, metavar="PX", help="shorter side that pictures are scaled to (default 320)"
    )
    parser.add_argument("--score", type=float, default=0.3, help="0..1: less sure finds are dropped (default 0.3)")
    parser.add_argument("--again", action="store_true", help="write over masks that are there")
    parser.add_argument("--sheet", type=Path, metavar="OUT.png", help="draw the masks of some vehicles")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default auto)")


def mask(options: argparse.Namespace) -> Result:
    from ml.datasets.reid import read_reid
    from ml.reid.masking import write_masks

    detector, data, shown = _detector(options), read_reid(options.data), StageLines()
    pictures = _pictures(data)
    try:
        there = write_masks(pictures, detector, again=options.again, progress=shown.stage("mask"))
    finally:
        shown.close()
    masks = int(there.sum())
    lines = [f"{masks} of {len(pictures)} training pictures have a mask ({masks / len(pictures):.0%})"]
    if options.sheet and masks:
        _write_sheet(options.sheet, pictures, there)
        lines.append(f"masks: {options.sheet}")
    return Result({"pictures": len(pictures), "masks": masks}, lines)


def _detector(options: argparse.Namespace) -> Detector:
    from ml.detection import DetectorConfig, create_detector

    config = DetectorConfig(
        name=options.detector,
        weights=options.weights,
        score_threshold=options.score,
        min_size=options.side,
        max_size=4 * options.side,
        features=False,
        masks=True,
    )
    return create_detector(config, device=options.device)


def _pictures(data: ReidSet) -> ReidTable:
    """All that may be learned from: the set's own and the rendered ones beside them."""
    from ml.datasets.reid import ReidTable

    parts = [part for part in (data.train, data.synthetic) if len(part)]
    if not parts:
        raise UserError("no-training-data", f"{data.name} has no training pictures, beside which masks would lie.")
    return ReidTable.union(parts)


def _write_sheet(path: Path, pictures: ReidTable, there: Bool1D) -> None:
    """Masks over some of the pictures that have one."""
    import numpy as np

    from ml.datasets.reid import read_picture
    from ml.datasets.reid.heat_sheet import draw_heat, sheet_rows
    from ml.datasets.reid.masks import read_mask

    masked = pictures.take(there)
    chosen = masked.take(np.array(sheet_rows(masked)))
    images = [read_picture(chosen, row) for row in range(len(chosen))]
    heats = [read_mask(chosen, row, image).astype(np.float32) for row, image in enumerate(images)]
    whole = np.array([(0, 0, image.shape[1], image.shape[0]) for image in images], np.float32)
    write_png(path, draw_heat(chosen, heats, whole))
