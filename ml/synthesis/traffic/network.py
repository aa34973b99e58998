"""Streets: junctions, directed edges with lanes, and the curves that lead from lane to lane. Traffic keeps right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from ml.types import Double1D, Double2D

LANE = 3.3  # metres
STEP = 0.5  # metres between the points of a path
_CURVE_POINTS = 24

Turn = Literal["left", "straight", "right"]


@dataclass(frozen=True)
class Path:
    """A polyline with its points `STEP` metres apart or less: points [n, 2]."""

    points: Double2D

    @cached_property
    def distances(self) -> Double1D:
        """[n] metres from the start."""
        return np.concatenate([[0.0], np.hypot(*np.diff(self.points, axis=0).T).cumsum()])

    @property
    def length(self) -> float:
        return float(self.distances[-1])

    def at(self, distance: Double1D) -> Double2D:
        """[k, 2] points so far along; before the start and after the end it goes on straight."""
        inside = np.clip(distance, 0, self.length)
        xy = np.stack([np.interp(inside, self.distances, column) for column in self.points.T], axis=-1)
        first, last = (_direction(self.points[:2]), _direction(self.points[-2:]))
        return xy + np.minimum(distance, 0)[:, None] * first + np.maximum(distance - self.length, 0)[:, None] * last


def _direction(ends: Double2D) -> Double1D:
    step = ends[1] - ends[0]
    return np.asarray(step / np.hypot(*step))


@dataclass(frozen=True)
class Edge:
    """One direction of a street between two junctions; begin and end are [2] metres on the street's middle line."""

    source: str
    target: str
    begin: Double1D
    end: Double1D
    lanes: int
    limit: float  # metres a second

    @property
    def direction(self) -> Double1D:
        return _direction(np.stack([self.begin, self.end]))

    def lane(self, number: int) -> Path:
        """The middle of a lane, counted from the right."""
        right = np.array([self.direction[1], -self.direction[0]]) * LANE * (self.lanes - number - 0.5)
        count = max(2, int(np.hypot(*(self.end - self.begin)) / STEP) + 1)
        return Path(np.linspace(self.begin, self.end, count) + right)


@dataclass(frozen=True)
class Connector:
    """The way over a junction from one lane to another."""

    source: Edge
    source_lane: int
    target: Edge
    target_lane: int
    turn: Turn

    @cached_property
    def path(self) -> Path:
        start, goal = self.source.lane(self.source_lane).points[-1], self.target.lane(self.target_lane).points[0]
        reach = 0.45 * float(np.hypot(*(goal - start)))
        handles = [start, start + self.source.direction * reach, goal - self.target.direction * reach, goal]
        t = np.linspace(0, 1, _CURVE_POINTS)[:, None]
        weights = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3]
        return Path(np.sum([w * np.asarray(h) for w, h in zip(weights, handles, strict=True)], axis=0))


def turn_of(source: Edge, target: Edge) -> Turn | None:
    """How one goes from `source` to `target`; None for turning back."""
    a, b = source.direction, target.direction
    across, along = float(a[0] * b[1] - a[1] * b[0]), float(a @ b)
    if along < -0.8:
        return None
    return "straight" if abs(across) < 0.5 else "left" if across > 0 else "right"


@dataclass(frozen=True)
class Network:
    """nodes  name -> [2] place, metres         edges  both directions of every street"""

    nodes: dict[str, Double1D]
    edges: tuple[Edge, ...]

    def leaving(self, node: str) -> list[Edge]:
        return [edge for edge in self.edges if edge.source == node]

    def entering(self, node: str) -> list[Edge]:
        return [edge for edge in self.edges if edge.target == node]

    def junctions(self) -> list[str]:
        """Nodes where streets cross; the others are ends of the world."""
        return [node for node in self.nodes if len(self.leaving(node)) > 1]

    def connectors(self, edge: Edge, lane: int) -> list[Connector]:
        """The ways on from a lane: right from the rightmost, left from the leftmost, straight on from each."""
        found = []
        for target in self.leaving(edge.target):
            turn = turn_of(edge, target)
            if turn == "right" and lane == 0:
                found.append(Connector(edge, lane, target, 0, turn))
            elif turn == "left" and lane == edge.lanes - 1:
                found.append(Connector(edge, lane, target, target.lanes - 1, turn))
            elif turn == "straight" and lane < target.lanes:
                found.append(Connector(edge, lane, target, lane, turn))
        return found


@dataclass(frozen=True)
class Street:
    """A street between two nodes: lanes in each direction, and the limit in metres a second."""

    source: str
    target: str
    lanes: int
    limit: float


def network(nodes: dict[str, tuple[float, float]], streets: list[Street]) -> Network:
    """Both directions of each street, cut back where it meets a junction by the breadth of the others."""
    places = {name: np.array(place, np.float64) for name, place in nodes.items()}
    at_node = {name: [street for street in streets if name in (street.source, street.target)] for name in nodes}

    def cut(name: str) -> float:
        return LANE * max(street.lanes for street in at_node[name]) + 4.0 if len(at_node[name]) > 1 else 0.0

    edges = []
    for street in streets:
        for source, target in ((street.source, street.target), (street.target, street.source)):
            along = _direction(np.stack([places[source], places[target]]))
            begin, end = places[source] + along * cut(source), places[target] - along * cut(target)
            edges.append(Edge(source, target, begin, end, street.lanes, street.limit))
    return Network(places, tuple(edges))


def drawn_network(generator: np.random.Generator, junctions: int) -> Network:
    """An arterial with `junctions` crossings at drawn distances, each with side streets on one or both sides."""
    nodes = {"west": (-180.0, 0.0)}
    streets = []
    x, before = 0.0, "west"
    for number in range(junctions):
        name = f"j{number}"
        nodes[name] = (x, 0.0)
        streets.append(Street(before, name, 2, float(generator.uniform(12.5, 15.5))))
        sides = [("n", 1), ("s", -1)] if generator.random() < 0.75 else [[("n", 1)], [("s", -1)]][generator.integers(2)]
        for side, sign in sides:
            lean = float(generator.uniform(-0.2, 0.2))
            nodes[f"{name}{side}"] = (x + 150 * lean, 150.0 * sign)
            streets.append(Street(name, f"{name}{side}", 1, float(generator.uniform(9.5, 12.5))))
        before, x = name, x + float(generator.uniform(110, 190))
    nodes["east"] = (x + 30.0, 0.0)
    streets.append(Street(before, "east", 2, 13.9))
    return network(nodes, streets)
