"""One scene before it is drawn: streets, traffic, looks, weather and cameras, all from one seed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from ml.synthesis.camera import Camera
from ml.synthesis.light import Light, light_of
from ml.synthesis.looks import Looks, drawn_looks, drawn_model
from ml.synthesis.models.library import Library
from ml.synthesis.placing import Standing, Walking
from ml.synthesis.sensor import SensorLook, drawn_sensor
from ml.synthesis.traffic.network import LANE, Edge, Network, drawn_network, turn_of
from ml.synthesis.traffic.trajectories import Trajectory, simulate
from ml.types import Progress, no_progress

_PAVED = 2.2  # metres from the kerb at which people walk


@dataclass(frozen=True)
class SceneOptions:
    """What a scene is asked to be.

    seed, cameras, seconds  its number, how many cameras, how long      weather  one of light.WEATHERS
    size, rate              pixels and frames a second of every camera
    density                 vehicles a second that enter on each lane   people   on 100 metres of pavement
    """

    seed: int
    cameras: int = 4
    seconds: float = 60.0
    weather: str = "sun"
    size: tuple[int, int] = (960, 540)
    rate: float = 10.0
    density: float = 0.12
    people: float = 1.5


@dataclass(frozen=True)
class View:
    """A camera of the scene: its delivered pictures' look, and the world time of its first frame."""

    name: str
    camera: Camera
    sensor: SensorLook
    start_s: float


@dataclass(frozen=True)
class Walk:
    """A pedestrian going to and fro between two places."""

    model: str
    begin: tuple[float, float]
    end: tuple[float, float]
    speed: float
    shift: float
    tint: tuple[float, float, float]

    def at(self, time: float) -> Walking:
        (x0, y0), (x1, y1) = self.begin, self.end
        length = max(math.dist(self.begin, self.end), 1e-6)
        round_trip = (self.shift + time * self.speed) % (2 * length)
        back = round_trip > length
        part = (2 * length - round_trip if back else round_trip) / length
        yaw = math.atan2(y1 - y0, x1 - x0) + (math.pi if back else 0.0)
        return Walking(self.model, x0 + (x1 - x0) * part, y0 + (y1 - y0) * part, yaw, self.tint)


@dataclass(frozen=True)
class World:
    """Everything that a picture of the scene depends on."""

    options: SceneOptions
    network: Network
    light: Light
    views: tuple[View, ...]
    traffic: tuple[Trajectory, ...]
    walks: tuple[Walk, ...]
    looks: dict[int, Looks] = field(default_factory=dict)

    def vehicles(self, time: float) -> list[Standing]:
        """The vehicles on the road at `time`."""
        standing = []
        for trajectory in self.traffic:
            place = trajectory.at(time)
            if place is not None:
                x, y, yaw, braking = place
                looks = self.looks[trajectory.number]
                lights = (looks.number * 0.6180339887) % 1.0 < self.light.headlights
                standing.append(Standing(looks, x, y, yaw, braking, lights))
        return standing

    def people(self, time: float) -> list[Walking]:
        return [walk.at(time) for walk in self.walks]


def make_world(options: SceneOptions, library: Library, progress: Progress = no_progress) -> World:
    """The scene of `options`: the same options, the same scene."""
    streets, weather, driving, placing = (np.random.default_rng([options.seed, part]) for part in range(4))
    network = drawn_network(streets, max(2, math.ceil(options.cameras / 2)))
    light = light_of(options.weather, weather)
    views = tuple(_view(number, network, options, light, placing) for number in range(options.cameras))

    def draw() -> tuple[str, float]:
        model = drawn_model(driving)
        return model, library.models[model].size[0]

    span = max(view.start_s for view in views) + options.seconds
    traffic = simulate(network, driving, draw, seconds=span, density=options.density, progress=progress)
    looks = {one.number: drawn_looks(options.seed, one.number, one.model) for one in traffic}
    return World(options, network, light, views, tuple(traffic), _walks(network, options, placing), looks)


def _view(number: int, network: Network, options: SceneOptions, light: Light, generator: np.random.Generator) -> View:
    """A camera on a pole at a junction, the next camera at the next junction; looking along an arm or across."""
    junctions = network.junctions()
    junction = junctions[number % len(junctions)]
    arms = sorted(network.entering(junction), key=lambda arm: -arm.lanes)
    arm = arms[number // len(junctions) % len(arms)]
    height = float(generator.uniform(4.8, 9.5))
    right = np.array([arm.direction[1], -arm.direction[0]])
    side = float(generator.choice([-1.0, 1.0])) * (arm.lanes * LANE + 1.8)
    if generator.random() < 0.3 and any(turn_of(arm, edge) == "straight" for edge in network.leaving(junction)):
        eye = arm.end - arm.direction * 5.0 + right * side  # over the junction, from behind the stop line of an arm
        target = network.nodes[junction] + arm.direction * float(generator.uniform(6, 14))
    else:  # along an arm, against or with the traffic
        eye = arm.end - arm.direction * float(generator.uniform(2, 12)) + right * side
        target = (
            eye - arm.direction * float(generator.uniform(22, 32)) - right * side * float(generator.uniform(0.7, 1.1))
        )
    bend = float(generator.choice([0.0, 0.0, -0.06, -0.12]))
    camera = Camera(
        eye=(float(eye[0]), float(eye[1]), height),
        target=(float(target[0]), float(target[1]), 0.3),
        field=float(generator.uniform(50, 72)),
        size=options.size,
        bend=bend,
    )
    sensor = drawn_sensor(generator, dark=light.name == "night", rain=light.rain)
    start = 0.0 if number == 0 else round(float(generator.uniform(0, 3)), 1)
    return View(f"c{number + 1:03d}", camera, sensor, start)


def _walks(network: Network, options: SceneOptions, generator: np.random.Generator) -> tuple[Walk, ...]:
    """People on the pavements."""
    return tuple(
        _walk(edge, generator)
        for edge in network.edges
        for _ in range(int(generator.poisson(options.people * float(np.hypot(*(edge.end - edge.begin))) / 100)))
    )


def _walk(edge: Edge, generator: np.random.Generator) -> Walk:
    right = np.array([edge.direction[1], -edge.direction[0]]) * (
        edge.lanes * LANE + _PAVED + generator.uniform(-0.7, 0.7)
    )
    begin, end = edge.begin + right, edge.end + right
    tint = generator.uniform(0.4, 1.0) * generator.uniform(0.8, 1.0, 3)
    return Walk(
        model=str(generator.choice(["woman", "man"])),
        begin=(float(begin[0]), float(begin[1])),
        end=(float(end[0]), float(end[1])),
        speed=float(generator.uniform(1.0, 1.6)),
        shift=float(generator.uniform(0, 400)),
        tint=(float(tint[0]), float(tint[1]), float(tint[2])),
    )
