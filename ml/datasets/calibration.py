"""calibration.txt in the two styles in circulation: a bare homography, or one labelled line an item.

A homography maps the ground to the image in some sets and the other way round in others, in degrees of
latitude and longitude or in metres. Both are read from the file where it says so and are "unstated" where not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from ml.datasets.text import malformed, number_text, read_text, write_lines
from ml.types import Double1D, Double2D, UserError

Direction = Literal["ground-to-image", "image-to-ground", "unstated"]
Unit = Literal["metres", "degrees", "unstated"]

_GROUND = {"metres": "ground (x, y, 1) in metres", "degrees": "ground (latitude, longitude, 1) in degrees"}
_PIXEL = "undistorted pixel (u, v, 1)"


@dataclass(frozen=True)
class Calibration:
    """How a camera sees the ground.

    homography          [3, 3] float64, acting on column vectors, in `direction`; its ground side in `unit`
    intrinsic           [3, 3] or None          distortion  [k] OpenCV order k1 k2 p1 p2 k3, or None
    extrinsic           [3, 4] or None, world to camera
    reprojection_error  pixels, or None
    """

    homography: Double2D
    direction: Direction = "unstated"
    unit: Unit = "unstated"
    intrinsic: Double2D | None = None
    distortion: Double1D | None = None
    extrinsic: Double2D | None = None
    reprojection_error: float | None = None


def read_calibration(path: Path) -> Calibration:
    """Read either style; refuses a missing, misshapen or singular homography, naming file and line."""
    items = _items(path)
    if "homography matrix" not in items:
        raise UserError(
            "malformed-file", f"{path} holds no homography: expected `Homography matrix: a b c;d e f;g h i`."
        )
    line, text = items["homography matrix"]
    homography = _matrix(path, line, text, (3, 3))
    if not homography.any() or not np.linalg.det(homography / np.abs(homography).max()):
        raise malformed(path, line, "the homography is singular")
    direction, unit = _stated(items.get("homography direction", (0, ""))[1])
    return Calibration(
        homography=homography,
        direction=direction,
        unit=unit,
        intrinsic=_optional_matrix(path, items, "intrinsic parameter matrix", (3, 3)),
        distortion=_distortion(path, items),
        extrinsic=_optional_matrix(path, items, "extrinsic matrix", (3, 4)),
        reprojection_error=_error(path, items),
    )


def write_calibration(path: Path, calibration: Calibration) -> None:
    """Write labelled lines that `read_calibration` reads to the same calibration, bit for bit."""
    lines = [f"Homography matrix: {_matrix_text(calibration.homography)}"]
    if calibration.direction != "unstated" or calibration.unit != "unstated":
        lines.append(f"Homography direction: {_direction_text(calibration.direction, calibration.unit)}")
    if calibration.intrinsic is not None:
        lines.append(f"Intrinsic parameter matrix: {_matrix_text(calibration.intrinsic)}")
    if calibration.distortion is not None:
        lines.append(f"Distortion coefficients: {' '.join(number_text(v) for v in calibration.distortion)}")
    if calibration.extrinsic is not None:
        lines.append(f"Extrinsic matrix: {_matrix_text(calibration.extrinsic)}")
    if calibration.reprojection_error is not None:
        lines.append(f"Reprojection error: {number_text(calibration.reprojection_error)}")
    write_lines(path, lines)


def _items(path: Path) -> dict[str, tuple[int, str]]:
    """Label (lower case) -> (line number, text after the colon); a bare first line is the homography."""
    items: dict[str, tuple[int, str]] = {}
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        label, colon, value = text.partition(":")
        if colon:
            items[label.strip().lower()] = (line, value)
        elif text.strip():
            if items:
                raise malformed(path, line, "a line without a label after the first")
            items["homography matrix"] = (line, text)
    return items


def _matrix(path: Path, line: int, text: str, shape: tuple[int, int]) -> Double2D:
    rows = [_values(path, line, row) for row in text.strip().strip(";").split(";")]
    if [len(row) for row in rows] != [shape[1]] * shape[0]:
        raise malformed(path, line, f"expected {shape[0]} rows of {shape[1]} numbers, rows split by `;`")
    return np.array(rows, np.float64)


def _values(path: Path, line: int, text: str) -> list[float]:
    try:
        values = [float(field) for field in text.replace(",", " ").split()]
    except ValueError:
        raise malformed(path, line, f"{text.strip()!r} is not a list of numbers") from None
    if not np.isfinite(values).all():
        raise malformed(path, line, "a value is not finite")
    return values


def _optional_matrix(
    path: Path, items: dict[str, tuple[int, str]], label: str, shape: tuple[int, int]
) -> Double2D | None:
    return _matrix(path, *items[label], shape) if label in items else None


def _distortion(path: Path, items: dict[str, tuple[int, str]]) -> Double1D | None:
    if "distortion coefficients" not in items:
        return None
    line, text = items["distortion coefficients"]
    return np.array(_values(path, line, text.replace(";", " ")), np.float64)


def _error(path: Path, items: dict[str, tuple[int, str]]) -> float | None:
    if "reprojection error" not in items:
        return None
    line, text = items["reprojection error"]
    values = _values(path, line, text)
    if len(values) != 1:
        raise malformed(path, line, "expected one number")
    return values[0]


def _stated(text: str) -> tuple[Direction, Unit]:
    """Direction and unit as `ground ... in metres -> pixel ...` says them; what it leaves out is unstated."""
    before, arrow, after = text.lower().partition("->")
    direction: Direction = "unstated"
    if arrow and _is_image(after.partition(";")[0]) and not _is_image(before):
        direction = "ground-to-image"
    elif arrow and _is_image(before) and not _is_image(after.partition(";")[0]):
        direction = "image-to-ground"
    return direction, _unit(text.lower())


def _is_image(text: str) -> bool:
    return re.search(r"\b(pixels?|image)\b", text) is not None


def _unit(text: str) -> Unit:
    if re.search(r"\b(metres?|meters?)\b", text):
        return "metres"
    return "degrees" if re.search(r"\b(latitude|longitude|degrees?)\b", text) else "unstated"


def _direction_text(direction: Direction, unit: Unit) -> str:
    ground = _GROUND.get(unit, "ground (x, y, 1)")
    if direction == "unstated":
        return ground
    return f"{ground} -> {_PIXEL}" if direction == "ground-to-image" else f"{_PIXEL} -> {ground}"


def _matrix_text(matrix: Double2D) -> str:
    return ";".join(" ".join(number_text(value) for value in row) for row in matrix)
