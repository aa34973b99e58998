"""A benchmark of growing sizes: each in a process of its own, so that none finds what another left in memory."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

Row = dict[str, Any]


def write_page(
    description: str | None,
    *,
    module: str,
    sizes: Sequence[int],
    measure: Callable[[int], Row],
    page: Callable[[list[Row]], str],
    target: Path,
    picture: Callable[[list[Row]], str] | None = None,
) -> None:
    """The command line of `python -m tests.benchmarks.<module> [--sizes N ...] [--dry]`.

    measure  the figures of one size, as JSON can hold them
    page     the Markdown of all of them, written to `target`
    picture  an SVG of them, written beside it
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--sizes", type=int, nargs="+", default=sizes)
    parser.add_argument("--one", type=int, help="measure this size in this process and print it")
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one)))
        return
    rows = [_in_own_process(module, size) for size in options.sizes]
    text = page(rows)
    if not options.dry:
        target.write_text(text)
        if picture is not None:
            target.with_suffix(".svg").write_text(picture(rows))
    print(text)


def _in_own_process(module: str, size: int) -> Row:
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", "--one", str(size)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: Row = json.loads(done.stdout)
    return found
