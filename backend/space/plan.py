"""A plan picture laid on the ground by pairs of points: turned, scaled and shifted, never bent (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.space.ground import Doubles

FEWEST = 2
NEAREST_PX = 4.0  # between points of the picture: nearer ones do not say how it is turned
NEAREST_M = 0.5
LEAST_AGREEMENT = 0.5  # correlation of the picture's points with their places, of which two points have 1


class Unplaceable(ValueError):
    """These pairs do not say where the picture lies; the message says why, for people."""


@dataclass(frozen=True)
class PlanFit:
    """to_ground  [2, 3] (u, v, 1) pixels -> (x, y) metres     errors_m  [n] of each pair"""

    to_ground: Doubles
    errors_m: Doubles

    @property
    def metres_per_pixel(self) -> float:
        return float(np.hypot(self.to_ground[0, 0], self.to_ground[1, 0]))


def plan_fit(pixels: Doubles, places: Doubles) -> PlanFit:
    """From pixels [n, 2] (u right, v down) and places [n, 2] in metres (x east, y north). Raises Unplaceable.

    With z = u - iv and w = x + iy, the least squares of |a z + b - w|: a = sum conj(z') w' / sum |z'|^2 about the
    means. A plan is drawn to one scale, so two pairs are enough and every further one is a check.
    """
    if len(pixels) < FEWEST:
        raise Unplaceable(f"A plan is placed by at least {FEWEST} points; there are {len(pixels)}.")
    if np.ptp(pixels, axis=0).max() < NEAREST_PX or np.ptp(places, axis=0).max() < NEAREST_M:
        raise Unplaceable("The points lie too near to each other: take two that are far apart.")
    z, w = pixels[:, 0] - 1j * pixels[:, 1], places[:, 0] + 1j * places[:, 1]
    from_middle = z - z.mean()
    turn = np.vdot(from_middle, w - w.mean()) / np.vdot(from_middle, from_middle)
    if abs(turn) * np.linalg.norm(from_middle) < LEAST_AGREEMENT * np.linalg.norm(w - w.mean()):
        reason = "no turning and scaling of the picture brings them near their places"
        raise Unplaceable(f"The points contradict each other: {reason}. Are both numbers of each place in their order?")
    shift = w.mean() - turn * z.mean()
    to_ground = np.array([[turn.real, turn.imag, shift.real], [turn.imag, -turn.real, shift.imag]], np.float64)
    return PlanFit(to_ground, np.abs(turn * z + shift - w))


def on_ground(to_ground: Doubles, pixels: Doubles) -> Doubles:
    """[n, 2] places in metres of pixels [n, 2]."""
    places: Doubles = pixels @ to_ground[:, :2].T + to_ground[:, 2]
    return places
