"""Pictures and the ground: what a camera's homography says of places in metres. Arrays in, arrays out (numpy only).

The web draws with it; the vision library has its own for matching, and a test holds that both agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

BELOW = np.array([960.0, 4000.0, 1.0])  # an undistorted pixel below the horizon of any camera held upright
STEPS_OUT_OF_LENS = 20
HALVINGS = 24
COLUMNS = 17  # of the picture, along which the view is cut
SEMI_MAJOR_M, FLATTENING = 6_378_137.0, 1 / 298.257223563  # WGS 84


@dataclass(frozen=True)
class GroundPlane:
    """A camera's picture laid on the ground.

    to_ground   [3, 3] undistorted pixels -> metres, its third coordinate positive below the horizon
    lens        [3, 3] intrinsics, or None
    distortion  [k <= 5] k1 k2 p1 p2 k3, or None
    size        width, height of the picture in pixels
    """

    to_ground: Doubles
    lens: Doubles | None
    distortion: Doubles | None
    size: tuple[int, int]


def plane_of(
    to_ground: Doubles, *, lens: Doubles | None, distortion: Doubles | None, size: tuple[int, int]
) -> GroundPlane:
    """From a homography of any sign and scale."""
    scaled = to_ground / np.abs(to_ground).max()
    return GroundPlane(scaled * np.sign(BELOW @ scaled[2]), lens, distortion, size)


def inverse(matrix: Doubles) -> Doubles:
    return np.linalg.inv(matrix).astype(np.float64)


def metres_to_degrees(latitude: float, longitude: float) -> Doubles:
    """[3, 3] (x, y, 1) in metres about that place -> (latitude, longitude, 1) in degrees, on its tangent plane."""
    angle = np.radians(latitude)
    flat = 1 - FLATTENING * (2 - FLATTENING) * np.sin(angle) ** 2
    across = SEMI_MAJOR_M / np.sqrt(flat)
    along = across * (1 - FLATTENING) ** 2 / flat
    north, east = np.degrees(1 / along), np.degrees(1 / (across * np.cos(angle)))
    return np.array([[0, north, latitude], [east, 0, longitude], [0, 0, 1]], np.float64)


def places_under(pixels: Doubles, plane: GroundPlane) -> Doubles:
    """[k, 2] metres under pixels [k, 2] of the picture; NaN at and above the horizon, where there is no ground."""
    straight = undistorted(pixels, plane.lens, plane.distortion)
    mapped = np.column_stack((straight, np.ones(len(pixels)))) @ plane.to_ground.T
    depth = np.where(mapped[:, 2] > 0, mapped[:, 2], np.nan)
    places: Doubles = mapped[:, :2] / depth[:, None]
    return places


def undistorted(pixels: Doubles, lens: Doubles | None, distortion: Doubles | None) -> Doubles:
    """[k, 2] undistorted pixels: x = (x' - tangential(x)) / radial(x) until it stands still (the model of OpenCV)."""
    if lens is None or distortion is None or not distortion.any():
        return pixels
    k1, k2, p1, p2, k3 = np.pad(distortion, (0, 5 - len(distortion)))
    seen = np.column_stack((pixels, np.ones(len(pixels)))) @ np.linalg.inv(lens).T
    x, y = seen[:, 0], seen[:, 1]
    for _ in range(STEPS_OUT_OF_LENS):
        r2 = x * x + y * y
        radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
        sideways = 2 * p1 * x * y + p2 * (r2 + 2 * x * x), p1 * (r2 + 2 * y * y) + 2 * p2 * x * y
        x, y = (seen[:, 0] - sideways[0]) / radial, (seen[:, 1] - sideways[1]) / radial
    straight: Doubles = (np.column_stack((x, y, np.ones(len(x)))) @ lens.T)[:, :2]
    return straight


def camera_place(plane: GroundPlane) -> Doubles | None:
    """[2] the place on the ground below the camera; None where the homography is no picture of a plane.

    H = K [r1 r2 t] from ground to image, and the camera is at -R^T t. Without intrinsics: square pixels, the middle of
    the picture on the axis, and the focal length with which r1 and r2 are best orthogonal and of one length.
    """
    to_image = inverse(plane.to_ground)
    lens = plane.lens if plane.lens is not None else _likely_lens(to_image, plane.size)
    if lens is None:
        return None
    first, second, shift = (np.linalg.inv(lens) @ to_image).T
    scale = (first @ first + second @ second) / 2
    return np.array([-(first @ shift) / scale, -(second @ shift) / scale])


def view_on_ground(plane: GroundPlane, *, reach_m: float) -> Doubles:
    """[n, 2] outline of the ground in the picture, cut at the horizon and `reach_m` from the camera; [0, 2] if none."""
    width, height = plane.size
    columns = np.linspace(0, width, COLUMNS)
    near = places_under(np.column_stack((columns, np.full(COLUMNS, float(height)))), plane)
    place = camera_place(plane)
    eye = place if place is not None else near[COLUMNS // 2]
    standing = np.isfinite(near).all(axis=1) & (np.hypot(*(near - eye).T) <= reach_m)
    if standing.sum() < 2:
        return np.zeros((0, 2), np.float64)
    far = places_under(np.column_stack((columns, _highest_rows(plane, columns, eye, reach_m))), plane)
    return np.concatenate((near[standing], far[standing][::-1]))


def _highest_rows(plane: GroundPlane, columns: Doubles, eye: Doubles, reach_m: float) -> Doubles:
    """[k] the highest pixel row of each column that still shows ground within reach: found by halving."""

    def is_near(rows: Doubles) -> npt.NDArray[np.bool_]:
        ways = places_under(np.column_stack((columns, rows)), plane) - eye
        return np.hypot(ways[:, 0], ways[:, 1]) <= reach_m

    inside, outside = np.full(len(columns), float(plane.size[1])), np.zeros(len(columns))
    whole = is_near(outside)
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        near = is_near(middle)
        inside, outside = np.where(near, middle, inside), np.where(near, outside, middle)
    return np.where(whole, 0.0, inside)


def _likely_lens(to_image: Doubles, size: tuple[int, int]) -> Doubles | None:
    """Intrinsics with the focal length f that fits r1 . r2 = 0 and |r1| = |r2| best; both are linear in 1 / f^2."""
    middle = np.array([[1, 0, -size[0] / 2], [0, 1, -size[1] / 2], [0, 0, 1]])
    (a1, b1, c1), (a2, b2, c2) = (middle @ to_image).T[:2]
    factors = np.array([a1 * a2 + b1 * b2, a1**2 + b1**2 - a2**2 - b2**2])
    constants = np.array([c1 * c2, c1**2 - c2**2])
    if not factors @ constants < 0:
        return None
    focal = np.sqrt(-(factors @ factors) / (factors @ constants))
    return np.array([[focal, 0, size[0] / 2], [0, focal, size[1] / 2], [0, 0, 1]])
