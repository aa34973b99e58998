"""The page: every table with the paper's figures beside ours, and whether the direction is the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.poststeps.tables import BESIDE, PaperTable, Row


@dataclass(frozen=True)
class Measured:
    """Per cent. low, high: what 95% of redrawn vehicles give for the mAP's difference from the row compared with."""

    row: Row
    map_all: float
    rank1: float
    low: float
    high: float


def direction(paper: float | None, low: float, high: float) -> str:
    """Whether our difference goes the paper's way: only what holds for 95% of redrawn vehicles is said to."""
    if low <= 0 <= high:
        return "undecided"
    ours = "up" if low > 0 else "down"
    if paper is None:
        return ours
    return "confirmed" if (paper > 0) == (low > 0) else "refuted"


def page(
    measured: Sequence[tuple[PaperTable, Sequence[Measured]]], chosen: dict[str, float], *, model: str, folds: int
) -> str:
    """Markdown."""
    lines = [
        "# Post-processing, step by step",
        "",
        f"The queries and gallery of `city_a_reid` with the embedding `{model}`, cosine distance where no",
        f"step makes another. Made by `python -m tests.benchmarks.post_processing --model {model} --folds {folds}`.",
        "",
        "mAP and rank-1 in per cent. *Change* is mAP's difference from the row before (in the last table: from the",
        "baseline), with the middle 95% over 2,000 draws of the query vehicles with replacement; no step is random, so",
        "there are no seeds. The paper's direction is *confirmed* or *refuted* where that range leaves out 0, else",
        "*undecided*. Figures are not comparable with the papers': other pictures, another network.",
        "",
        "Rows stand in the papers' order; the steps run in the order that they can (pictures, features, distances), as",
        "[reranking.md](../reranking.md) has it.",
        "",
    ]
    for table, rows in measured:
        lines += [f"## {table.title}", "", *_rows(table, rows), "", *([table.left_out, ""] if table.left_out else [])]
    return "\n".join([*lines, *_chosen(chosen, model, folds), ""])


def _rows(table: PaperTable, rows: Sequence[Measured]) -> list[str]:
    papers = any(one.row.map_paper is not None for one in rows)
    heading = ["", "mAP", "rank-1", "change (95%)", *(["paper mAP", "paper rank-1"] if papers else []), "direction"]
    lines = [f"| {' | '.join(heading)} |", f"|---|{'---:|' * (len(heading) - 2)}---|"]
    for number, one in enumerate(rows):
        before = rows[number - 1 if table.cumulative else 0] if number else None
        lines.append(f"| {' | '.join(_cells(one, before, papers))} |")
    return lines


def _cells(one: Measured, before: Measured | None, papers: bool) -> list[str]:
    figures = [one.row.name, f"{one.map_all:.1f}", f"{one.rank1:.1f}"]
    published = [_figure(one.row.map_paper), _figure(one.row.rank1_paper)] if papers else []
    if before is None:
        return [*figures, "", *published, ""]
    change = f"{one.map_all - before.map_all:+.1f} ({one.low:+.1f} to {one.high:+.1f})"
    now, then = one.row.map_paper, before.row.map_paper
    return [*figures, change, *published, direction(now - then if now and then else None, one.low, one.high)]


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _chosen(chosen: dict[str, float], model: str, folds: int) -> list[str]:
    return [
        "## Chosen, not published",
        "",
        f"On training vehicles alone, in {folds} split{'s' * (folds > 1)}: 30% of them held, the embedding fitted anew",
        "on the others, the first picture of a vehicle in a camera as query; the value with the best mean mAP, in the",
        f"row where it first occurs. Everything else is the papers' own. The second model is `{BESIDE[model]}`.",
        "",
        "| | value |",
        "|---|---:|",
        *(f"| {name} | {value:g} |" for name, value in chosen.items()),
    ]
