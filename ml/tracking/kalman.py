"""Constant-velocity Kalman filter over (x, y, aspect, height), all tracks at once (DeepSORT).

The state of a track is (centre x, centre y, width / height, height) and the velocity of each, a frame being
the unit of time. Noise is independent between the four quantities, and so the 8 x 8 covariance never leaves four
blocks of 2 x 2: only those are kept. That is the full filter, not an approximation of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.types import Bool1D, Double1D, Double2D

POSITION_WEIGHT = 1 / 20
VELOCITY_WEIGHT = 1 / 160
ASPECT_STD = 1e-2
ASPECT_VELOCITY_STD = 1e-5
ASPECT_MEASUREMENT_STD = 1e-1
ASPECT, HEIGHT = 2, 3


@dataclass(frozen=True, slots=True)
class Noise:
    """Variance of (x, y, aspect, height): in proportion to the squared height, a constant for the aspect."""

    by_height: Double1D
    constant: Double1D

    @staticmethod
    def of(weight: float, aspect_std: float) -> Noise:
        """Standard deviation `weight` heights for x, y and height, `aspect_std` for the aspect."""
        return Noise(np.array([1, 1, 0, 1]) * weight**2, np.array([0, 0, 1, 0]) * aspect_std**2)

    def at(self, values: Double2D) -> Double2D:
        """[t, 4] variances at these [t, 4] values."""
        heights = values[:, HEIGHT, None]
        variances: Double2D = heights * heights * self.by_height + self.constant
        return variances


FIRST = Noise.of(2 * POSITION_WEIGHT, ASPECT_STD)
FIRST_VELOCITY = Noise.of(10 * VELOCITY_WEIGHT, ASPECT_VELOCITY_STD)
PROCESS = Noise.of(POSITION_WEIGHT, ASPECT_STD)
PROCESS_VELOCITY = Noise.of(VELOCITY_WEIGHT, ASPECT_VELOCITY_STD)
MEASUREMENT = Noise.of(POSITION_WEIGHT, ASPECT_MEASUREMENT_STD)


@dataclass(frozen=True, slots=True)
class KalmanStates:
    """Means and covariances of t tracks over (x, y, aspect, height).

    parts  [5, t, 4] float64: the value and its velocity, which are the mean; the variance of the value, its
           covariance with the velocity, and the variance of the velocity
    """

    parts: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.parts[0])

    @property
    def value(self) -> Double2D:
        return np.asarray(self.parts[0])

    @property
    def velocity(self) -> Double2D:
        return np.asarray(self.parts[1])

    @property
    def variance(self) -> Double2D:
        return np.asarray(self.parts[2])

    @property
    def covariance(self) -> Double2D:
        return np.asarray(self.parts[3])

    @property
    def velocity_variance(self) -> Double2D:
        return np.asarray(self.parts[4])

    @staticmethod
    def initiated(measurements: Double2D) -> KalmanStates:
        """States of tracks seen once, at rest, from [t, 4] measurements (x, y, aspect, height)."""
        parts = np.zeros((5, *measurements.shape))
        parts[0] = measurements
        parts[2] = FIRST.at(measurements)
        parts[4] = FIRST_VELOCITY.at(measurements)
        return KalmanStates(parts)

    def predict(self) -> None:
        """One frame on: x' = F x, P' = F P F^T + Q."""
        value, velocity, variance, covariance, velocity_variance = self.parts
        noise, velocity_noise = PROCESS.at(value), PROCESS_VELOCITY.at(value)
        value += velocity
        variance += 2 * covariance + velocity_variance + noise
        covariance += velocity_variance
        velocity_variance += velocity_noise

    def gating_distances(self, measurements: Double2D) -> Double2D:
        """Squared Mahalanobis distance of every track to every measurement, [t, 4] against [m, 4] -> [t, m]."""
        spread = 1 / (self.variance + MEASUREMENT.at(self.value))
        weighted = self.value * spread
        # (z - x)^2 / s summed over the four quantities, multiplied out so that it is two matrix products.
        offset = np.einsum("ti,ti->t", self.value, weighted)
        squares = spread @ (measurements * measurements).T
        distances: Double2D = np.maximum(squares - 2 * (weighted @ measurements.T) + offset[:, None], 0)
        return distances

    def update(self, rows: npt.NDArray[np.intp], measurements: Double2D) -> None:
        """Correct the tracks `rows` by their measurements, one each: the Kalman gain applied."""
        parts = self.parts[:, rows]
        value, velocity, variance, covariance, velocity_variance = parts
        innovation = measurements - value
        spread = 1 / (variance + MEASUREMENT.at(value))
        gain, velocity_gain = variance * spread, covariance * spread
        value += gain * innovation
        velocity += velocity_gain * innovation
        velocity_variance -= velocity_gain * covariance
        parts[2:4] *= 1 - gain
        self.parts[:, rows] = parts

    def boxes(self) -> Double2D:
        """[t, 4] xyxy pixels of the means."""
        return xyah_to_xyxy(self.value)

    def kept(self, keep: Bool1D) -> KalmanStates:
        """The states where `keep` is true."""
        return KalmanStates(self.parts[:, keep])

    def joined(self, other: KalmanStates) -> KalmanStates:
        """These states followed by `other`'s."""
        return KalmanStates(np.concatenate((self.parts, other.parts), axis=1))


def xyxy_to_xyah(boxes: npt.NDArray[np.floating]) -> Double2D:
    """[n, 4] corners -> [n, 4] (centre x, centre y, width / height, height) float64."""
    found = np.empty((len(boxes), 4))
    corners = boxes.astype(np.float64, copy=False)
    size = corners[:, 2:] - corners[:, :2]
    found[:, :2] = corners[:, :2] + size / 2
    found[:, ASPECT] = size[:, 0] / size[:, 1]
    found[:, HEIGHT] = size[:, 1]
    return found


def xyah_to_xyxy(states: Double2D) -> Double2D:
    """[n, 4] (centre x, centre y, width / height, height) -> [n, 4] corners."""
    half = states[:, HEIGHT:] / 2
    corners = np.empty((len(states), 4))
    corners[:, 2:] = half
    corners[:, 2:3] *= states[:, ASPECT, None]
    corners[:, :2] = states[:, :2] - corners[:, 2:]
    corners[:, 2:] += states[:, :2]
    return corners
