"""Single values of label files, read strictly: what is no whole number is no id, and nothing is rounded."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from ml.datasets.text import LARGEST, read_text
from ml.types import UserError

WHOLE = re.compile(r"[0-9]{1,10}")


def whole(value: object, name: str, where: str) -> int:
    """A whole number 0..2147483647, given as such or as plain digits; 3.0 and "3.0" are none."""
    number = int(value) if isinstance(value, str) and WHOLE.fullmatch(value.strip()) else value
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= LARGEST:
        raise UserError("malformed-file", f"{where}: {name} is {_shown(value)}, not a whole number from 0 on.")
    return number


def real(value: object, name: str, where: str) -> float:
    """A finite number, given as such or as text."""
    try:
        number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise UserError("malformed-file", f"{where}: {name} is {_shown(value)}, not a number.")
    return number


def identity_text(value: object, where: str) -> int | None:
    """An identity number; None where there is none."""
    return None if value in (None, "") else whole(value, "identity_id", where)


def rows_of(value: object, name: str, where: str) -> list[dict[str, Any]]:
    """A list of objects."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise UserError("malformed-file", f"{where}: {name} is not a list of objects.")
    return value


def members(value: object, name: str, where: str) -> dict[str, Any]:
    """An object; an empty one where there is none."""
    if value is not None and not isinstance(value, dict):
        raise UserError("malformed-file", f"{where}: {name} is not an object.")
    return value or {}


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file with an object in it; NaN and Infinity, which are no JSON, are refused."""
    try:
        content = json.loads(read_text(path), parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise UserError("malformed-file", f"{path}, line {error.lineno}: not JSON ({error.msg}).") from None
    except (ValueError, RecursionError) as error:
        raise UserError("malformed-file", f"{path}: not JSON that can be read ({error}).") from None
    if not isinstance(content, dict):
        raise UserError("malformed-file", f"{path}: an object is expected, as COCO and Datumaro write it.")
    return content


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _shown(value: object) -> str:
    return "missing" if value is None else repr(value)[:40]
