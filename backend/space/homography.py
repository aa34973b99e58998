"""A homography from pairs of points: where a few places on the ground lie in the picture. Arrays in, arrays out.

    s (u, v, 1) = H (x, y, 1)

The normalised direct linear transformation (Hartley, 1997), then the least squares of the distances in the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.space.ground import Doubles, inverse

FEWEST = 4
STEPS = 30
HALVINGS = 8
STRAIGHT = 0.01  # of the points' extent: nearer than this to a line is on it
SAME = 0.002  # of the points' extent: nearer than this is one point
JUDGED_FROM = 6  # pairs, with which one can be told to disagree with the others
LEAST_SUSPICIOUS_PX = 5.0
TIMES_THE_REST = 4.0


class Undetermined(ValueError):
    """These pairs are no calibration; the message says why, for people."""


@dataclass(frozen=True)
class Fit:
    """A homography and how well it fits its pairs.

    to_image  [3, 3] metres (x, y, 1) -> pixels, its third coordinate positive where the points are
    errors_px, errors_m  [n] distance of each point from where its partner says it is, in the picture and on the ground
    suspect   the pair that disagrees with all others, or None
    """

    to_image: Doubles
    errors_px: Doubles
    errors_m: Doubles
    suspect: int | None


def fit_homography(places: Doubles, pixels: Doubles) -> Fit:
    """From places [n, 2] in metres (x east, y north) and undistorted pixels [n, 2]. Raises Undetermined."""
    _require_spread(places, "on the ground")
    _require_spread(pixels, "in the picture")
    to_image = _facing(_refined(_direct(places, pixels), places, pixels), places)
    errors_px = _distances(mapped(to_image, places), pixels)
    errors_m = _distances(mapped(inverse(to_image), pixels), places)
    if not np.isfinite([errors_px, errors_m]).all():
        raise Undetermined("These pairs put some of their points onto the horizon: they are no calibration.")
    return Fit(to_image, errors_px, errors_m, _suspect(places, pixels, errors_px))


def mapped(homography: Doubles, points: Doubles) -> Doubles:
    """[n, 2] points through a homography [3, 3]."""
    homogeneous = np.column_stack((points, np.ones(len(points)))) @ homography.T
    places: Doubles = homogeneous[:, :2] / homogeneous[:, 2:]
    return places


def _distances(ones: Doubles, others: Doubles) -> Doubles:
    away: Doubles = np.hypot(*(ones - others).T)
    return away


def _require_spread(points: Doubles, where: str) -> None:
    """Raises Undetermined for fewer than four different points, and where all but one of them lie on a line."""
    if len(points) < FEWEST:
        raise Undetermined(f"A calibration needs at least {FEWEST} pairs of points; there are {len(points)}.")
    extent = float(np.ptp(points, axis=0).max())
    away = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) + np.eye(len(points)) * max(extent, 1.0)
    one, other = divmod(int(away.argmin()), len(points))
    if away[one, other] <= SAME * extent:
        raise Undetermined(f"Points {one + 1} and {other + 1} are the same {where}: take one of them away or move it.")
    if _most_on_a_line(points, STRAIGHT * extent) >= len(points) - 1:
        raise Undetermined(
            f"All points {where} but at most one lie on a line: add some beside it, such as across the road."
        )


def _most_on_a_line(points: Doubles, within: float) -> int:
    """How many points lie on one line through two of them."""
    first, second = np.triu_indices(len(points), 1)
    along = points[second] - points[first]
    away = points[None] - points[first][:, None]
    across = np.abs(along[:, None, 0] * away[..., 1] - along[:, None, 1] * away[..., 0])
    return int((across <= within * np.hypot(*along.T)[:, None]).sum(axis=1).max())


def _direct(places: Doubles, pixels: Doubles) -> Doubles:
    """The null vector of the equations u (h3 X) = h1 X, v (h3 X) = h2 X in coordinates of the size of 1."""
    of_places, of_pixels = _normalising(places), _normalising(pixels)
    ground = np.column_stack((mapped(of_places, places), np.ones(len(places))))
    u, v = mapped(of_pixels, pixels).T[:, :, None]
    none = np.zeros_like(ground)
    equations = np.vstack((np.hstack((ground, none, -u * ground)), np.hstack((none, ground, -v * ground))))
    solution = np.linalg.svd(equations)[2][-1].reshape(3, 3)
    return np.asarray(inverse(of_pixels) @ solution @ of_places, np.float64)


def _normalising(points: Doubles) -> Doubles:
    """[3, 3] that moves the points' middle to 0 and makes their mean distance from it the root of 2."""
    middle = points.mean(axis=0)
    scale = np.sqrt(2) / np.hypot(*(points - middle).T).mean()
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]], np.float64)


def _refined(start: Doubles, places: Doubles, pixels: Doubles) -> Doubles:
    """Gauss and Newton from `start` to the least sum of squared distances in the picture; never a worse one."""
    of_places, of_pixels = _normalising(places), _normalising(pixels)
    ground, wanted = mapped(of_places, places), mapped(of_pixels, pixels)
    best = of_pixels @ start @ inverse(of_places)
    best = best / np.linalg.norm(best)
    cost = _cost(best, ground, wanted)
    for _ in range(STEPS):
        step = _step(best, ground, wanted)
        tries = [best + step / 2**halved for halved in range(HALVINGS)]
        costs = [_cost(each, ground, wanted) for each in tries]
        least = int(np.argmin(costs))
        if not costs[least] < cost * (1 - 1e-12):
            break
        best, cost = tries[least] / np.linalg.norm(tries[least]), costs[least]
    return np.asarray(inverse(of_pixels) @ best @ of_places, np.float64)


def _cost(homography: Doubles, ground: Doubles, wanted: Doubles) -> float:
    with np.errstate(all="ignore"):
        squares = float(((mapped(homography, ground) - wanted) ** 2).sum())
    return squares if np.isfinite(squares) else np.inf


def _step(homography: Doubles, ground: Doubles, wanted: Doubles) -> Doubles:
    """[3, 3] of least norm, as the homography's scale is free: du/dh1 = X / w, du/dh3 = -u X / w."""
    homogeneous = np.column_stack((ground, np.ones(len(ground))))
    over_depth = homogeneous / (homogeneous @ homography[2])[:, None]
    u, v = mapped(homography, ground).T[:, :, None]
    none = np.zeros_like(over_depth)
    slopes = np.vstack((np.hstack((over_depth, none, -u * over_depth)), np.hstack((none, over_depth, -v * over_depth))))
    missing = (wanted - mapped(homography, ground)).T.ravel()
    return np.asarray(np.linalg.lstsq(slopes, missing, rcond=None)[0].reshape(3, 3), np.float64)


def _facing(homography: Doubles, places: Doubles) -> Doubles:
    """With positive depth at the points. Raises Undetermined where no camera above the ground sees them so."""
    depths = np.column_stack((places, np.ones(len(places)))) @ homography[2]
    facing: Doubles = homography * np.sign(depths.sum()) / np.abs(homography).max()
    if not (depths * np.sign(depths.sum()) > 0).all():
        raise Undetermined(
            "Some of these places would lie behind the camera: two points have probably been given each other's place."
        )
    if np.linalg.det(facing) > 0:
        raise Undetermined(
            "The places are mirrored: this would be the ground seen from below. x counts to the east and y to the "
            "north, latitude comes before longitude."
        )
    return facing


def _suspect(places: Doubles, pixels: Doubles, errors_px: Doubles) -> int | None:
    """The pair without which the others agree far better, and which then lies far from its place."""
    if len(places) < JUDGED_FROM:
        return None
    verdicts = [_without(index, places, pixels) for index in range(len(places))]
    worst = int(np.argmin([rest for rest, _ in verdicts]))
    rest, away = verdicts[worst]
    return worst if away > max(LEAST_SUSPICIOUS_PX, TIMES_THE_REST * rest) and errors_px.max() > 1 else None


def _without(index: int, places: Doubles, pixels: Doubles) -> tuple[float, float]:
    """(root mean square error of the other pairs, distance of this one from where they put it), pixels."""
    others = np.arange(len(places)) != index
    homography = _direct(places[others], pixels[others])
    away = _distances(mapped(homography, places), pixels)
    return float(np.sqrt((away[others] ** 2).mean())), float(away[index])
