"""Learned links as SVG pictures, readable on light and dark pages: a histogram for each, and the graph of cameras."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from ml.matching.checks import require_different
from ml.matching.graph.checks import require_column
from ml.matching.links import LearnedLink
from ml.types import Double1D, UserError

WIDTH, HEIGHT, MARGIN = 480, 220, 44
BINS = 48
INK, VOTES, CONFIRMED, CURVE = "#808080", "#56b4e9", "#0072b2", "#d55e00"
SIZE, RADIUS, NODE = 640, 230, 26  # of the graph, its circle and a camera


def link_histogram(found: LearnedLink, *, by_hand: bool = False) -> str:
    """The votes of a link by transit time: those that people confirmed darker, its window shaded, its density a line.

    by_hand  the window is a person's, not the learned one

    UserError: wrong-shape, not-a-number, no-votes.
    """
    _require_drawable(found)
    edges = _edges(found)
    window = np.clip((found.link.min_s, found.link.max_s), edges[0], edges[-1])
    everything, sure = (np.histogram(found.gaps_s[rows], edges, weights=found.votes[rows])[0] for rows in _rows(found))
    curve = _density(found, (edges[1:] + edges[:-1]) / 2) * found.votes.sum() * np.diff(edges)
    top = max(float(everything.max()), float(curve.max()), 1e-9)
    across = WIDTH / (edges[-1] - edges[0])
    lines = [
        f'<g transform="translate({MARGIN} {MARGIN})">',
        _text(WIDTH / 2, -24, f"{found.link.source} → {found.link.target}", "bold"),
        _text(WIDTH / 2, -8, _caption(found, by_hand=by_hand)),
        f'<rect x="{(window[0] - edges[0]) * across:.1f}" width="{(window[1] - window[0]) * across:.1f}" '
        f'height="{HEIGHT}" fill="{INK}" fill-opacity="0.18"/>',
        *_bars(everything / top, VOTES),
        *_bars(sure / top, CONFIRMED),
        f'<polyline fill="none" stroke="{CURVE}" stroke-width="2" points="{_points(curve / top)}"/>',
        *_ticks(edges, across),
        _text(WIDTH / 2, HEIGHT + 36, "seconds from the end of the one to the start of the other"),
        "</g>",
    ]
    return _svg(WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN, lines)


def camera_graph(cameras: Sequence[str], found: Sequence[LearnedLink]) -> str:
    """The cameras in a circle, in their order; an arrow for each link, thicker with more votes, says its usual time.

    UserError: camera-twice, unknown-camera of a link.
    """
    _require_cameras(cameras, found)
    angles = np.arange(len(cameras)) / max(len(cameras), 1) * 2 * np.pi - np.pi / 2
    places = dict(zip(cameras, SIZE / 2 + RADIUS * np.column_stack((np.cos(angles), np.sin(angles))), strict=True))
    most = max((float(each.votes.sum()) for each in found), default=1.0)
    arrows = [part for each in found for part in _arrow(each, places[each.link.source], places[each.link.target], most)]
    nodes = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{NODE}" fill="{VOTES}" fill-opacity="0.35" stroke="{INK}"/>'
        + _text(x, y + 4, name, "bold")
        for name, (x, y) in places.items()
    ]
    head = '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" '
    head += f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8Z" fill="{CURVE}"/></marker></defs>'
    return _svg(SIZE, SIZE, [head, *arrows, *nodes])


def _require_drawable(found: LearnedLink) -> None:
    count, fitted = len(found.votes), np.array([found.peak_s, found.spread_s, found.share, found.width_s])
    for values, name in ((found.gaps_s, "transit times"), (found.votes, "votes"), (found.confirmed, "confirmed votes")):
        require_column(values, count, name)
    require_column(fitted, len(fitted), "peak, spread, share and width")
    if not np.isfinite((*found.gaps_s, found.link.min_s, found.link.max_s)).any():
        ends = f"{found.link.source} -> {found.link.target}"
        raise UserError("no-votes", f"Link {ends} has no votes and no window with an end: nothing can be drawn.")


def _require_cameras(cameras: Sequence[str], found: Sequence[LearnedLink]) -> None:
    require_different(cameras)
    unknown = {end for each in found for end in (each.link.source, each.link.target)} - set(cameras)
    if unknown:
        known = ", ".join(cameras)
        raise UserError("unknown-camera", f"A link leads from or to camera {min(unknown)}; the cameras are {known}.")


def _rows(found: LearnedLink) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], ...]:
    return np.ones(len(found.votes), np.bool_), found.confirmed


def _edges(found: LearnedLink) -> Double1D:
    """Bins over all votes and over the window where it ends, with a little room."""
    shown = np.append(found.gaps_s, (found.link.min_s, found.link.max_s))
    low, high = (float(end(shown[np.isfinite(shown)])) for end in (np.min, np.max))
    room = max(0.05 * (high - low), 0.5)
    return np.linspace(low - room, high + room, BINS + 1)


def _density(found: LearnedLink, seconds: Double1D) -> Double1D:
    """Of a transit time, a second: a normal peak on a uniform background."""
    scaled = (seconds - found.peak_s) / found.spread_s
    normal = np.exp(-(scaled**2) / 2) / (found.spread_s * np.sqrt(2 * np.pi))
    density: Double1D = found.share * normal + (1 - found.share) / found.width_s
    return density


def _caption(found: LearnedLink, *, by_hand: bool) -> str:
    link, sure = found.link, int(found.confirmed.sum())
    window = f"{link.min_s:g} to {link.max_s:g} s{' (by hand)' if by_hand else ''}"
    return f"{window}; around {found.peak_s:.1f} s; {found.votes.sum():.1f} votes, {sure} confirmed"


def _bars(shares: Double1D, colour: str) -> Iterator[str]:
    step = WIDTH / len(shares)
    for place in np.flatnonzero(shares).tolist():
        height = HEIGHT * float(shares[place])
        box = f'x="{place * step:.1f}" y="{HEIGHT - height:.1f}" width="{step - 1:.1f}" height="{height:.1f}"'
        yield f'<rect {box} fill="{colour}"/>'


def _points(shares: Double1D) -> str:
    step = WIDTH / len(shares)
    return " ".join(
        f"{(place + 0.5) * step:.1f},{HEIGHT * (1 - share):.1f}" for place, share in enumerate(shares.tolist())
    )


def _ticks(edges: Double1D, across: float) -> Iterator[str]:
    yield f'<path d="M0 {HEIGHT}H{WIDTH}" stroke="{INK}"/>'
    for seconds in np.linspace(edges[0], edges[-1], 7).round() + 0.0:  # no "-0"
        at = (seconds - edges[0]) * across
        yield f'<path d="M{at:.1f} {HEIGHT}v5" stroke="{INK}"/>' + _text(at, HEIGHT + 18, f"{seconds:.0f}")


def _arrow(found: LearnedLink, start: Double1D, end: Double1D, most: float) -> Iterator[str]:
    """Bent to its left, so that the way back has a line of its own."""
    way = end - start
    side = np.array([way[1], -way[0]])
    bend = (start + end) / 2 + 0.15 * side
    start, end = (point + NODE * (bend - point) / np.linalg.norm(bend - point) for point in (start, end))
    width = 1 + 5 * float(found.votes.sum()) / most
    path = f"M{start[0]:.1f} {start[1]:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
    yield f'<path d="{path}" fill="none" stroke="{CURVE}" stroke-width="{width:.1f}" marker-end="url(#head)"/>'
    x, y = 0.4225 * start + 0.455 * bend + 0.1225 * end + 0.04 * side  # nearer to the start, where fewer lines cross
    yield _text(x, y, f"{found.peak_s:.0f} s")


def _text(x: float, y: float, words: str, weight: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-weight="{weight}">{escape(words)}</text>'


def _svg(width: int, height: int, content: Sequence[str]) -> str:
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
    return "\n".join([f'{opening}font-family="sans-serif" font-size="12" fill="{INK}">', *content, "</svg>", ""])
