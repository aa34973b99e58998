from dataclasses import replace

import numpy as np
import pytest

from ml.matching.appearance import LEAST_SPREAD, SHRINKAGE, appearance_scores, camera_bias_removed, cosines
from ml.matching.columns import Columns
from ml.types import Float2D, UserError
from tests.unit.ml.matching.scene import tracklet


def directions(*degrees: float) -> Float2D:
    radians = np.radians(degrees)
    return np.column_stack((np.cos(radians), np.sin(radians))).astype(np.float32)


def test_cosine_of_each_pair() -> None:
    looks = directions(0, 60, 90)

    np.testing.assert_allclose(cosines(looks, np.array([0, 0]), np.array([1, 2])), [0.5, 0.0], atol=1e-6)


def test_many_pairs_go_through_in_parts() -> None:
    left = np.arange(200_000) % 3

    cosine = cosines(directions(0, 60, 90), left, np.zeros_like(left))

    np.testing.assert_allclose(cosine, np.array([1, 0.5, 0])[left], atol=1e-6)


def test_score_counts_standard_deviations_above_what_is_usual() -> None:
    """By its definition, over all tracklets of the other one's camera; ten of a camera count for half."""
    rng = np.random.default_rng(3)
    looks = directions(*rng.uniform(0, 180, 30))
    cameras = np.repeat([0, 1, 2], 10)
    left, right = np.array([0, 4, 25]), np.array([12, 22, 13])
    assert SHRINKAGE == 10

    def usual(one: int, camera: int) -> tuple[float, float]:
        everything = looks.astype(np.float64) @ looks[one]
        own = everything[cameras == camera]
        mean = 0.5 * own.mean() + 0.5 * everything.mean()
        square = 0.5 * (own**2).mean() + 0.5 * (everything**2).mean()
        return mean, np.sqrt(square - mean**2)

    expected = []
    for i, j in zip(left, right, strict=True):
        cosine, (forth, forth_sd), (back, back_sd) = looks[i] @ looks[j], usual(i, cameras[j]), usual(j, cameras[i])
        expected.append(((cosine - forth) / forth_sd + (cosine - back) / back_sd) / 2)
    scores = appearance_scores(looks, cameras, cosines(looks, left, right), left, right)
    np.testing.assert_allclose(scores, expected, rtol=1e-4)


def test_a_look_like_everybody_elses_says_less() -> None:
    """Both pairs are 5 degrees apart; around the first there is a crowd."""
    looks = directions(0, 2, 4, 90, 5, 3, 1, 95)
    cameras = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    left, right = np.array([0, 3]), np.array([4, 7])

    scores = appearance_scores(looks, cameras, cosines(looks, left, right), left, right)

    assert scores[1] > scores[0] + 1


def test_equal_looks_everywhere_say_nothing() -> None:
    looks, ones = directions(0, 0, 0, 0), np.array([0, 1])

    scores = appearance_scores(looks, np.array([0, 0, 1, 1]), cosines(looks, ones, ones + 2), ones, ones + 2)

    assert np.abs(scores).max() * LEAST_SPREAD < 1e-6


def test_camera_mean_is_subtracted_without_the_tracklets_own_part() -> None:
    """Two looks (1, 0) and (0, 1): mean (1/2, 1/2), share of two (2 - 1) / 2, so (1, 0) becomes (3/4, -1/4)."""
    columns = Columns.of([tracklet(1, "a", 0, 1, 0), tracklet(2, "a", 0, 1, 90), tracklet(3, "b", 0, 1, 90)])

    looks = camera_bias_removed(columns, 1.0)

    np.testing.assert_allclose(looks[0], np.array([3, -1]) / np.sqrt(10), atol=1e-6)
    np.testing.assert_allclose(looks[2], [0, 1], atol=1e-6)


def test_looks_of_two_models_are_refused() -> None:
    one, other = tracklet(1, "a", 0, 1), tracklet(2, "b", 0, 1)
    wide = type(other)(2, "b", 0, 1, np.ones(3, np.float32), np.ones((1, 3), np.float32))

    with pytest.raises(UserError) as refusal:
        Columns.of([one, wide])
    assert refusal.value.code == "mixed-embeddings"


def test_a_look_that_is_no_number_is_refused() -> None:
    broken = replace(tracklet(7, "a", 0, 1), mean=np.array([np.nan, 1], np.float32))

    with pytest.raises(UserError, match="tracklet 7"):
        Columns.of([tracklet(1, "a", 0, 1), broken])
