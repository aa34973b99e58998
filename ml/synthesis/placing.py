"""Where a vehicle or a pedestrian is at one moment, and what of it a camera can see."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ml.synthesis.camera import NEAR, Camera
from ml.synthesis.looks import Looks
from ml.synthesis.models.library import CELLS, Model
from ml.types import Double1D, Double2D

_TEXELS = 60.0  # texture points to the metre of a body, about
_SHARP = 2.0  # a level of detail is fine enough while its cells are smaller than this many pixels ...
_DENSE = 3.0  # ... or than this many, where it has more triangles than the vehicle has pixels
_CLOSEST = 0.8  # metres in front of the camera


@dataclass(frozen=True)
class Standing:
    """A vehicle at one moment: the middle of its footprint (metres) and where its front points (radians)."""

    looks: Looks
    x: float
    y: float
    yaw: float
    braking: bool = False
    lights: bool = False

    def to_world(self) -> Double2D:
        """[4, 4] from the model's frame."""
        return placement(self.x, self.y, self.yaw, self.looks.scale)


@dataclass(frozen=True)
class Walking:
    """A pedestrian at one moment: which model, where, facing where, in what colour of clothes."""

    model: str
    x: float
    y: float
    yaw: float
    tint: tuple[float, float, float]

    def to_world(self) -> Double2D:
        return placement(self.x, self.y, self.yaw, (1.0, 1.0, 1.0))


Mover = Standing | Walking


def placement(x: float, y: float, yaw: float, scale: tuple[float, float, float], z: float = 0.0) -> Double2D:
    """[4, 4] from a model's frame (x forward, y left, z up) to the world."""
    c, s = math.cos(yaw), math.sin(yaw)
    turn = np.array([[c, -s, 0, x], [s, c, 0, y], [0, 0, 1, z], [0, 0, 0, 1.0]])
    turn[:3, :3] *= scale
    return turn


@dataclass(frozen=True)
class Seen:
    """What a camera sees of something: depths in metres, rect xyxy in the unbent picture (may exceed it), level of
    detail, and the mipmap level that suits its textures."""

    nearest: float
    farthest: float
    rect: tuple[float, float, float, float]
    level: int
    shown: bool
    coarse: float = 0.0

    @property
    def area(self) -> float:
        """Pixels of the rect."""
        x0, y0, x1, y1 = self.rect
        return (x1 - x0) * (y1 - y0)


def seen(camera: Camera, model: Model, to_world: Double2D, *, above: float = 0.0) -> Seen:
    """How `camera` sees a model; `above` metres of load stand on its roof."""
    low, high = model.bounds
    corners = np.array(
        [(x, y, z, 1) for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2] + above)]
    )
    world = (corners @ to_world.T)[:, :3]
    depths: Double1D = camera.depths(world)
    width, height = camera.size
    pixels = camera.projected(world, bent=False)
    rect = (*pixels.min(0).tolist(), *pixels.max(0).tolist())
    inside = rect[2] > 0 and rect[3] > 0 and rect[0] < width and rect[1] < height
    nearest = float(depths.min())
    per_metre = camera.pinhole[0, 0] / max(nearest, NEAR)
    level = _level(model, per_metre, (rect[2] - rect[0]) * (rect[3] - rect[1]))
    shown = inside and nearest > _CLOSEST
    coarse = max(0.0, math.log2(_TEXELS / max(per_metre, 1.0)))
    return Seen(nearest, float(depths.max()), (rect[0], rect[1], rect[2], rect[3]), level, shown, coarse)


def _level(model: Model, per_metre: float, area: float) -> int:
    """The coarsest level that is fine enough at so many pixels a metre."""
    level = 0
    for number in range(1, len(CELLS)):
        cell, triangles = CELLS[number] * per_metre, len(model.levels[number - 1].triangles)
        if cell < _SHARP or (cell < _DENSE and triangles > area):
            level = number
    return level
