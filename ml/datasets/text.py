"""Tables of numbers as text: read strictly with the place named, written so that reading gives the same numbers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from ml.types import Bool1D, Double2D, Float2D, Int1D, UserError

LARGEST = np.iinfo(np.int32).max
FARTHEST_PX = 1e7  # float32 knows no single pixels beyond


def malformed(path: Path, line: int, reason: str) -> UserError:
    """The error for one line of a file: where it is and what is wrong with it."""
    return UserError("malformed-file", f"{path}, line {line}: {reason}.")


@dataclass(frozen=True)
class Table:
    """The leading columns of a text file.

    values  [n, k] float64, one row a line       lines  [n] int32, 1-based line number of each row
    """

    path: Path
    values: Double2D
    lines: Int1D

    def require(self, ok: Bool1D, reason: str) -> None:
        """Refuse the first row where `ok` is false, naming file, line and reason."""
        if not ok.all():
            raise malformed(self.path, int(self.lines[int(np.argmin(ok))]), reason)

    def integers(self, column: int, name: str, *, least: int) -> Int1D:
        """Column `column` as int32; refuses fractions and values outside least..2^31-1."""
        values = self.values[:, column]
        self.require(values == np.floor(values), f"{name} is not a whole number")
        self.require((values >= least) & (values <= LARGEST), f"{name} must be {least} or more")
        return values.astype(np.int32)

    def boxes(self, column: int) -> Float2D:
        """left, top, width, height at `column` as xyxy float32; refuses boxes without area, or beyond all pictures."""
        left_top, size = self.values[:, column : column + 2], self.values[:, column + 2 : column + 4]
        self.require((size[:, 0] > 0) & (size[:, 1] > 0), "width and height must be positive")
        far: Bool1D = np.abs(np.concatenate([left_top, size], axis=1)).max(axis=1) > FARTHEST_PX
        self.require(~far, f"the box lies more than {FARTHEST_PX:,.0f} pixels away")
        return np.concatenate([left_top, left_top + size], axis=1).astype(np.float32)


def read_text(path: Path) -> str:
    """A text file as UTF-8, byte order mark dropped; UserError when it is missing or is not text."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError("file-missing", f"{path} does not exist.") from None
    except (IsADirectoryError, PermissionError) as error:
        raise UserError("file-unreadable", f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UserError("malformed-file", f"{path} is not a text file.") from None
    if "\0" in text:
        raise UserError("malformed-file", f"{path} is not a text file.")
    return text


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """The first len(columns) numbers of every line; commas or spaces between, blank lines skipped.

    Further columns are ignored: the files in circulation have nine, ten or more.
    """
    rows: list[list[float]] = []
    lines: list[int] = []
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        if text.strip():
            rows.append(_numbers(path, line, text, columns))
            lines.append(line)
    values = np.array(rows, np.float64).reshape(len(rows), len(columns))
    return Table(path, values, np.array(lines, np.int32))


def _numbers(path: Path, line: int, text: str, columns: Sequence[str]) -> list[float]:
    fields = (text.split(",") if "," in text else text.split())[: len(columns)]
    if len(fields) < len(columns):
        raise malformed(path, line, f"{len(fields)} columns where {', '.join(columns)} are needed")
    values = []
    for name, field in zip(columns, fields, strict=True):
        try:
            value = float(field)
        except ValueError:
            raise malformed(path, line, f"{name} is {field.strip()!r}, not a number") from None
        if not np.isfinite(value):
            raise malformed(path, line, f"{name} is not finite")
        values.append(value)
    return values


def number_text(value: Decimal | float) -> str:
    """The shortest plain decimal that reads back as the same number ("12", "12.35", never "1.2e-05")."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def single_texts(values: Float2D) -> list[list[str]]:
    """Shortest decimals of float32 values [n, k], row by row."""
    return [[number_text(Decimal(text)) for text in row] for row in values.astype(np.float32).astype(str)]


def box_texts(boxes: Float2D) -> list[list[str]]:
    """left, top, width, height of xyxy float32 boxes, such that `Table.boxes` gives the same boxes back."""
    corners = boxes.astype(np.float32).astype(str)
    return [_box_text(*(Decimal(text) for text in row)) for row in corners]


def _box_text(left: Decimal, top: Decimal, right: Decimal, bottom: Decimal) -> list[str]:
    return [number_text(value) for value in (left, top, right - left, bottom - top)]


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a whole text file or nothing: a kill in the middle leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{line}\n" for line in lines)
    os.replace(partial, path)
