"""The ground as meshes, in the order in which they lie on each other: verge, pavement, asphalt, markings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.synthesis.light import Colour
from ml.synthesis.mesh import Mesh, Surface, joined, quad
from ml.synthesis.traffic.network import LANE, Edge, Network
from ml.types import Double1D

_WHITE, _YELLOW = (0.60, 0.60, 0.58), (0.60, 0.43, 0.06)
_WIDE = 900.0  # metres of ground on each side
_PAVEMENT = 3.2
_DASH, _PERIOD, _LINE = 3.0, 9.0, 0.13


def ribbon(begin: Double1D, end: Double1D, right: float, left: float, colour: Colour, surface: Surface) -> Mesh:
    """A straight strip from `begin` to `end`, reaching `right` and `left` metres from the line between them."""
    along = (end - begin) / np.hypot(*(end - begin))
    across = np.array([-along[1], along[0]])
    corners = [begin - across * right, end - across * right, end + across * left, begin + across * left]
    return quad([(*corner, 0.0) for corner in corners], colour, surface)


def ground(network: Network, verge: Colour, asphalt: Colour, pavement: Colour) -> Mesh:
    """Everything flat, to be drawn in its order."""
    low, high = -_WIDE, _WIDE
    parts = [quad([(low, low, 0), (high, low, 0), (high, high, 0), (low, high, 0)], verge, Surface.VERGE)]
    streets = _streets(network)
    parts += [_over(edge, _PAVEMENT + edge.lanes * LANE + 0.3, pavement, Surface.PAVEMENT) for edge in streets]
    parts += [_square(network, node, _PAVEMENT, pavement, Surface.PAVEMENT) for node in network.junctions()]
    kerb = (0.45, 0.44, 0.42)
    parts += [_over(edge, edge.lanes * LANE + 0.55, kerb, Surface.MARKING) for edge in streets]
    parts += [_over(edge, edge.lanes * LANE + 0.3, asphalt, Surface.ASPHALT) for edge in streets]
    parts += [_square(network, node, 0.0, asphalt, Surface.ASPHALT) for node in network.junctions()]
    parts += [mark for edge in network.edges for mark in _markings(edge, network)]
    return joined(parts)


def _streets(network: Network) -> list[Edge]:
    """One edge of each street."""
    return [edge for edge in network.edges if edge.source < edge.target]


def _over(edge: Edge, half: float, colour: Colour, surface: Surface) -> Mesh:
    return ribbon(edge.begin - edge.direction * 2, edge.end + edge.direction * 2, half, half, colour, surface)


def _square(network: Network, node: str, margin: float, colour: Colour, surface: Surface) -> Mesh:
    """The area of a junction."""
    half = 2 * LANE + 1.2 + margin
    x, y = network.nodes[node]
    corners = [(x - half, y - half, 0), (x + half, y - half, 0), (x + half, y + half, 0), (x - half, y + half, 0)]
    return quad(corners, colour, surface)


def _markings(edge: Edge, network: Network) -> list[Mesh]:
    """Middle line, lane lines, edge line, and before a junction the stop line and a zebra crossing."""
    along, right = edge.direction, np.array([edge.direction[1], -edge.direction[0]])

    def line(begin: Double1D, end: Double1D, half: float, colour: Colour = _WHITE) -> Mesh:
        return ribbon(begin, end, half, half, colour, Surface.MARKING)

    width = edge.lanes * LANE
    marks = [line(edge.begin + right * 0.14, edge.end + right * 0.14, _LINE / 2, _YELLOW)]
    marks.append(line(edge.begin + right * (width - 0.1), edge.end + right * (width - 0.1), _LINE / 2))
    length = float(np.hypot(*(edge.end - edge.begin)))
    for lane in range(1, edge.lanes):
        for start in np.arange(0, length - _DASH, _PERIOD):
            begin = edge.begin + along * start + right * lane * LANE
            marks.append(line(begin, begin + along * _DASH, _LINE / 2))
    if edge.target in network.junctions():
        stop = edge.end - along * 0.2
        marks.append(line(stop + right * 0.1, stop + right * width, 0.2))
        marks += _zebra(edge.end + along * 1.2, along, right, width)
    return marks


def _zebra(place: Double1D, along: Double1D, right: Double1D, width: float) -> list[Mesh]:
    starts: Sequence[float] = np.arange(-width + 0.4, width - 0.3, 1.1).tolist()
    return [
        ribbon(place + right * s, place + right * s + along * 2.6, 0.25, 0.25, _WHITE, Surface.MARKING) for s in starts
    ]
