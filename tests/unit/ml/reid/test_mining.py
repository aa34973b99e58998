"""Identity mining by hand, on directions in the plane: at an angle a, the distance is 2 sin(a / 2)."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.reid.mining import identity_seeds, k_means_labels, label_quality, mined_labels
from ml.types import Float2D, UserError

# 0.49 is the distance at 28.4 degrees, 0.23 that at 13.2.
QUERIES = (0, 5, 40, 90, 85)


def directions(*degrees: float, length: float = 1.0) -> Float2D:
    angles = np.radians(degrees)
    return (length * np.column_stack([np.cos(angles), np.sin(angles)])).astype(np.float32)


def test_seeds_by_hand() -> None:
    # From 0: 40, 90 and 85 are candidates; 90 is the most dissimilar. Then 85 is too near to 90, and 40 alone is left.
    assert identity_seeds(directions(*QUERIES)).tolist() == [0, 3, 2]


def test_of_several_candidates_the_one_with_the_largest_sum_is_next() -> None:
    # Seeds 0 and 180. 60 and 90 are candidates: 2 (sin 30 + sin 60) = 2.73 < 2 (sin 45 + sin 45) = 2.83.
    assert identity_seeds(directions(0, 180, 60, 90)).tolist() == [0, 1, 3, 2]


def test_another_first_query_gives_other_seeds() -> None:
    # From 40: 0 and 90 and 85 and 5 are candidates; 90 is farthest, then 0, and 5 is too near to it.
    assert identity_seeds(directions(*QUERIES), first=2).tolist() == [2, 3, 0]


def test_pictures_take_the_label_of_their_nearest_seed_within_reach() -> None:
    queries = directions(*QUERIES)
    pictures = np.concatenate([queries, directions(46, 60, 12, 78, length=9)])  # only the direction counts
    labels = mined_labels(pictures, queries[identity_seeds(queries)])
    assert labels.tolist() == [0, 0, 2, 1, 1, 2, -1, 0, 1]


def test_with_a_distance_of_nothing_every_query_is_a_seed_once() -> None:
    # Rounding puts a picture as far as 2e-8 from itself.
    queries = np.random.default_rng(0).normal(0, 1, (40, 7)).astype(np.float32)
    assert sorted(identity_seeds(queries, d_n=0).tolist()) == list(range(40))


@given(st.lists(st.floats(0, 360), min_size=1, max_size=30))
def test_seeds_are_far_from_each_other_and_near_every_query(degrees: list[float]) -> None:
    queries = directions(*degrees).astype(np.float64)
    seeds = queries[identity_seeds(queries.astype(np.float32))]
    between = np.linalg.norm(seeds[:, None] - seeds[None], axis=2) + 9 * np.eye(len(seeds))
    assert between.min() > 0.49 - 1e-5
    assert np.linalg.norm(queries[:, None] - seeds[None], axis=2).min(axis=1).max() <= 0.49 + 1e-5


def test_k_means_labels_every_picture() -> None:
    labels = k_means_labels(directions(0, 4, 90, 94, 180, 184), 3)
    assert (labels[::2] == labels[1::2]).all()
    assert sorted(set(labels.tolist())) == [0, 1, 2]


def test_quality_by_hand() -> None:
    # Four of five have a label. Label 0 shows vehicle 7 twice and 8 once, label 1 shows 9: three of four are right.
    quality = label_quality(np.array([0, 0, 0, 1, -1]), np.array([7, 7, 8, 9, 9]))
    assert quality == {"coverage": 0.8, "accuracy": 0.75, "labels": 2, "alone": 1}


def test_vehicles_that_are_not_known_do_not_count_for_the_accuracy() -> None:
    labels = np.array([0, 0, 0, -1])
    assert label_quality(labels, np.array([7, -1, 8, 8]))["accuracy"] == 0.5
    assert label_quality(labels, np.full(4, -1)) == {"coverage": 0.75, "accuracy": None, "labels": 1, "alone": 0}


def test_nothing_labelled_is_said() -> None:
    with pytest.raises(UserError, match="wider distances"):
        label_quality(np.array([-1, -1]), np.array([1, 2]))


@pytest.mark.parametrize(
    "refused",
    [
        lambda: identity_seeds(directions(0), first=1),
        lambda: identity_seeds(directions(0), d_n=-0.1),
        lambda: mined_labels(directions(0), directions(0), d_p=-0.1),
        lambda: k_means_labels(directions(0, 1), 3),
    ],
)
def test_settings_that_make_no_sense_are_refused(refused: Callable[[], object]) -> None:
    with pytest.raises(UserError) as error:
        refused()
    assert error.value.code == "bad-configuration"
