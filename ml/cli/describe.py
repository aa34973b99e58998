"""`python -m ml describe`: what is in a re-identification set, and what does not fit together."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.cli.command import Result, add_command
from ml.cli.pictures import write_png

if TYPE_CHECKING:
    from ml.datasets.reid.checks import Problem
    from ml.datasets.reid.describe import Spread, TableSummary

SHOWN = 10
HEADING = (
    *("part", "pictures", "identities", "cameras", "tracklets"),
    *("pictures each", "cameras each", "width", "height"),
)


def add_to(commands: Any) -> None:
    parser = add_command(
        commands, "describe", describe_set, "Describe a re-identification set: counts, faults, samples."
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument(
        "--format", metavar="NAME", help="veri, aicity, vehiclex, vehicleid, compcars (default: by its folders)"
    )
    parser.add_argument("--sheet", type=Path, metavar="OUT.png", help="write a picture with samples of each part")


def describe_set(options: argparse.Namespace) -> Result:
    from ml.datasets.reid import read_reid
    from ml.datasets.reid.describe import describe
    from ml.datasets.reid.sheet import draw_sheet

    found = read_reid(options.folder, options.format, require_pictures=False)
    description = describe(found)
    lines = [f"{description.name}: layout {description.layout}", *_table_lines(description.tables)]
    for name, summary in description.tables.items():
        lines += _attribute_lines(name, summary)
    lines += _problem_lines(description.problems)
    data = description.as_dict()
    if options.sheet:
        write_png(options.sheet, draw_sheet(found))
        data["sheet"] = str(options.sheet)
        lines.append(f"samples: {options.sheet}")
    return Result(data, lines)


def _table_lines(tables: dict[str, TableSummary]) -> list[str]:
    from ml.cli.score_tables import table

    lines = table(
        HEADING,
        (
            [
                name,
                *map(str, (part.pictures, part.identities, part.cameras, part.tracklets)),
                *map(_spread, (part.per_identity, part.cameras_per_identity, part.width, part.height)),
            ]
            for name, part in tables.items()
        ),
    )
    return [*lines, "a/b/c: least, median, most; width and height of the pictures opened"]


def _spread(spread: Spread | None) -> str:
    return "-" if spread is None else f"{spread.least:g}/{spread.median:g}/{spread.most:g}"


def _attribute_lines(name: str, part: TableSummary) -> list[str]:
    """What is known of a part's pictures beyond identity and camera."""
    known = [
        f"{kind} {', '.join(f'{code}: {count}' for code, count in counts.items())}"
        for kind, counts in (("types", part.types), ("colours", part.colours))
        if counts
    ]
    known += [
        f"{kind} of {count}" for kind, count in (("orientation", part.orientations), ("time", part.times)) if count
    ]
    known += [f"{part.unlabelled} without identity"] if part.unlabelled else []
    return [f"{name}: {'; '.join(known)}"] if known else []


def _problem_lines(problems: list[Problem]) -> list[str]:
    if not problems:
        return ["nothing that does not fit together"]
    lines = [f"does not fit together, {len(problems)} findings:"]
    for problem in problems:
        more = f" and {len(problem.examples) - SHOWN} more" if len(problem.examples) > SHOWN else ""
        listed = f": {', '.join(problem.examples[:SHOWN])}{more}" if problem.examples else ""
        lines.append(f"  {problem.code}: {problem.message}{listed}")
    return lines
