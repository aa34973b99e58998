"""The papers' tables of training, run again and judged: writes docs/benchmarks/papers.md.

`python -m tests.benchmarks.papers [NAME ...] [--full] [--seeds N] [--out DIR] [--models DIR]`; names are those of
tables/*.yaml, all of them without. Each row's training is kept in DIR, so that what was broken off goes on; the page
holds every table that was run there with as many seeds.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from ml.datasets.reid import read_reid
from ml.datasets.text import write_lines
from ml.types import UserError
from tests.benchmarks.papers.page import Measured, page, section
from tests.benchmarks.papers.sources import SOURCES, draw
from tests.benchmarks.papers.table import FULL, SMALL, PaperTable, Row, read_table, rows_to_run, table_names
from tests.benchmarks.papers.training import Bench

ROOT = Path(__file__).resolve().parents[3]
OUT = Path(".local") / "papers"  # which git ignores
DATA = ROOT.parent / "shared" / "data" / "city_a_reid"
CITY = DATA.parent / "city_a"
PAGES = {SMALL: ROOT / "docs" / "benchmarks" / "papers.md", FULL: ROOT / "docs" / "benchmarks" / "papers-full.md"}


def measure(table: PaperTable, bench: Bench, seeds: int) -> None:
    """Find the figures of every row and seed; each is kept as soon as it is there."""
    path = figures_file(table, bench)
    found = read_figures(path)
    for seed in range(seeds):
        for row in rows_to_run(table, bench.form):
            about, own = what_decides(table, row), found.setdefault(row.key, {})
            if own.get("about") != about:
                own.clear()
                own["about"] = about
            if str(seed) not in own:
                own[str(seed)] = bench.score(table, row, seed)
                path.parent.mkdir(parents=True, exist_ok=True)
                write_lines(path, json.dumps(found, indent=1).splitlines())


def kept(table: PaperTable, bench: Bench, seeds: int) -> Measured:
    """The rows of which there are figures of all seeds."""
    found = read_figures(figures_file(table, bench))
    wanted = [str(seed) for seed in range(seeds)]
    return {
        row.key: [found[row.key][seed] for seed in wanted]
        for row in rows_to_run(table, bench.form)
        if found.get(row.key, {}).get("about") == what_decides(table, row)
        and all(seed in found[row.key] for seed in wanted)
    }


def figures_file(table: PaperTable, bench: Bench) -> Path:
    return bench.out / bench.form / f"{table.name}.json"


def read_figures(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text()) if path.is_file() else {}


def what_decides(table: PaperTable, row: Row) -> str:
    """A row's figures, when it changes, are found anew."""
    parts = [asdict(table.row(key)) for key in (row.key, *row.combine)]
    return json.dumps([parts, table.learned, table.found], sort_keys=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(table_names())}; all without")
    parser.add_argument("--full", action="store_true", help="the papers' networks at their sizes; wants a GPU")
    parser.add_argument("--seeds", type=int, default=3, help="trainings of each row (default 3)")
    parser.add_argument("--out", type=Path, default=OUT, help=f"keeps trainings (default {OUT})")
    parser.add_argument("--models", type=Path, help="of --full: vehicle models, where not installed")
    parser.add_argument("--page", action="store_true", help="run nothing; write the page of what is kept")
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    try:
        run(options)
    except UserError as error:
        sys.exit(f"{error.code}: {error}")


def run(options: argparse.Namespace) -> None:
    form = FULL if options.full else SMALL
    if form == SMALL:
        torch.set_num_threads(1)
    bench = Bench(read_reid(DATA), CITY, options.out, form, device="auto" if options.full else "cpu")
    tables = [read_table(name) for name in options.names or table_names()]
    if form == FULL and not options.page:
        names = {name for table in tables for row in table.rows for name in row.sources}
        draw(sorted(names & set(SOURCES)), options.out / "sources", options.models)
    for table in () if options.page else tables:
        measure(table, bench, options.seeds)
        sys.stdout.write(section(table, kept(table, bench, options.seeds)))
    if not options.dry:
        every = [read_table(name) for name in table_names()]
        done = [(table, found) for table in every if (found := kept(table, bench, options.seeds))]
        PAGES[form].write_text(page(done, form=form, seeds=options.seeds), encoding="utf-8")


if __name__ == "__main__":
    main()
