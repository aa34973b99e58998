"""The filter in blocks against the textbook's 8 x 8 matrices."""

import numpy as np
import numpy.typing as npt
import pytest

from ml.tracking.kalman import KalmanStates, xyah_to_xyxy, xyxy_to_xyah

Matrix = npt.NDArray[np.float64]
TRANSITION = np.block([[np.eye(4), np.eye(4)], [np.zeros((4, 4)), np.eye(4)]])
OBSERVATION = np.hstack([np.eye(4), np.zeros((4, 4))])


def dense_initiated(measurement: Matrix) -> tuple[Matrix, Matrix]:
    height = measurement[3]
    std = [height / 10, height / 10, 1e-2, height / 10, height / 16, height / 16, 1e-5, height / 16]
    return np.concatenate([measurement, np.zeros(4)]), np.diag(np.square(std))


def dense_predicted(mean: Matrix, covariance: Matrix) -> tuple[Matrix, Matrix]:
    height = mean[3]
    std = [height / 20, height / 20, 1e-2, height / 20, height / 160, height / 160, 1e-5, height / 160]
    return TRANSITION @ mean, TRANSITION @ covariance @ TRANSITION.T + np.diag(np.square(std))


def innovation_covariance(mean: Matrix, covariance: Matrix) -> Matrix:
    height = mean[3]
    noise = np.diag(np.square([height / 20, height / 20, 1e-1, height / 20]))
    innovation: Matrix = OBSERVATION @ covariance @ OBSERVATION.T + noise
    return innovation


def dense_updated(mean: Matrix, covariance: Matrix, measurement: Matrix) -> tuple[Matrix, Matrix]:
    innovation = innovation_covariance(mean, covariance)
    gain = covariance @ OBSERVATION.T @ np.linalg.inv(innovation)
    return mean + gain @ (measurement - OBSERVATION @ mean), covariance - gain @ innovation @ gain.T


def dense_distance(mean: Matrix, covariance: Matrix, measurement: Matrix) -> float:
    offset = measurement - OBSERVATION @ mean
    return float(offset @ np.linalg.inv(innovation_covariance(mean, covariance)) @ offset)


def test_filter_equals_the_dense_one_over_many_steps() -> None:
    rng = np.random.default_rng(3)
    first = np.array([[100.0, 50, 1.5, 40], [400, 300, 0.8, 90]])
    states = KalmanStates.initiated(first)
    dense = [dense_initiated(row) for row in first]
    for step in range(12):
        states.predict()
        dense = [dense_predicted(*state) for state in dense]
        seen = first + rng.normal(0, 2, (2, 4)) * [1, 1, 0.02, 1] + step
        distances = states.gating_distances(seen)
        expected = [[dense_distance(*state, row) for row in seen] for state in dense]
        np.testing.assert_allclose(distances, expected, rtol=1e-7)
        if step % 3:  # track 0 is missed every third frame
            states.update(np.array([0]), seen[:1])
            dense[0] = dense_updated(*dense[0], seen[0])
        states.update(np.array([1]), seen[1:])
        dense[1] = dense_updated(*dense[1], seen[1])
        means = np.array([state[0] for state in dense])
        np.testing.assert_allclose(np.hstack([states.value, states.velocity]), means, rtol=1e-9, atol=1e-9)
        for track, (_, covariance) in enumerate(dense):
            np.testing.assert_allclose(states.variance[track], np.diag(covariance)[:4], rtol=1e-9)
            np.testing.assert_allclose(states.velocity_variance[track], np.diag(covariance)[4:], rtol=1e-9)
            np.testing.assert_allclose(states.covariance[track], np.diag(covariance[:4, 4:]), rtol=1e-9, atol=1e-15)


def test_distance_of_the_expected_measurement_is_zero() -> None:
    states = KalmanStates.initiated(np.array([[100.0, 50, 1.5, 40]]))
    states.predict()

    assert states.gating_distances(states.value)[0, 0] == pytest.approx(0, abs=1e-6)


def test_steady_motion_is_predicted_ahead() -> None:
    states = KalmanStates.initiated(np.array([[0.0, 100, 1, 50]]))
    for frame in range(1, 30):
        states.predict()
        states.update(np.array([0]), np.array([[8.0 * frame, 100, 1, 50]]))
    states.predict()

    assert states.value[0, 0] == pytest.approx(8 * 30, abs=0.5)
    assert states.value[0, 1] == pytest.approx(100)


def test_boxes_survive_the_change_of_coordinates() -> None:
    boxes = np.array([[10, 20, 50, 40], [0, 0, 5, 9]], np.float32)

    assert xyxy_to_xyah(boxes)[0].tolist() == [30, 30, 2, 20]
    np.testing.assert_allclose(xyah_to_xyxy(xyxy_to_xyah(boxes)), boxes)
