"""Colours that vehicles come in, by the names that people give them."""

from __future__ import annotations

import colorsys
import math

import numpy as np

from ml.synthesis.light import Colour

# VeRi's numbers where VeRi has the colour.
COLOURS = {
    "yellow": 1, "orange": 2, "green": 3, "gray": 4, "red": 5, "blue": 6, "white": 7, "beige": 8, "brown": 9,
    "black": 10, "silver": 11,
}  # fmt: skip
SHARES = {
    "white": 25.0, "black": 21.0, "gray": 18.0, "silver": 11.0, "blue": 8.5, "red": 7.5, "green": 2.5, "brown": 2.5,
    "beige": 1.5, "yellow": 1.5, "orange": 1.0,
}  # fmt: skip

# Linear albedo. Greys: darkest, brightest, how far from neutral. Hues: ranges of hue, saturation and value.
_GREYS = {
    "white": (0.60, 0.86, 0.03),
    "silver": (0.30, 0.50, 0.05),
    "gray": (0.06, 0.22, 0.10),
    "black": (0.006, 0.025, 0.25),
}
_HUES = {
    "red": ((-0.015, 0.015), (0.90, 0.98), (0.13, 0.48)),
    "blue": ((0.58, 0.67), (0.68, 0.95), (0.06, 0.38)),
    "green": ((0.30, 0.46), (0.58, 0.85), (0.045, 0.16)),
    "brown": ((0.04, 0.08), (0.58, 0.80), (0.055, 0.14)),
    "beige": ((0.09, 0.12), (0.24, 0.40), (0.36, 0.56)),
    "yellow": ((0.11, 0.14), (0.90, 0.98), (0.50, 0.70)),
    "orange": ((0.03, 0.055), (0.93, 0.99), (0.42, 0.60)),
}


def drawn_colour(generator: np.random.Generator, *, heavy: bool) -> str:
    """A colour name by its share on the road; heavy vehicles are white more often."""
    shares = np.array([share * (2.0 if heavy and name == "white" else 1.0) for name, share in SHARES.items()])
    return str(generator.choice(list(SHARES), p=shares / shares.sum()))


def shade_of(name: str, generator: np.random.Generator) -> Colour:
    """One paint that people would call `name`, linear rgb."""
    if name in _GREYS:
        dark, bright, tint = _GREYS[name]
        value = math.exp(generator.uniform(math.log(dark), math.log(bright)))
        warm, green = generator.normal(0, tint, 2).clip(-2 * tint, 2 * tint)
        return _within(value * (1 + warm), value * (1 + 0.4 * green), value * (1 - warm))
    hue, saturation, (dark, bright) = _HUES[name]
    value = math.exp(generator.uniform(math.log(dark), math.log(bright)))
    return _within(*colorsys.hsv_to_rgb(generator.uniform(*hue) % 1, generator.uniform(*saturation), value))


def _within(*channels: float) -> Colour:
    red, green, blue = (min(max(float(channel), 0.004), 0.9) for channel in channels)
    return red, green, blue


def display(colour: Colour) -> tuple[int, int, int]:
    """Linear rgb as 0..255 on a screen."""
    red, green, blue = (round(255 * min(max(channel, 0.0), 1.0) ** (1 / 2.2)) for channel in colour)
    return red, green, blue
