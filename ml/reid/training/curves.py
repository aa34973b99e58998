"""A training's curves as one picture: losses, learning rate and scores under each other, over the same steps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ml.reid.training.metrics import Curve, Curves
from ml.types import Double1D, Image

WIDTH, HEIGHT = 1040, 300  # of the picture, and of a panel with what is written around it
LEFT, RIGHT, TOP, BOTTOM = 90, 200, 40, 52  # margins around a panel's axes
INK, FAINT, GRID, PAPER = (30, 30, 30), (110, 110, 110), (225, 225, 225), (255, 255, 255)
# Okabe and Ito's colours, which everybody tells apart; curves beyond them begin again.
COLOURS = ((0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (230, 159, 0), (86, 180, 233), (0, 0, 0))
_SMOOTHED = 60  # points over a panel's width that stay of noisy curves
_LINE = 22  # between the names beside a panel


@dataclass(frozen=True, slots=True)
class _Panel:
    """noisy  whether the curves have a value a step, of which the mean of neighbours is drawn over the faint values"""

    title: str
    curves: Sequence[Curve]
    noisy: bool = False


@dataclass(frozen=True, slots=True)
class _Axes:
    """What is at the edges of a panel: steps 0..last, values low..high."""

    last: float
    low: float
    high: float
    top: int

    def across(self, steps: Double1D | float) -> Double1D:
        """Columns of the picture."""
        return np.asarray(LEFT + np.divide(steps, self.last) * (WIDTH - LEFT - RIGHT), np.float64)

    def down(self, values: Double1D | float) -> Double1D:
        """Lines of the picture."""
        share = np.clip((np.asarray(values) - self.low) / (self.high - self.low), 0, 1)
        return np.asarray(self.top + TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), np.float64)


def draw_curves(curves: Curves) -> Image:
    """[h, WIDTH, 3] RGB: a panel for the losses, for the learning rate and for the scores, where there are any."""
    panels = [
        _Panel("loss and its parts, a step (faint: each step; strong: mean of neighbours)", curves.losses, noisy=True),
        _Panel("learning rate", curves.rates),
        _Panel("score on what is held back, share of 1", curves.held),
    ]
    there = [panel for panel in panels if panel.curves]
    last = max(max(float(curve.steps[-1]) for panel in there for curve in panel.curves), 1.0)
    image = np.full((HEIGHT * len(there), WIDTH, 3), PAPER, np.uint8)
    for place, panel in enumerate(there):
        axes = _Axes(last, *_range(panel), HEIGHT * place)
        _frame(image, axes, panel.title, curves.epochs)
        for number, curve in enumerate(panel.curves):
            _draw(image, axes, panel, curve, number)
    return image


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten within low..high, `most` at most."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10, 20) if (high - low) / (factor * power) <= most - 1)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def smoothed(values: Double1D, points: int = _SMOOTHED) -> Double1D:
    """Each value's mean with its neighbours: as many to each side as leave `points` windows; fewer at the ends."""
    reach = len(values) // (2 * points)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    places = np.arange(len(values))
    before, behind = np.maximum(places - reach, 0), np.minimum(places + reach + 1, len(values))
    return np.asarray((sums[behind] - sums[before]) / (behind - before), np.float64)


def _range(panel: _Panel) -> tuple[float, float]:
    """From 0, or below it, to a little above the largest; of noisy curves single peaks are cut off."""
    values = np.concatenate([curve.values for curve in panel.curves])
    top = float(np.quantile(values, 0.995)) if panel.noisy else float(values.max())
    low = min(0.0, float(values.min()))
    return low, low + max(1.05 * (top - low), 1e-12)


def _frame(image: Image, axes: _Axes, title: str, epochs: int) -> None:
    """Title, grid, numbers and what the steps are."""
    left, right = LEFT, WIDTH - RIGHT
    _write(image, title, (left, axes.top + TOP - 14), 0.5, INK)
    for value in ticks(axes.low, axes.high):
        line = round(float(axes.down(value)))
        cv2.line(image, (left, line), (right, line), GRID)
        _write(image, f"{value:.6g}", (left - 8, line + 4), 0.42, FAINT, aligned=1.0)
    bottom = axes.top + HEIGHT - BOTTOM
    for step in ticks(0, axes.last):
        column = round(float(axes.across(step)))
        cv2.line(image, (column, bottom), (column, bottom + 5), FAINT)
        _write(image, f"{step:.6g}", (column, bottom + 20), 0.42, FAINT, aligned=0.5)
    cv2.line(image, (left, bottom), (right, bottom), FAINT)
    ended = f" ({epochs} epochs done)" if epochs else ""
    _write(image, f"steps{ended}", ((left + right) // 2, bottom + 40), 0.45, FAINT, aligned=0.5)


def _draw(image: Image, axes: _Axes, panel: _Panel, curve: Curve, number: int) -> None:
    colour = COLOURS[number % len(COLOURS)]
    drawn = smoothed(curve.values) if panel.noisy else curve.values
    if panel.noisy:
        faint = tuple(round(0.75 * 255 + 0.25 * part) for part in colour)
        _line(image, axes, curve.steps, curve.values, faint, 1)
    _line(image, axes, curve.steps, drawn, colour, 2)
    if not panel.noisy and len(drawn) <= _SMOOTHED:
        for centre in _points(axes, curve.steps, drawn):
            cv2.circle(image, centre, 4, colour, cv2.FILLED, cv2.LINE_AA)
    line = axes.top + TOP + 12 + number * _LINE
    cv2.line(image, (WIDTH - RIGHT + 12, line - 4), (WIDTH - RIGHT + 36, line - 4), colour, 3, cv2.LINE_AA)
    _write(image, f"{curve.name} {drawn[-1]:.4g}", (WIDTH - RIGHT + 44, line), 0.45, INK)


def _line(image: Image, axes: _Axes, steps: Double1D, values: Double1D, colour: Sequence[int], thickness: int) -> None:
    corners = np.array(list(_points(axes, steps, values)), np.int32).reshape(-1, 1, 2)
    cv2.polylines(image, [corners], False, tuple(colour), thickness, cv2.LINE_AA)


def _points(axes: _Axes, steps: Double1D, values: Double1D) -> Iterator[tuple[int, int]]:
    columns, lines = axes.across(steps).round().astype(int), axes.down(values).round().astype(int)
    return zip(columns.tolist(), lines.tolist(), strict=True)


def _write(
    image: Image, text: str, at: tuple[int, int], size: float, colour: Sequence[int], *, aligned: float = 0.0
) -> None:
    """`at` is on the text's base line, at this share of its width: 0 its left end, 1 its right."""
    width = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, 1)[0][0]
    cv2.putText(
        image,
        text,
        (round(at[0] - aligned * width), at[1]),
        cv2.FONT_HERSHEY_SIMPLEX,
        size,
        tuple(colour),
        1,
        cv2.LINE_AA,
    )
