"""The papers' tables of training, run again and judged: writes docs/benchmarks/papers.md.

`python -m tests.benchmarks.papers [NAME ...] [--full] [--seeds N] [--out DIR] [--models DIR] [--minutes N]`; names
are those of tables/*.yaml, all of them without. Each row's training is kept in DIR, so that what was broken off goes
on; the page holds every table that was run there, with as many seeds as all its rows have.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path

import torch

from ml.datasets.reid import read_reid
from ml.types import UserError
from tests.benchmarks.papers.keeping import measure, most
from tests.benchmarks.papers.page import page, section
from tests.benchmarks.papers.sources import SOURCES, draw
from tests.benchmarks.papers.table import FULL, SMALL, read_table, table_names
from tests.benchmarks.papers.training import Bench

ROOT = Path(__file__).resolve().parents[3]
OUT = Path(".local") / "papers"  # which git ignores
DATA = ROOT.parent / "shared" / "data" / "city_a_reid"
CITY = DATA.parent / "city_a"
PAGES = {SMALL: ROOT / "docs" / "benchmarks" / "papers.md", FULL: ROOT / "docs" / "benchmarks" / "papers-full.md"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(table_names())}; all without")
    parser.add_argument("--full", action="store_true", help="the papers' networks at their sizes; wants a GPU")
    parser.add_argument("--seeds", type=int, default=3, help="trainings of each row (default 3)")
    parser.add_argument("--out", type=Path, default=OUT, help=f"keeps trainings (default {OUT})")
    parser.add_argument("--models", type=Path, help="of --full: vehicle models, where not installed")
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="begin no row after so many, to go on another time"
    )
    parser.add_argument("--page", action="store_true", help="run nothing; write the page of what is kept")
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    try:
        run(options)
    except UserError as error:
        sys.exit(f"{error.code}: {error}")


def run(options: argparse.Namespace) -> None:
    form, until = FULL if options.full else SMALL, time.monotonic() + 60 * options.minutes
    if form == SMALL:
        torch.set_num_threads(1)
    bench = Bench(read_reid(DATA), CITY, options.out, form, device="auto" if options.full else "cpu")
    tables = [read_table(name) for name in options.names or table_names()]
    if form == FULL and not options.page:
        names = {name for table in tables for row in table.rows for name in row.sources}
        draw(sorted(names & set(SOURCES)), options.out / "sources", options.models)
    for table in () if options.page else tables:
        measure(table, bench, options.seeds, until)
        sys.stdout.write(section(table, most(table, bench, options.seeds), options.seeds))
    if not options.dry:
        every = [read_table(name) for name in table_names()]
        done = [(table, found) for table in every if (found := most(table, bench, options.seeds))]
        PAGES[form].write_text(page(done, form=form, seeds=options.seeds), encoding="utf-8")


if __name__ == "__main__":
    main()
