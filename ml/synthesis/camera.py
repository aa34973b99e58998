"""A camera in the world: where it looks, what its lens does, and where points of the world fall in its picture.

World: metres, x east, y north, z up, the ground at z = 0. Camera: x right, y down, z forward (OpenCV). Pixel (0, 0)
is the top left corner of the top left pixel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from ml.datasets.calibration import Calibration
from ml.types import Double1D, Double2D, Float2D, Image

Numbers = npt.NDArray[np.uint16]  # [h, w] the vehicle's number at each pixel, 0 for none

NEAR, FAR = 0.5, 900.0  # metres that are drawn
_WIDEN = 1.01


@dataclass(frozen=True)
class Camera:
    """eye, target  world points, metres        field  horizontal angle of view, degrees
    size         width and height, pixels    bend   radial distortion k1, 0 for none (negative: barrel)
    """

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    field: float
    size: tuple[int, int]
    bend: float = 0.0

    @cached_property
    def pose(self) -> Double2D:
        """[3, 4] world to camera."""
        forward = np.subtract(self.target, self.eye)
        forward = forward / np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        rotation = np.stack([right, np.cross(forward, right), forward])
        return np.column_stack([rotation, -rotation @ np.array(self.eye)])

    @cached_property
    def pinhole(self) -> Double2D:
        """[3, 3] intrinsic matrix of the picture before the lens bends it."""
        width, height = self.size
        focal = width / 2 / math.tan(math.radians(self.field) / 2)
        return np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1.0]])

    @cached_property
    def intrinsic(self) -> Double2D:
        """[3, 3] of the delivered picture: long enough that the bent picture has no empty corner."""
        matrix = self.pinhole.copy()
        corner = math.hypot(*self.size) / 2
        while self.bend and _unbent(corner / matrix[0, 0], self.bend) > corner / self.pinhole[0, 0]:
            matrix[0, 0] *= _WIDEN
            matrix[1, 1] = matrix[0, 0]
        return matrix

    @cached_property
    def distortion(self) -> Double1D:
        """OpenCV's k1 k2 p1 p2 k3."""
        return np.array([self.bend, 0.0, 0.0, 0.0, 0.0])

    @cached_property
    def homography(self) -> Double2D:
        """[3, 3] from the ground (x, y, 1) to the undistorted pixel."""
        return np.asarray(self.intrinsic @ self.pose[:, [0, 1, 3]])

    @cached_property
    def clip(self) -> Double2D:
        """[4, 4] world to OpenGL's clip space."""
        width, height = self.size
        focal = self.pinhole[0, 0]
        depth, both = FAR - NEAR, FAR + NEAR
        projection = np.array(
            [
                [2 * focal / width, 0, 0, 0],
                [0, -2 * focal / height, 0, 0],
                [0, 0, both / depth, -2 * FAR * NEAR / depth],
                [0, 0, 1, 0],
            ]
        )
        return np.asarray(projection @ np.vstack([self.pose, [0, 0, 0, 1]]))

    def depths(self, points: Double2D) -> Double1D:
        """[n] metres along the optical axis of world points [n, 3]."""
        return np.asarray(points @ self.pose[2, :3] + self.pose[2, 3])

    def projected(self, points: Double2D, *, bent: bool = True) -> Double2D:
        """[n, 2] pixels of world points [n, 3] in front of the camera, in the delivered or the unbent picture."""
        seen = points @ self.pose[:, :3].T + self.pose[:, 3]
        plane = seen[:, :2] / np.maximum(seen[:, 2:], NEAR)
        if not bent:
            return np.asarray(plane * self.pinhole[0, 0] + self.pinhole[:2, 2])
        plane = plane * (1 + self.bend * (plane**2).sum(1, keepdims=True))
        return np.asarray(plane * self.intrinsic[0, 0] + self.intrinsic[:2, 2])

    def on_ground(self, pixels: Double2D) -> Double2D:
        """[n, 2] ground points seen at delivered pixels [n, 2]; beyond the horizon they lie behind the camera."""
        plane = (pixels - self.intrinsic[:2, 2]) / self.intrinsic[0, 0]
        straight = plane
        for _ in range(20 if self.bend else 0):
            straight = plane / (1 + self.bend * (straight**2).sum(1, keepdims=True))
        flat = straight * self.intrinsic[0, 0] + self.intrinsic[:2, 2]
        ground = np.column_stack([flat, np.ones(len(flat))]) @ np.linalg.inv(self.homography).T
        return np.asarray(ground[:, :2] / ground[:, 2:])

    def calibration(self) -> Calibration:
        """As files say it: exact, metres, ground to image."""
        return Calibration(
            homography=self.homography,
            direction="ground-to-image",
            unit="metres",
            intrinsic=self.intrinsic,
            distortion=self.distortion,
            extrinsic=self.pose,
            reprojection_error=0.0,
        )

    @cached_property
    def _source_pixels(self) -> Float2D:
        """[h, w, 2]: for each delivered pixel the place in the unbent picture, as cv2.remap wants it."""
        width, height = self.size
        grid = np.stack(np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5), -1).reshape(-1, 2)
        plane = (grid - self.intrinsic[:2, 2]) / self.intrinsic[0, 0]
        straight = plane
        for _ in range(30):
            straight = plane / (1 + self.bend * (straight**2).sum(1, keepdims=True))
        source = (straight * self.pinhole[0, 0] + self.pinhole[:2, 2] - 0.5).reshape(height, width, 2)
        return np.asarray(source, np.float32)

    def bent(self, picture: Image) -> Image:
        """The unbent picture as the lens delivers it."""
        if not self.bend:
            return picture
        return np.asarray(
            cv2.remap(picture, self._source_pixels[..., 0], self._source_pixels[..., 1], cv2.INTER_LINEAR)
        )

    def bent_numbers(self, numbers: Numbers) -> Numbers:
        """A map of numbers, nearest pixel: none is invented."""
        if not self.bend:
            return numbers
        places = self._source_pixels
        return np.asarray(cv2.remap(numbers, places[..., 0], places[..., 1], cv2.INTER_NEAREST), np.uint16)


def _unbent(radius: float, bend: float) -> float:
    """The radius that the lens moves to `radius`: r (1 + bend r^2) = radius."""
    straight = radius
    for _ in range(50):
        straight = radius / (1 + bend * straight**2)
    return straight
