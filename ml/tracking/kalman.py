"""Constant-velocity Kalman filter over (x, y, aspect, height), all tracks at once (DeepSORT).

The state of a track is (centre x, centre y, width / height, height) and the velocity of each, a frame being
the unit of time. Noise is independent between the four quantities, and so the 8 x 8 covariance never leaves four
blocks of 2 x 2: only those are kept, [t, 4] arrays of the variance of the value, its covariance with the
velocity, and the variance of the velocity. That is the full filter, not an approximation of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.types import Bool1D, Double2D

POSITION_WEIGHT = 1 / 20
VELOCITY_WEIGHT = 1 / 160
ASPECT_STD = 1e-2
ASPECT_VELOCITY_STD = 1e-5
ASPECT_MEASUREMENT_STD = 1e-1
ASPECT, HEIGHT = 2, 3


@dataclass(slots=True)
class KalmanStates:
    """Means and covariances of t tracks, each [t, 4] float64 over (x, y, aspect, height).

    value, velocity             the mean
    variance                    of the value
    covariance                  between the value and its velocity
    velocity_variance           of the velocity
    """

    value: Double2D
    velocity: Double2D
    variance: Double2D
    covariance: Double2D
    velocity_variance: Double2D

    def __len__(self) -> int:
        return len(self.value)

    @staticmethod
    def initiated(measurements: Double2D) -> KalmanStates:
        """States of tracks seen once, at rest, from [t, 4] measurements (x, y, aspect, height)."""
        heights = measurements[:, HEIGHT]
        return KalmanStates(
            measurements.copy(),
            np.zeros_like(measurements),
            _squared(2 * POSITION_WEIGHT * heights, ASPECT_STD),
            np.zeros_like(measurements),
            _squared(10 * VELOCITY_WEIGHT * heights, ASPECT_VELOCITY_STD),
        )

    def predict(self) -> None:
        """One frame on: x' = F x, P' = F P F^T + Q."""
        heights = self.value[:, HEIGHT]
        noise = _squared(POSITION_WEIGHT * heights, ASPECT_STD)
        velocity_noise = _squared(VELOCITY_WEIGHT * heights, ASPECT_VELOCITY_STD)
        self.value += self.velocity
        self.variance += 2 * self.covariance + self.velocity_variance + noise
        self.covariance += self.velocity_variance
        self.velocity_variance += velocity_noise

    def gating_distances(self, measurements: Double2D) -> Double2D:
        """Squared Mahalanobis distance of every track to every measurement, [t, 4] against [m, 4] -> [t, m]."""
        spread = 1 / self._innovation_variance(slice(None))
        # (z - x)^2 / s summed over the four quantities, multiplied out so that it is two matrix products.
        offset = np.einsum("ti,ti->t", self.value * self.value, spread)
        cross = (self.value * spread) @ measurements.T
        squares = spread @ (measurements * measurements).T
        distances: Double2D = np.maximum(squares - 2 * cross + offset[:, None], 0)
        return distances

    def update(self, rows: npt.NDArray[np.intp], measurements: Double2D) -> None:
        """Correct the tracks `rows` by their measurements, one each: the Kalman gain applied."""
        innovation = measurements - self.value[rows]
        innovation_variance = self._innovation_variance(rows)
        gain = self.variance[rows] / innovation_variance
        velocity_gain = self.covariance[rows] / innovation_variance
        self.value[rows] += gain * innovation
        self.velocity[rows] += velocity_gain * innovation
        self.velocity_variance[rows] -= velocity_gain * self.covariance[rows]
        self.covariance[rows] *= 1 - gain
        self.variance[rows] *= 1 - gain

    def boxes(self) -> Double2D:
        """[t, 4] xyxy pixels of the means."""
        return xyah_to_xyxy(self.value)

    def kept(self, keep: Bool1D) -> KalmanStates:
        """The states where `keep` is true."""
        return KalmanStates(*(part[keep] for part in self._parts()))

    def joined(self, other: KalmanStates) -> KalmanStates:
        """These states followed by `other`'s."""
        pairs = zip(self._parts(), other._parts(), strict=True)
        return KalmanStates(*(np.concatenate(pair) for pair in pairs))

    def _parts(self) -> tuple[Double2D, ...]:
        return self.value, self.velocity, self.variance, self.covariance, self.velocity_variance

    def _innovation_variance(self, rows: slice | npt.NDArray[np.intp]) -> Double2D:
        heights = self.value[rows, HEIGHT]
        return self.variance[rows] + _squared(POSITION_WEIGHT * heights, ASPECT_MEASUREMENT_STD)


def xyxy_to_xyah(boxes: npt.NDArray[np.floating]) -> Double2D:
    """[n, 4] corners -> [n, 4] (centre x, centre y, width / height, height) float64."""
    corners = boxes.astype(np.float64, copy=False)
    size = corners[:, 2:] - corners[:, :2]
    centre = corners[:, :2] + size / 2
    return np.column_stack((centre, size[:, 0] / size[:, 1], size[:, 1]))


def xyah_to_xyxy(states: Double2D) -> Double2D:
    """[n, 4] (centre x, centre y, width / height, height) -> [n, 4] corners."""
    half = np.column_stack((states[:, ASPECT] * states[:, HEIGHT], states[:, HEIGHT])) / 2
    return np.concatenate((states[:, :2] - half, states[:, :2] + half), axis=1)


def _squared(std: npt.NDArray[np.float64], aspect_std: float) -> Double2D:
    """[t, 4] variances: `std` (which goes with the height) for x, y and height, a constant for the aspect."""
    variances = np.repeat((std * std)[:, None], 4, axis=1)
    variances[:, ASPECT] = aspect_std**2
    return variances
