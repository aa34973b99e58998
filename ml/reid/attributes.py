"""Type and colour of vehicles: their names, and what a network's readings of several pictures say together."""

from __future__ import annotations

import numpy as np

from ml.types import Attributes, Float2D, UserError

# In the order of VeRi's numbers, from 1 on.
VEHICLE_TYPES = (
    "sedan", "suv", "van", "hatchback", "mpv", "pickup", "bus", "truck", "estate", "coupe", "convertible", "mini",
)  # fmt: skip
COLOURS = ("yellow", "orange", "green", "grey", "red", "blue", "white", "beige", "brown", "black", "silver")
READINGS = len(VEHICLE_TYPES) + len(COLOURS)  # of a picture: a probability for each type, then for each colour


def together(readings: Float2D) -> Attributes:
    """The attributes of one vehicle: the mean over its pictures' readings [v, 23].

    UserError "wrong-shape", "empty-set", "not-a-number".
    """
    if readings.ndim != 2 or readings.shape[1] != READINGS:
        raise UserError("wrong-shape", f"readings are {list(readings.shape)}; {READINGS} a picture are needed")
    if not len(readings):
        raise UserError("empty-set", "there are no pictures whose readings could be put together")
    if not np.isfinite(readings).all():
        row = int(np.argmin(np.isfinite(readings).all(axis=1)))
        raise UserError("not-a-number", f"the readings of picture {row + 1} hold something that is no number")
    mean = readings.mean(axis=0).astype(np.float32)
    return Attributes(mean[: len(VEHICLE_TYPES)], mean[len(VEHICLE_TYPES) :])


def most_probable(attributes: Attributes) -> tuple[tuple[str, float], tuple[str, float]]:
    """((type, its probability), (colour, its probability))."""
    kind, colour = int(attributes.types.argmax()), int(attributes.colours.argmax())
    return (
        (VEHICLE_TYPES[kind], float(attributes.types[kind])),
        (COLOURS[colour], float(attributes.colours[colour])),
    )
