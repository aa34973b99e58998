"""How vehicles move: each follows the one ahead (the intelligent driver model), stops at red, and slows for turns."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ml.synthesis.traffic.network import Connector, Edge, Network, Path
from ml.synthesis.traffic.signals import Signal, drawn_signals

TICK = 0.1  # seconds
_ACCELERATION, _BRAKING, _HARDEST = 1.8, 2.5, 7.0  # metres a second squared
_HEADWAY, _STANDSTILL = 1.2, 2.2  # seconds, metres
_TURNING = {"left": 7.5, "right": 5.5, "straight": 30.0}  # metres a second on a connector
_LONG = 11.0  # metres: longer vehicles only go straight on
_SIGHT = 70.0  # metres that drivers look ahead


@dataclass(frozen=True)
class Section:
    """A lane or a connector. `edge` is the lane's own, or the arm that a connector comes from."""

    key: tuple[str, ...]
    path: Path
    edge: Edge
    connector: Connector | None = None

    @property
    def limit(self) -> float:
        return self.edge.limit if self.connector is None else min(self.edge.limit, _TURNING[self.connector.turn])


@dataclass
class Driver:
    """One vehicle on its way: `front` is metres into section number `place` of its route."""

    number: int
    model: str
    length: float
    eager: float  # its wish as a part of the limit
    route: list[Section]
    place: int = 0
    front: float = 0.0
    speed: float = 0.0
    pushed: float = 0.0
    log: list[tuple[int, float, float, float]] = field(default_factory=list)  # tick, metres on the route, speed, push

    @property
    def section(self) -> Section:
        return self.route[self.place]

    @property
    def gone(self) -> bool:
        return self.place >= len(self.route)


def follow(speed: float, wish: float, gap: float, ahead: float) -> float:
    """Acceleration of the intelligent driver model: gap to what is ahead in metres, its speed."""
    closing = speed * (speed - ahead) / (2 * math.sqrt(_ACCELERATION * _BRAKING))
    wanted = _STANDSTILL + max(0.0, speed * _HEADWAY + closing)
    return max(_ACCELERATION * (1 - (speed / wish) ** 4 - (wanted / max(gap, 0.1)) ** 2), -_HARDEST)


class Streets:
    """The traffic of one network, tick by tick."""

    def __init__(
        self, network: Network, generator: np.random.Generator, draw: Callable[[], tuple[str, float]], density: float
    ) -> None:
        """draw  gives the model and the length in metres of the next vehicle; density  vehicles a second and lane"""
        self._network, self._generator, self._draw, self._density = network, generator, draw, density
        self._signals: dict[str, Signal] = drawn_signals(network, generator)
        ends = [node for node in network.nodes if node not in self._signals]
        self._entries = [edge for node in ends for edge in network.leaving(node)]
        self._sections: dict[tuple[str, ...], Section] = {}
        self._taken: dict[tuple[str, ...], list[tuple[float, Driver]]] = {}
        self.driving: list[Driver] = []
        self.all: list[Driver] = []
        self.tick = 0

    def advance(self) -> None:
        """One tick: everybody decides on what is now, then all move."""
        self._taken = _occupied(self.driving)
        self._enter()
        pushes = [self._push(driver) for driver in self.driving]
        for driver, push in zip(self.driving, pushes, strict=True):
            self._move(driver, push)
        self.driving = [driver for driver in self.driving if not driver.gone]
        self.tick += 1

    def _enter(self) -> None:
        for edge in self._entries:
            for lane in range(edge.lanes):
                if self._generator.random() >= self._density * edge.lanes * TICK / 2:
                    continue
                first = self._lane(edge, lane)
                if any(rear < 12.0 for rear, _ in self._taken.get(first.key, [])):
                    continue
                model, length = self._draw()
                eager = float(np.clip(self._generator.normal(1.0, 0.1), 0.75, 1.25))
                route = self._route(first, lane, straight=length > _LONG)
                driver = Driver(len(self.all) + 1, model, length, eager, route, speed=0.7 * edge.limit)
                self.all.append(driver)
                self.driving.append(driver)

    def _route(self, first: Section, lane: int, *, straight: bool) -> list[Section]:
        """A walk to the end of the world that never turns back."""
        route, edge = [first], first.edge
        while edge.target in self._signals:
            choices = self._network.connectors(edge, lane)
            direct = [choice for choice in choices if choice.turn == "straight"]
            pool = direct if straight and direct else choices
            weights = np.array([3.0 if choice.turn == "straight" else 1.0 for choice in pool])
            taken = pool[int(self._generator.choice(len(pool), p=weights / weights.sum()))]
            key = ("over", edge.source, edge.target, str(lane), taken.target.target, str(taken.target_lane))
            route.append(self._sections.setdefault(key, Section(key, taken.path, edge, taken)))
            edge, lane = taken.target, taken.target_lane
            route.append(self._lane(edge, lane))
        return route

    def _lane(self, edge: Edge, lane: int) -> Section:
        key = ("lane", edge.source, edge.target, str(lane))
        return self._sections.setdefault(key, Section(key, edge.lane(lane), edge))

    def _push(self, driver: Driver) -> float:
        section = driver.section
        wish = section.limit * driver.eager
        left = section.path.length - driver.front
        after = driver.route[driver.place + 1] if driver.place + 1 < len(driver.route) else None
        if after is not None:
            wish = min(wish, math.sqrt(after.limit**2 + 2 * 1.5 * max(left, 0.0)))
        gap, ahead = self._ahead(driver, left)
        push = follow(driver.speed, max(wish, 0.5), gap, ahead)
        if (
            after is not None
            and after.connector is not None
            and left < _SIGHT
            and not self._may_go(driver, after, left)
        ):
            push = min(push, follow(driver.speed, max(wish, 0.5), max(left, 0.1) + 1.2, 0.0))
        return push

    def _ahead(self, driver: Driver, left: float) -> tuple[float, float]:
        """Metres to the vehicle ahead and its speed."""
        base = -driver.front
        for section in driver.route[driver.place : driver.place + 3]:
            others = [
                (base + rear, other.speed)
                for rear, other in self._taken.get(section.key, [])
                if other is not driver and (base + rear > -0.5 * other.length or other.number < driver.number)
                and base + rear + other.length > 0
            ]  # fmt: skip
            if others:
                return min(others)
            base += section.path.length
            if base > _SIGHT:
                break
        return 1e6, 30.0

    def _may_go(self, driver: Driver, over: Section, left: float) -> bool:
        """Whether a driver may go on: green, nobody from another arm, room behind the junction; or too late to stop."""
        if left < driver.speed**2 / (2 * 5.0):
            return True
        if self._signals[over.edge.target].green(self.tick * TICK) is not over.edge:
            return False
        crossing = (
            other
            for key, entries in self._taken.items()
            if key[0] == "over" and key[2] == over.edge.target and key[1] != over.edge.source
            for _, other in entries
        )
        if any(True for _ in crossing):
            return False
        assert over.connector is not None
        target = self._lane(over.connector.target, over.connector.target_lane)
        return all(rear > driver.length + 3.0 or other.speed > 4.0 for rear, other in self._taken.get(target.key, []))

    def _move(self, driver: Driver, push: float) -> None:
        driver.log.append((self.tick, _way(driver), driver.speed, push))
        speed = max(0.0, driver.speed + push * TICK)
        driver.front += (driver.speed + speed) / 2 * TICK
        driver.speed, driver.pushed = speed, push
        while not driver.gone and driver.front > driver.section.path.length:
            driver.front -= driver.section.path.length
            driver.place += 1


def _way(driver: Driver) -> float:
    """Metres from the start of its route to its front."""
    return sum(section.path.length for section in driver.route[: driver.place]) + driver.front


def _occupied(drivers: list[Driver]) -> dict[tuple[str, ...], list[tuple[float, Driver]]]:
    """For each section the rears of the vehicles on it; one that reaches over its start is on the last one as well."""
    taken: dict[tuple[str, ...], list[tuple[float, Driver]]] = {}
    for driver in drivers:
        rear = driver.front - driver.length
        taken.setdefault(driver.section.key, []).append((rear, driver))
        place = driver.place
        while rear < 0 and place > 0:
            place -= 1
            rear += driver.route[place].path.length
            taken.setdefault(driver.route[place].key, []).append((rear, driver))
    return taken
