"""The ground of a scene in metres: calibrations in degrees of latitude and longitude become local metres.

Metres are counted on the tangent plane at the scene's origin, x east, y north (WGS 84). Within a city the plane misses
the ellipsoid by millimetres a camera view, and a homography to degrees is a homography to these metres too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ml.datasets.calibration import Calibration, Direction
from ml.datasets.scene import SceneFolder
from ml.types import Double2D

# Undistorted pixels that lie below the horizon of any camera held upright, whatever the size of its picture.
BELOW = np.array([[960.0, 4000.0], [0.0, 4000.0], [1920.0, 4000.0], [960.0, 8000.0]])
WIDEST_DEGREES = 0.01  # that these pixels span on the ground; in metres they would span more than 1
SEMI_MAJOR_M, FLATTENING = 6_378_137.0, 1 / 298.257223563  # WGS 84
DIRECTIONS: tuple[Direction, ...] = ("ground-to-image", "image-to-ground")


@dataclass(frozen=True, slots=True)
class GeoOrigin:
    """Where x = y = 0 is, degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class SceneGround:
    """calibrations  by camera name, those in degrees turned into metres about `origin`
    origin        None where no calibration is in degrees
    notes         a sentence for each calibration whose unit or direction was found by plausibility
    """

    calibrations: Mapping[str, Calibration]
    origin: GeoOrigin | None = None
    notes: list[str] = field(default_factory=list)


def scene_ground(scene: SceneFolder) -> SceneGround:
    """The scene's calibrations on one ground; cameras without one are left out. UserError as `read_calibration`."""
    read = {camera.name: camera.calibration() for camera in scene.cameras}
    stated = {name: calibration for name, calibration in read.items() if calibration is not None}
    known = {name: recognised(calibration) for name, calibration in stated.items()}
    notes = [recognition_note(name, known[name]) for name in known if known[name] is not stated[name]]
    origin = origin_of(list(known.values()))
    if origin is None:
        return SceneGround(known)
    return SceneGround({name: in_metres(each, origin) for name, each in known.items()}, origin, notes)


def recognised(calibration: Calibration) -> Calibration:
    """The calibration, with degrees and a direction filled in where the file is silent and nothing else makes sense.

    No camera sees but a few centimetres of ground: what lies below the picture and spans less than
    `WIDEST_DEGREES` units, within the range of latitudes and longitudes, is in degrees. Metres are never assumed.
    """
    if calibration.unit == "metres" or (calibration.unit != "unstated" and calibration.direction != "unstated"):
        return calibration
    tried = DIRECTIONS if calibration.direction == "unstated" else (calibration.direction,)
    read = [replace(calibration, direction=direction, unit="degrees") for direction in tried]
    plausible = [each for each in read if _is_geographic(ground_under(BELOW, each))]
    return plausible[0] if len(plausible) == 1 else calibration


def recognition_note(camera: str, calibration: Calibration) -> str:
    """What to tell people about a calibration that `recognised` filled in."""
    return (
        f"calibration of {camera}: the file does not say its unit and direction; taken for latitude and longitude, "
        f"{calibration.direction.replace('-', ' ')}, as nothing else makes sense of it"
    )


def origin_of(calibrations: Sequence[Calibration]) -> GeoOrigin | None:
    """The middle of the ground just in front of the cameras whose ground is in degrees, to about 0.1 m.

    None without such a camera; one whose ground is not on the globe does not count.
    """
    near = [ground_under(BELOW[:1], each) for each in calibrations if is_in_degrees(each)]
    on_globe = [place[0] for place in near if _is_geographic(place)]
    if not on_globe:
        return None
    latitude, longitude = np.mean(on_globe, axis=0).round(6).tolist()
    return GeoOrigin(latitude, longitude)


def is_in_degrees(calibration: Calibration) -> bool:
    """Whether it can be turned into metres: in degrees, and its direction known."""
    return calibration.unit == "degrees" and calibration.direction != "unstated"


def in_metres(calibration: Calibration, origin: GeoOrigin) -> Calibration:
    """The same calibration with its ground in metres about `origin`; one that is not in degrees as it is.

    With (latitude, longitude, 1) = A (x, y, 1), H_metres = H A from ground to image and A^-1 H the other way.
    """
    if not is_in_degrees(calibration):
        return calibration
    to_degrees = _to_degrees(origin)
    if calibration.direction == "ground-to-image":
        homography: Double2D = calibration.homography @ to_degrees
    else:
        homography = np.linalg.inv(to_degrees) @ calibration.homography
    return replace(calibration, homography=homography / np.abs(homography).max(), unit="metres")


def geographic(places: Double2D, origin: GeoOrigin) -> Double2D:
    """[k, 2] latitude and longitude, degrees, of places [k, 2] x, y in metres about `origin`."""
    mapped: Double2D = np.column_stack((places, np.ones(len(places)))) @ _to_degrees(origin)[:2].T
    return mapped


def ground_under(pixels: Double2D, calibration: Calibration) -> Double2D:
    """[k, 2] places on the ground under undistorted pixels [k, 2]; NaN at and above the horizon.

    Beyond the horizon a homography mirrors pixels onto the ground behind the camera: the third homogeneous
    coordinate changes its sign there. Its sign on the ground's side is that of a pixel far below the picture.
    """
    to_ground = calibration.homography
    if calibration.direction == "ground-to-image":
        to_ground = np.linalg.inv(to_ground).astype(np.float64)
    mapped = np.column_stack((pixels, np.ones(len(pixels)))) @ to_ground.T
    side = np.sign(np.append(BELOW[0], 1.0) @ to_ground[2])
    depth = np.where(mapped[:, 2] * side > 0, mapped[:, 2], np.nan)
    places: Double2D = mapped[:, :2] / depth[:, None]
    return places


def _is_geographic(places: Double2D) -> bool:
    within = np.abs(places) <= np.array([90.0, 180.0])
    return bool(within.all() and np.ptp(places, axis=0).max() < WIDEST_DEGREES)


def _to_degrees(origin: GeoOrigin) -> Double2D:
    """[3, 3] A: metres (x, y, 1) about the origin -> (latitude, longitude, 1) in degrees."""
    latitude = np.radians(origin.latitude)
    flat = 1 - FLATTENING * (2 - FLATTENING) * np.sin(latitude) ** 2
    across = SEMI_MAJOR_M / np.sqrt(flat)  # radius of curvature east-west
    along = across * (1 - FLATTENING) ** 2 / flat  # and north-south
    north, east = np.degrees(1 / along), np.degrees(1 / (across * np.cos(latitude)))
    return np.array([[0, north, origin.latitude], [east, 0, origin.longitude], [0, 0, 1]], np.float64)
