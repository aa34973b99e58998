"""`python -m ml style`: rendered pictures in the style of real ones, as a set that any recipe learns from."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ml.cli.command import Result, StageLines, add_command
from ml.cli.pictures import write_png
from ml.types import require_setting


def add_to(commands: Any) -> None:
    summary = "Give a set's rendered pictures the style that a recipe of kind style learned."
    parser = add_command(commands, "style", style, summary)
    parser.add_argument("data", type=Path, metavar="DIR", help="a set with rendered pictures (sys_image_train)")
    parser.add_argument("--weights", type=Path, required=True, metavar="FILE", help="what `ml train` wrote")
    parser.add_argument(
        "--side", type=int, metavar="PX", help="of what the network sees, a multiple of 4 (default: as in its training)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new set, for `ml train --rendered`")
    parser.add_argument("--sheet", type=Path, metavar="OUT.png", help="draw some of them, before and after")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default auto)")


def style(options: argparse.Namespace) -> Result:
    from ml.reid.style.translating import translate_set

    side = options.side
    sound = side is None or (32 <= side <= 1024 and side % 4 == 0)
    require_setting("style", sound, "side", side or 0, "a multiple of 4 within 32..1024")
    shown = StageLines()
    try:
        count = translate_set(
            options.data,
            options.weights,
            options.out,
            side=side,
            device=options.device,
            progress=shown.stage("style"),
        )
    finally:
        shown.close()
    lines = [f"{count} pictures; to learn from them: python -m ml train RECIPE --data SET --rendered {options.out}"]
    if options.sheet:
        _write_sheet(options)
        lines.append(f"before and after: {options.sheet}")
    return Result({"pictures": count, "out": str(options.out)}, lines)


def _write_sheet(options: argparse.Namespace) -> None:
    from ml.datasets.reid import read_reid
    from ml.datasets.reid.beside import rendered
    from ml.datasets.reid.style_sheet import draw_styles

    before, after = (rendered(read_reid(path)) for path in (options.data, options.out))
    write_png(options.sheet, draw_styles(before, after))
