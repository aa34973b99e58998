"""From the drivers' logs to poses at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ml.synthesis.traffic.driving import TICK, Driver, Streets
from ml.synthesis.traffic.network import Network, Path
from ml.types import Bool1D, Double1D, Double2D, Progress, no_progress

_AXLES = (0.2, 0.8)  # parts of the length behind the front
_BRAKES = -0.6  # metres a second squared from which the brake lamps are on


@dataclass(frozen=True)
class Trajectory:
    """One vehicle: number from 1, model; at times [n] (seconds) its middle [n, 2], heading [n] and brake lamps [n]."""

    number: int
    model: str
    times: Double1D
    places: Double2D
    headings: Double1D
    braking: Bool1D

    def at(self, time: float) -> tuple[float, float, float, bool] | None:
        """x, y, heading, brake lamps at `time`; None where it is not on the road."""
        if not self.times[0] <= time <= self.times[-1]:
            return None
        x, y = (float(np.interp(time, self.times, column)) for column in self.places.T)
        heading = float(np.interp(time, self.times, self.headings))
        return x, y, heading, bool(self.braking[int(np.searchsorted(self.times, time, side="right")) - 1])


def simulate(
    network: Network,
    generator: np.random.Generator,
    draw: Callable[[], tuple[str, float]],
    *,
    seconds: float,
    density: float,
    warm_up: float = 90.0,
    progress: Progress = no_progress,
) -> list[Trajectory]:
    """Traffic from 0 to `seconds`, the streets already full at 0.

    draw     gives the model and the length in metres of each next vehicle
    density  vehicles a second that enter on each lane      warm_up  seconds of traffic before time 0
    """
    streets = Streets(network, generator, draw, density)
    ticks = round((warm_up + seconds) / TICK) + 1
    for tick in range(ticks):
        streets.advance()
        if tick % 100 == 0:
            progress(tick, ticks, "ticks")
    progress(ticks, ticks, "ticks")
    found = [_trajectory(driver, warm_up) for driver in streets.all if len(driver.log) > 1]
    return [trajectory for trajectory in found if trajectory.times[-1] >= 0]


def _trajectory(driver: Driver, warm_up: float) -> Trajectory:
    """The middle lies between two points that run along the route like axles."""
    ticks, way, _, push = np.array(driver.log).T
    path = Path(np.concatenate([section.path.points for section in driver.route]))
    front, rear = (path.at(way - part * driver.length) for part in _AXLES)
    along = front - rear
    return Trajectory(
        number=driver.number,
        model=driver.model,
        times=ticks * TICK - warm_up,
        places=(front + rear) / 2,
        headings=np.unwrap(np.arctan2(along[:, 1], along[:, 0])),
        braking=push < _BRAKES,
    )
