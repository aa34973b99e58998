"""Curves as an SVG picture, readable on light and dark pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ml.types import Double1D

WIDTH, HEIGHT, MARGIN, GAP = 360, 240, 44, 24
STYLES = (("#0072b2", ""), ("#d55e00", "7 4"), ("#009e73", "2 4"), ("#cc79a7", "9 3 2 3"))  # told apart by dashes too
INK = "#808080"
POINTS = 200  # of a curve that are drawn
Panels = Sequence[tuple[str, Mapping[str, Double1D]]]


def panels_svg(panels: Panels, *, across: str, upwards: str) -> str:
    """Panels (title, name -> values from 0 on) side by side on one scale; `across` and `upwards` name the axes."""
    values = np.concatenate([curve for _, curves in panels for curve in curves.values()])
    low, high = np.floor(values.min() * 50) / 50, np.ceil(values.max() * 50) / 50
    width = len(panels) * (WIDTH + MARGIN + GAP) + GAP
    lines = [_opening(width)]
    for place, (title, curves) in enumerate(panels):
        left = GAP + MARGIN + place * (WIDTH + MARGIN + GAP)
        lines += [f'<g transform="translate({left} {MARGIN})">', *_panel(title, curves, low, high, across), "</g>"]
    return "\n".join([*lines, f'<text x="8" y="{MARGIN - 14}">{upwards}</text>', "</svg>", ""])


def _panel(title: str, curves: Mapping[str, Double1D], low: float, high: float, across: str) -> Iterator[str]:
    last = max(len(curve) for curve in curves.values()) - 1
    yield f'<text x="{WIDTH / 2}" y="-14" text-anchor="middle" font-weight="bold">{title}</text>'
    for value in np.linspace(low, high, 5):
        height = HEIGHT * (1 - (value - low) / (high - low))
        yield f'<path d="M0 {height:.1f}H{WIDTH}" stroke="{INK}" stroke-opacity="0.3"/>'
        yield f'<text x="-6" y="{height + 4:.1f}" text-anchor="end">{value:.3f}</text>'
    for value in np.linspace(0, last, 5).round():
        yield f'<text x="{WIDTH * value / last:.1f}" y="{HEIGHT + 18}" text-anchor="middle">{value:.0f}</text>'
    yield f'<text x="{WIDTH / 2}" y="{HEIGHT + 36}" text-anchor="middle">{across}</text>'
    for line, ((name, curve), (colour, dashes)) in enumerate(zip(curves.items(), STYLES, strict=False)):
        points = " ".join(
            f"{WIDTH * place / last:.1f},{HEIGHT * (1 - (value - low) / (high - low)):.1f}"
            for place, value in _drawn(curve)
        )
        drawn = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"'
        yield f'<polyline {drawn} points="{points}"/>'
        height = HEIGHT - 14 - 18 * line
        yield f'<path d="M{WIDTH - 96} {height - 4}h28" {drawn}/><text x="{WIDTH - 62}" y="{height}">{name}</text>'


def _drawn(curve: Double1D) -> list[tuple[int, float]]:
    """(place, value) of some points of the curve, evenly spread, the last one among them."""
    places = np.unique(np.linspace(0, len(curve) - 1, min(POINTS, len(curve))).round().astype(int))
    return [(place, float(curve[place])) for place in places.tolist()]


def growth_svg(sizes: Sequence[float], costs: Mapping[str, Sequence[float]], *, across: str) -> str:
    """A panel for each cost against the sizes, both in powers of ten; dashed: growing as the sizes do."""
    width = len(costs) * (WIDTH + MARGIN + GAP) + 2 * GAP
    lines = [_opening(width)]
    for place, (title, values) in enumerate(costs.items()):
        left = GAP + MARGIN + place * (WIDTH + MARGIN + GAP)
        panel = _growth(title, np.log10(sizes), np.log10(values), across)
        lines += [f'<g transform="translate({left} {MARGIN})">', *panel, "</g>"]
    return "\n".join([*lines, "</svg>", ""])


def _growth(title: str, sizes: Double1D, costs: Double1D, across: str) -> Iterator[str]:
    straight = costs[0] + sizes - sizes[0]
    low, high = np.floor(min(costs.min(), straight.min())), np.ceil(max(costs.max(), straight.max()))
    first, last = np.floor(sizes[0]), np.ceil(sizes[-1] - 0.05)  # a little over a million is a million
    yield f'<text x="{WIDTH / 2}" y="-14" text-anchor="middle" font-weight="bold">{title}</text>'
    for power in np.arange(low, high + 1):
        height = HEIGHT * (1 - (power - low) / (high - low))
        yield f'<path d="M0 {height:.1f}H{WIDTH}" stroke="{INK}" stroke-opacity="0.3"/>'
        yield f'<text x="-6" y="{height + 4:.1f}" text-anchor="end">{10**power:,g}</text>'
    places = WIDTH * (sizes - first) / (last - first)
    for power in np.arange(first, last + 1):
        at = WIDTH * (power - first) / (last - first)
        yield f'<text x="{at:.1f}" y="{HEIGHT + 18}" text-anchor="middle">{10**power:,.0f}</text>'
    yield f'<text x="{WIDTH / 2}" y="{HEIGHT + 36}" text-anchor="middle">{across}</text>'
    for values, (colour, dashes) in ((straight, (INK, "7 4")), (costs, STYLES[0])):
        heights = HEIGHT * (1 - (values - low) / (high - low))
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(places, heights, strict=True))
        drawn = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"'
        yield f'<polyline {drawn} points="{points}"/>'
    for x, y in zip(places, HEIGHT * (1 - (costs - low) / (high - low)), strict=True):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{STYLES[0][0]}"/>'


def _opening(width: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT + 2 * MARGIN}" '
        f'font-family="sans-serif" font-size="12" fill="{INK}">'
    )
