"""What a training noted of itself, read back as curves over its steps."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ml.datasets.text import malformed, read_text
from ml.reid.training.checkpoint import METRICS
from ml.types import Double1D, UserError

RATE, WHOLE = "learning_rate", "loss"
HELD = {  # of all that a score has, what is drawn, by the name that people know
    "map": "mAP",
    "rank1": "rank-1",
    "same_class": "same class",
    "ap50": "AP50",
    "recall50": "recall",
}
_NO_LOSS = frozenset({"step", "epoch", "weight", "images_per_second"})


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """steps, values  [n] float64; steps rise or stay"""

    name: str
    steps: Double1D
    values: Double1D


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """A training's curves.

    losses  each part of the loss and the whole, one value a step      rates  learning rate
    held    scores on what is held back, shares of 1                   epochs  finished ones; 0 where none is noted
    """

    losses: tuple[Curve, ...]
    rates: tuple[Curve, ...]
    held: tuple[Curve, ...]
    epochs: int = 0


def read_curves(folder: Path) -> Curves:
    """The curves of the training in `folder`; half a last line, as of one that is under way, does not count.

    UserError: "no-metrics" where there is no metrics.jsonl or nothing in it, "malformed-file" with the line.
    """
    path = folder / METRICS
    if not path.is_file():
        message = f"{folder} has no {METRICS}: name the --out folder of a training that has done its first step."
        raise UserError("no-metrics", message)
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    epochs = 0
    for line in _lines(path):
        epochs = max(epochs, int(line.get("epoch", 0)))
        for kind, name, value in _values(line):
            found.setdefault((kind, name), []).append((float(line["step"]), value))
    if not found:
        raise UserError("no-metrics", f"{path} has no finished step yet; look again when the training has done one.")
    losses, rates, held = (
        tuple(_curve(name, points) for (of, name), points in found.items() if of == kind)
        for kind in ("losses", "rates", "held")
    )
    return Curves(_told_apart(losses), rates, held, epochs)


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    text = read_text(path)
    for number, line in enumerate(text[: text.rfind("\n") + 1].splitlines(), start=1):
        try:
            noted = json.loads(line)
        except ValueError:
            noted = None
        if not isinstance(noted, dict) or not isinstance(noted.get("step"), int):
            raise malformed(path, number, "it is no JSON object with a step")
        yield noted


def _values(line: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    """(kind, name, value) of what a line notes; numbers alone, and finite ones."""
    held = line.get("held") or {}
    named = [("held", shown, held.get(name)) for name, shown in HELD.items()]
    named += [("rates" if name == RATE else "losses", name, line[name]) for name in line if name not in _NO_LOSS]
    for kind, name, value in named:
        if isinstance(value, int | float) and math.isfinite(value):
            yield kind, name.replace("_", " "), float(value)


def _told_apart(losses: tuple[Curve, ...]) -> tuple[Curve, ...]:
    """Without the whole where it is its one part, times a weight or not: they would cover each other."""
    return tuple(curve for curve in losses if curve.name != WHOLE) if len(losses) == 2 else losses


def _curve(name: str, points: list[tuple[float, float]]) -> Curve:
    steps, values = np.array(points, np.float64).T
    return Curve(name, steps, values)
