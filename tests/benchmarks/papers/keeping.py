"""Figures that were found are kept, a file a table, so that what was broken off goes on."""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ml.datasets.text import write_lines
from tests.benchmarks.papers.page import Measured
from tests.benchmarks.papers.table import PaperTable, Row, rows_to_run
from tests.benchmarks.papers.training import Bench


def measure(table: PaperTable, bench: Bench, seeds: int, until: float = math.inf) -> None:
    """Find the figures of every row and seed; each is kept as soon as it is there.

    until  of `time.monotonic`; none is begun after it
    """
    path = figures_file(table, bench)
    found = read_figures(path)
    for seed in range(seeds):
        for row in rows_to_run(table, bench.form):
            about, own = what_decides(table, row), found.setdefault(row.key, {})
            if own.get("about") != about:
                own.clear()
                own["about"] = about
            if str(seed) not in own and time.monotonic() < until:
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


def most(table: PaperTable, bench: Bench, seeds: int) -> Measured:
    """`kept` of as many seeds, two and more, as every row has; where there are none, of all `seeds`."""
    for count in range(seeds, 1, -1):
        found = kept(table, bench, count)
        if len(found) == len(rows_to_run(table, bench.form)):
            return found
    return kept(table, bench, seeds)


def figures_file(table: PaperTable, bench: Bench) -> Path:
    return bench.out / bench.form / f"{table.name}.json"


def read_figures(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text()) if path.is_file() else {}


def what_decides(table: PaperTable, row: Row) -> str:
    """A row's figures, when it changes, are found anew."""
    parts = [asdict(table.row(key)) for key in (row.key, *row.combine)]
    return json.dumps([parts, table.learned, table.found], sort_keys=True)
