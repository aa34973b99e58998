"""VeRi's gt_index.txt and jk_index.txt: for each query, the gallery pictures that are right and those that are junk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml.datasets.reid.labels import whole_number
from ml.datasets.reid.table import Ids
from ml.datasets.text import malformed, read_text
from ml.types import UserError


@dataclass(frozen=True, slots=True, eq=False)
class IndexFiles:
    """For each query the gallery rows (0-based) of its vehicle in other cameras (good) and in its own (junk)."""

    good: tuple[Ids, ...]
    junk: tuple[Ids, ...]


def read_index_files(path: Path, queries: int, gallery: int) -> IndexFiles | None:
    """Both files of the set at `path`; None where one is missing.

    UserError: not one line a query, or a number outside 1..gallery.
    """
    files = [path / name for name in ("gt_index.txt", "jk_index.txt")]
    if not all(file.is_file() for file in files):
        return None
    good, junk = (_rows(file, queries, gallery) for file in files)
    return IndexFiles(good, junk)


def _rows(path: Path, queries: int, gallery: int) -> tuple[Ids, ...]:
    lines = read_text(path).split("\n")
    if lines[-1] == "":
        lines.pop()
    if len(lines) != queries:
        raise UserError("malformed-file", f"{path} has {len(lines)} lines for {queries} queries; one each is needed.")
    return tuple(_row(path, line, text, gallery) for line, text in enumerate(lines, start=1))


def _row(path: Path, line: int, text: str, gallery: int) -> Ids:
    for field in text.split():
        number = whole_number(field)
        if number is None or not 1 <= number <= gallery:
            raise malformed(path, line, f"{field!r} is no number of a gallery picture (1..{gallery})")
    return np.array(text.split(), np.int64) - 1
