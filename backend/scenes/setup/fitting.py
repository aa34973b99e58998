"""A camera's calibration from pairs of points: pixels of its picture, and places in metres or degrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np

from backend.config.problems import BadInput
from backend.scenes.models import Calibration, Camera, GroundUnit
from backend.space.ground import Doubles, inverse, metres_to_degrees, undistorted
from backend.space.homography import Fit, Undetermined, fit_homography, mapped

WIDEST_M = 20_000.0  # further from the scene's origin its tangent plane leaves the globe


class Pair(TypedDict):
    """pixel  u, v of the camera's picture, as it is seen     place  x, y in metres, or latitude, longitude"""

    pixel: list[float]
    place: list[float]


@dataclass(frozen=True)
class Calibrated:
    """What the pairs say.

    homography  [3, 3] ground to undistorted image, the ground in the unit of the pairs
    origin      latitude, longitude that metres are counted from; None where the pairs are in metres
    """

    fit: Fit
    homography: Doubles
    origin: tuple[float, float] | None

    @property
    def rms_px(self) -> float:
        return float(np.sqrt((self.fit.errors_px**2).mean()))

    def as_json(self) -> dict[str, Any]:
        fit = self.fit
        errors = zip(fit.errors_px.tolist(), fit.errors_m.tolist(), strict=True)
        return {
            "metres_to_image": fit.to_image.ravel().tolist(),
            "rms_px": self.rms_px,
            "rms_m": float(np.sqrt((fit.errors_m**2).mean())),
            "errors": [{"px": px, "m": m} for px, m in errors],
            "suspect": fit.suspect,
        }


def calibrated(*, camera: Camera, unit: GroundUnit, pairs: Sequence[Pair]) -> Calibrated:
    """The homography of these pairs. A lens that the camera's calibration knows is taken out of the pixels first.

    Raises BadInput where the pairs are no calibration, with the reason.
    """
    pixels = np.array([pair["pixel"] for pair in pairs], np.float64).reshape(-1, 2)
    stated = np.array([pair["place"] for pair in pairs], np.float64).reshape(-1, 2)
    origin = _origin(camera, stated) if unit == GroundUnit.DEGREES and len(stated) else None
    to_stated = np.eye(3) if origin is None else metres_to_degrees(*origin)
    places = mapped(inverse(to_stated), stated)
    if np.abs(places).max(initial=0) > WIDEST_M and origin is not None:
        raise BadInput("pairs", f"These places are more than {WIDEST_M / 1000:.0f} km from the scene's origin.")
    try:
        fit = fit_homography(places, undistorted(pixels, *lens_of(camera)))
    except (Undetermined, np.linalg.LinAlgError) as problem:
        reason = str(problem) if isinstance(problem, Undetermined) else "These pairs are no calibration."
        raise BadInput("pairs", reason, code="no-calibration") from None
    homography = fit.to_image @ inverse(to_stated)
    return Calibrated(fit, homography / np.abs(homography).max(), origin)


def lens_of(camera: Camera) -> tuple[Doubles | None, Doubles | None]:
    """[3, 3] intrinsics and [k] distortion, as far as the camera's calibration knows them."""
    known: Calibration | None = getattr(camera, "calibration", None)
    if known is None or known.intrinsics is None:
        return None, None
    intrinsics = np.array(known.intrinsics, np.float64).reshape(3, 3)
    return intrinsics, None if known.distortion is None else np.array(known.distortion, np.float64)


def _origin(camera: Camera, stated: Doubles) -> tuple[float, float]:
    scene = camera.scene
    if scene.origin_latitude is not None and scene.origin_longitude is not None:
        return scene.origin_latitude, scene.origin_longitude
    latitude, longitude = stated.mean(axis=0).round(6).tolist()
    return latitude, longitude
