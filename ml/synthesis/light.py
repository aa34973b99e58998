"""Weather and time of day: the light that one scene has."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ml.types import UserError

Colour = tuple[float, float, float]  # linear rgb

WEATHERS = ("sun", "overcast", "evening", "night", "rain")


@dataclass(frozen=True)
class Light:
    """sun          unit vector towards it              sun_colour  0 where it does not shine
    sky, horizon, bounce   light from above, from the side, from below
    haze, density          colour and part per metre that distance loses to it
    lamps, windows         street lamps and lit windows, 0 off      headlights  part of the vehicles that have theirs on
    wet, rain              0..1: water on the ground, streaks in the air
    """

    name: str
    sun: Colour
    sun_colour: Colour
    sky: Colour
    horizon: Colour
    bounce: Colour
    haze: Colour
    density: float
    exposure: float = 1.0
    cloud: float = 0.3
    lamps: float = 0.0
    windows: float = 0.0
    headlights: float = 0.0
    wet: float = 0.0
    rain: float = 0.0

    @property
    def sunny(self) -> bool:
        return self.sun_colour[0] > 0


def light_of(weather: str, generator: np.random.Generator) -> Light:
    """The light of `weather`, drawn anew within what is usual for it; UserError unknown-weather."""
    if weather not in WEATHERS:
        raise UserError("unknown-weather", f"There is no weather {weather!r}; choose from {', '.join(WEATHERS)}.")
    azimuth = generator.uniform(0, 2 * math.pi)
    dim = float(generator.uniform(0.85, 1.15))
    if weather == "sun":
        high = math.radians(generator.uniform(32, 62))
        warm = float(generator.uniform(0.78, 0.92))
        return Light(
            weather, _towards(azimuth, high), _times((2.5, 2.5 * (0.5 + warm / 2), 2.5 * warm), dim),
            sky=(0.36, 0.43, 0.55), horizon=(0.75, 0.82, 0.92), bounce=(0.20, 0.19, 0.18),
            haze=(0.62, 0.68, 0.75), density=0.0010, cloud=float(generator.uniform(0, 0.5)),
        )  # fmt: skip
    if weather == "evening":
        high = math.radians(generator.uniform(7, 16))
        return Light(
            weather, _towards(azimuth, high), _times((2.1, 1.15, 0.5), dim),
            sky=(0.24, 0.27, 0.38), horizon=(0.85, 0.55, 0.35), bounce=(0.13, 0.11, 0.11),
            haze=(0.60, 0.45, 0.36), density=0.0018, exposure=1.25, lamps=0.5, windows=0.25, headlights=0.6,
        )  # fmt: skip
    if weather == "night":
        return Light(
            weather, (0.0, 0.0, 1.0), (0.0, 0.0, 0.0),
            sky=(0.030, 0.034, 0.05), horizon=(0.05, 0.045, 0.045), bounce=(0.02, 0.018, 0.016),
            haze=(0.03, 0.028, 0.03), density=0.0020, exposure=1.6 * dim, cloud=0.2, lamps=1.0, windows=0.8,
            headlights=1.0, wet=float(generator.choice([0.0, 0.6], p=[0.7, 0.3])),
        )  # fmt: skip
    wet = weather == "rain"
    grey = 0.7 if wet else 1.0
    return Light(
        weather, _towards(azimuth, 1.2), (0.0, 0.0, 0.0),
        sky=_times((0.85, 0.89, 0.95), grey * dim), horizon=_times((0.80, 0.82, 0.84), grey * dim),
        bounce=_times((0.28, 0.28, 0.27), grey * dim), haze=_times((0.68, 0.71, 0.74), grey),
        density=0.0024 if wet else 0.0014, exposure=1.05 if wet else 1.15, cloud=0.9,
        headlights=0.75 if wet else 0.15, windows=0.15 if wet else 0.0, wet=float(wet), rain=float(wet),
    )  # fmt: skip


def _towards(azimuth: float, elevation: float) -> Colour:
    flat = math.cos(elevation)
    return flat * math.cos(azimuth), flat * math.sin(azimuth), math.sin(elevation)


def _times(colour: Colour, factor: float) -> Colour:
    red, green, blue = colour
    return red * factor, green * factor, blue * factor
