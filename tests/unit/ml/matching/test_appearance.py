from dataclasses import replace

import numpy as np
import pytest

from ml.matching.appearance import SHRINKAGE, Usual, appearance_scores, camera_bias_removed, cosines
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


USUAL = Usual(mean=0.1, spread=0.3, comparisons=20)


def test_moments_of_what_is_usual() -> None:
    """The mean of the squares is the square of the mean and that of the spread: 0.01 + 0.09."""
    assert (USUAL.moment(1), USUAL.moment(2)) == pytest.approx((0.1, 0.1))


def scores_of(looks: Float2D, cameras: list[int], *pairs: tuple[int, int]) -> list[float]:
    left, right = np.array(pairs).T
    cosine = cosines(looks, left, right)
    scores: list[float] = appearance_scores(looks, np.array(cameras), cosine, left, right, usual=USUAL).tolist()
    return scores


def test_score_counts_standard_deviations_above_what_is_usual() -> None:
    """By its definition: the others of the other one's camera, drawn towards all others, and these to the usual."""
    looks = directions(*np.random.default_rng(3).uniform(0, 180, 30))
    cameras = np.repeat([0, 1, 2], 10)
    pairs = [(0, 12), (4, 22), (25, 13), (3, 7)]

    def usual(one: int, other: int) -> tuple[float, float]:
        cosine = looks.astype(np.float64) @ looks[one]
        rest = ~np.isin(np.arange(30), (one, other))
        moments = []
        for power, prior in ((1, 0.1), (2, 0.3**2 + 0.1**2)):
            drawn = ((cosine[rest] ** power).sum() + 20 * prior) / (28 + 20)
            own = cosine[rest & (cameras == cameras[other])] ** power
            moments.append((own.sum() + SHRINKAGE * drawn) / (len(own) + SHRINKAGE))
        return moments[0], np.sqrt(moments[1] - moments[0] ** 2)

    expected = []
    for i, j in pairs:
        cosine, (forth, forth_sd), (back, back_sd) = looks[i] @ looks[j], usual(i, j), usual(j, i)
        expected.append(((cosine - forth) / forth_sd + (cosine - back) / back_sd) / 2)
    np.testing.assert_allclose(scores_of(looks, cameras.tolist(), *pairs), expected, rtol=1e-4)


def test_two_tracklets_alone_are_measured_against_what_is_usual() -> None:
    """Cosine 1/2 at 60 degrees: (0.5 - 0.1) / 0.3 from either side."""
    np.testing.assert_allclose(scores_of(directions(0, 60), [0, 1], (0, 1)), [4 / 3], rtol=1e-5)


def test_a_pair_is_not_measured_against_itself() -> None:
    """All others are at right angles to both, so that the pair's own cosine is in the numerator alone."""
    far = np.eye(6, dtype=np.float32)
    near = far.copy()
    near[1, :2] = np.sin(0.3), np.cos(0.3)

    far_score, near_score = (scores_of(looks, [0, 1, 0, 1, 0, 1], (0, 1))[0] for looks in (far, near))

    # Four others, drawn towards 20 usual ones of mean 0.1 and mean square 0.1; of the camera itself 2 more.
    mean = square = SHRINKAGE * (20 * 0.1 / 24) / (2 + SHRINKAGE)
    np.testing.assert_allclose(near_score - far_score, np.sin(0.3) / np.sqrt(square - mean**2), rtol=1e-5)


@pytest.mark.parametrize("size", [3, 40])
def test_few_long_looks_and_many_short_ones_are_summed_alike(size: int) -> None:
    """The sums of squares go two ways, by which is shorter; 10 tracklets to a camera, zeros change no cosine."""
    looks = np.random.default_rng(size).normal(size=(20, size)).astype(np.float32)
    looks /= np.linalg.norm(looks, axis=1, keepdims=True)
    longer = np.hstack((looks, np.zeros((20, 60), np.float32)))

    score, padded = (scores_of(each, [0] * 10 + [1] * 10, (0, 19)) for each in (looks, longer))

    np.testing.assert_allclose(score, padded, rtol=1e-5)


def test_a_look_like_everybody_elses_says_less() -> None:
    """Both pairs are 5 degrees apart; around the first there is a crowd."""
    looks, cameras = directions(*[0, 2, 4, 90] * 20, *[5, 3, 1, 95] * 20), [0] * 80 + [1] * 80

    first, second = scores_of(looks, cameras, (0, 80), (3, 83))

    assert second > first + 1


def test_equal_looks_everywhere_say_little() -> None:
    (score,) = scores_of(directions(*[0] * 400), [0, 1] * 200, (0, 1))

    assert 0 <= score < 1


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
