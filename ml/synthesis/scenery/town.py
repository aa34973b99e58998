"""Houses, trees, lamps and signals along the streets of a network."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.synthesis.backdrop import Scenery
from ml.synthesis.camera import Camera
from ml.synthesis.light import Colour
from ml.synthesis.mesh import Mesh, Surface, box, joined, quad
from ml.synthesis.models.library import Library
from ml.synthesis.scenery.facades import TONES, facade, shop_front
from ml.synthesis.scenery.streets import ground
from ml.synthesis.traffic.network import LANE, Edge, Network
from ml.types import Double1D, Double2D

_SHOP_HEIGHT = 4.2
_LAMP_HEIGHT = 7.8
_CLEAR = 34.0  # metres in front of a camera that stay free of houses and trees
_SKYLINE = 70  # blocks around the town
_WINDOW = 3.2  # metres from one window to the next


@dataclass
class _Site:
    """What stands, and what must stay free while more is added."""

    network: Network
    cameras: Sequence[Camera]
    parts: list[Mesh]
    lamps: list[tuple[float, float, float]]
    houses: list[tuple[Double1D, float]]

    def free(self, place: Double1D, radius: float) -> bool:
        """Whether a thing of `radius` metres may stand at `place`."""
        for edge in self.network.edges:
            if _distance(place, edge) < radius + edge.lanes * LANE + 1.5:
                return False
        if any(np.hypot(*(place - other)) < radius + reach for other, reach in self.houses):
            return False
        return not any(_in_view(place, radius, camera) for camera in self.cameras)


def _distance(place: Double1D, edge: Edge) -> float:
    """Metres from the street's middle line."""
    along = edge.end - edge.begin
    part = np.clip((place - edge.begin) @ along / (along @ along), -0.1, 1.1)
    return float(np.hypot(*(place - edge.begin - part * along)))


def _in_view(place: Double1D, radius: float, camera: Camera) -> bool:
    """Whether a thing would stand close before a camera."""
    eye, ahead = np.array(camera.eye[:2]), np.subtract(camera.target[:2], camera.eye[:2])
    ahead = ahead / np.hypot(*ahead)
    offset = place - eye
    far, side = float(offset @ ahead), abs(float(offset @ np.array([-ahead[1], ahead[0]])))
    reach = max(far, 0.0) * math.tan(math.radians(camera.field / 2)) + 2.0
    return -radius - 3 < far < _CLEAR + radius and side < reach + radius


def town(network: Network, library: Library, cameras: Sequence[Camera], generator: np.random.Generator) -> Scenery:
    """The scenery of a network, the views of `cameras` kept clear."""
    facades = [facade(generator, tone) for tone in TONES]
    shops = [shop_front(generator) for _ in range(4)]
    first = len(library.layers)
    site = _Site(network, cameras, [], [], [])
    for edge in network.edges:
        _line_with_houses(site, edge, first, generator)
    _add_skyline(site, first, generator)
    bush = library.models["bush"].levels[2]
    for edge in network.edges:
        _line_with_trees_and_lamps(site, edge, bush, generator)
    verge: Colour = (0.10, 0.14, 0.05) if generator.random() < 0.6 else (0.22, 0.21, 0.19)
    dark = float(generator.uniform(0.11, 0.19))
    flat = ground(network, verge, (dark, dark, dark * 1.03), (0.40, 0.39, 0.37))
    layers = np.concatenate([library.layers, np.stack([*facades, *shops])])
    lamps: Double2D = np.array(site.lamps, np.float64).reshape(-1, 3)
    return Scenery(flat, joined(site.parts), lamps, layers)


def _line_with_houses(site: _Site, edge: Edge, first_layer: int, generator: np.random.Generator) -> None:
    """Houses along the right-hand side of an edge."""
    along = edge.direction
    right = np.array([along[1], -along[0]])
    length, position = float(np.hypot(*(edge.end - edge.begin))), -8.0
    while position < length + 8:
        width, depth = float(generator.uniform(12, 24)), float(generator.uniform(10, 15))
        setback, gap = float(generator.uniform(4.5, 8.0)), generator.random() < 0.15
        place = edge.begin + along * (position + width / 2) + right * (edge.lanes * LANE + setback + depth / 2)
        radius = math.hypot(width, depth) / 2 * 0.8
        if gap or not site.free(place, radius):
            position += 5.0
            continue
        storeys = int(generator.integers(1, 6))
        tone, shop = (
            first_layer + int(generator.integers(n)) + start for n, start in ((len(TONES), 0), (4, len(TONES)))
        )
        bright = float(generator.uniform(0.8, 1.1))
        yaw = math.atan2(along[1], along[0])
        site.parts.append(
            _house(width - 0.6, depth, storeys * _WINDOW, (bright,) * 3, tone, shop).moved(*place, yaw=yaw)
        )
        site.houses.append((place, radius))
        position += width


def _house(width: float, depth: float, height: float, colour: Colour, tone: int, shop: int) -> Mesh:
    """A block with a shop below, its front along x."""
    x, y, top = width / 2, depth / 2, _SHOP_HEIGHT + height
    corners = [(-x, -y), (x, -y), (x, y), (-x, y)]
    parts = []
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        span = math.dist(start, end)
        for low, high, layer, repeats in (
            (0.0, _SHOP_HEIGHT, shop, (max(1.0, round(span / 9)), 1.0)),
            (_SHOP_HEIGHT, top, tone, (max(1, round(span / _WINDOW)) / 4, height / _WINDOW / 4)),
        ):
            face = [(*start, low), (*end, low), (*end, high), (*start, high)]
            parts.append(quad(face, colour, Surface.WALL, repeats=repeats, layer=layer))
    parts.append(box((-x - 0.2, -y - 0.2, top), (x + 0.2, y + 0.2, top + 0.5), (0.3, 0.29, 0.27), Surface.PLAIN))
    return joined(parts)


def _add_skyline(site: _Site, first_layer: int, generator: np.random.Generator) -> None:
    """Distant blocks that close the horizon."""
    places = np.stack(list(site.network.nodes.values()))
    centre, reach = places.mean(0), np.ptp(places, axis=0) / 2
    for step in range(_SKYLINE):
        angle = 2 * math.pi * step / _SKYLINE
        far = generator.uniform(50, 130)
        place = centre + (reach + far) * np.array([math.cos(angle), math.sin(angle)])
        width, height = float(generator.uniform(18, 40)), float(generator.uniform(5, 30))
        tone = first_layer + int(generator.integers(len(TONES)))
        if all(_distance(place, edge) > width for edge in site.network.edges):
            block = _house(width, width * 0.7, height, (0.9, 0.9, 0.9), tone, tone)
            site.parts.append(block.moved(float(place[0]), float(place[1]), yaw=angle))


def _line_with_trees_and_lamps(site: _Site, edge: Edge, bush: Mesh, generator: np.random.Generator) -> None:
    along = edge.direction
    right = np.array([along[1], -along[0]])
    length = float(np.hypot(*(edge.end - edge.begin)))
    for number, position in enumerate(np.arange(5.0, length - 3, 9.0)):
        kerb = edge.begin + along * position + right * (edge.lanes * LANE + 1.0)
        tree, lamp = generator.random() < 0.4, number % 3 == 1
        size, green = float(generator.uniform(2.0, 3.0)), float(generator.uniform(0.7, 1.2))
        if lamp and not _near_eye(kerb, site.cameras):
            site.parts.append(_lamp().moved(*kerb, yaw=math.atan2(-right[1], -right[0])))
            site.lamps.append((*(kerb - right * 1.9).tolist(), _LAMP_HEIGHT - 0.15))
        elif tree and not any(_in_view(kerb, 1.5, camera) for camera in site.cameras):
            crown = bush.coloured((0.5 * green, 0.7 * green, 0.36 * green), Surface.FOLIAGE)
            site.parts.append(box((-0.12, -0.12, 0), (0.12, 0.12, 3.2), (0.16, 0.11, 0.07), Surface.PLAIN).moved(*kerb))
            site.parts.append(
                crown.moved(float(kerb[0]), float(kerb[1]), 2.2, yaw=float(generator.uniform(0, 6)), scale=size)
            )
    if edge.target in site.network.junctions():
        site.parts.append(_signal().moved(*(edge.end + right * (edge.lanes * LANE + 0.8))))


def _near_eye(place: Double1D, cameras: Sequence[Camera]) -> bool:
    return any(_in_view(place, 0.3, camera) and math.dist(place, camera.eye[:2]) < 14 for camera in cameras)


def _lamp() -> Mesh:
    """A pole with an arm along x and a light at its end."""
    grey = (0.22, 0.23, 0.24)
    pole = box((-0.07, -0.07, 0), (0.07, 0.07, _LAMP_HEIGHT), grey, Surface.PLAIN)
    arm = box((0, -0.05, _LAMP_HEIGHT - 0.1), (1.9, 0.05, _LAMP_HEIGHT), grey, Surface.PLAIN)
    light = box(
        (1.5, -0.14, _LAMP_HEIGHT - 0.16), (2.1, 0.14, _LAMP_HEIGHT - 0.1), (0.8, 0.78, 0.7), Surface.STREET_LAMP
    )
    return joined([pole, arm, light])


def _signal() -> Mesh:
    pole = box((-0.07, -0.07, 0), (0.07, 0.07, 3.6), (0.12, 0.12, 0.12), Surface.PLAIN)
    return joined([pole, box((-0.16, -0.16, 2.5), (0.16, 0.16, 3.5), (0.03, 0.035, 0.03), Surface.PLAIN)])
