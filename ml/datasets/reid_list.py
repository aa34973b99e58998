"""Lists of pictures for re-identification: `name,identity,camera`, one line a picture, and matrices of distances."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml.datasets.text import malformed, read_text
from ml.types import UserError

HEADER = ("name", "identity", "camera")


@dataclass(frozen=True)
class PictureList:
    """names, identities and cameras [n] str, in the file's order; an empty camera is an unknown one."""

    names: npt.NDArray[np.str_]
    identities: npt.NDArray[np.str_]
    cameras: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.names)


def read_picture_list(path: Path) -> PictureList:
    """Read `name,identity,camera`; a first line with these words is a heading, further columns are ignored.

    Refuses, naming the line: missing columns, a name or an identity left empty, a name said twice.
    """
    rows: list[tuple[str, str, str]] = []
    line_of: dict[str, int] = {}
    for line, fields in enumerate(csv.reader(read_text(path).splitlines()), start=1):
        texts = tuple(field.strip() for field in fields[:3])
        if not any(texts) or (line == 1 and texts == HEADER):
            continue
        _require_whole(path, line, texts, line_of)
        line_of[texts[0]] = line
        rows.append((texts[0], texts[1], texts[2]))
    if not rows:
        raise UserError("file-empty", f"{path} lists no picture; a line is name,identity,camera.")
    columns = [np.array(column, np.str_) for column in zip(*rows, strict=True)]
    return PictureList(*columns)


def read_distances(path: Path) -> npt.NDArray[np.floating]:
    """A matrix of numbers from a .npy file; it is mapped, not loaded."""
    try:
        values = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise UserError("file-missing", f"{path} does not exist.") from None
    except (ValueError, EOFError, OSError):
        raise UserError("malformed-file", f"{path} is not a matrix that numpy.save has written.") from None
    if not isinstance(values, np.ndarray) or values.ndim != 2 or not np.issubdtype(values.dtype, np.floating):
        raise UserError("malformed-file", f"{path} must hold one matrix of floating-point numbers.")
    return values


def write_distances(path: Path, values: npt.NDArray[np.floating]) -> None:
    """Write a matrix as `read_distances` reads it: whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as stream:
        np.save(stream, values)
    partial.replace(path)


def _require_whole(path: Path, line: int, texts: tuple[str, ...], line_of: dict[str, int]) -> None:
    if len(texts) < len(HEADER):
        raise malformed(path, line, f"{len(texts)} columns where {', '.join(HEADER)} are needed")
    for name, text in zip(HEADER[:2], texts, strict=False):
        if not text:
            raise malformed(path, line, f"{name} is empty")
    if texts[0] in line_of:
        raise malformed(path, line, f"picture {texts[0]} is named twice (first on line {line_of[texts[0]]})")
