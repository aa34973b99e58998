"""IDF1 over reviewed vehicles."""

import numpy as np
import pytest

from ml.evaluation.reviewed import idf1_by_vehicle


def ids(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


def test_each_vehicle_has_the_boxes_of_the_one_identity_that_suits_all_best() -> None:
    """Vehicle 5 has 10 + 10 true boxes, vehicle 9 has 8. The model cut vehicle 5 in two (identities 1 and 2) and gave
    the second part to vehicle 9 as well: identity 2 is better for vehicle 9 only if vehicle 5 takes identity 1.
    """
    found = idf1_by_vehicle(
        vehicles=ids(5, 5, 9),
        true_boxes=ids(10, 10, 8),
        of_vehicle=ids(5, 5, 9),
        identities=ids(1, 2, 2),
        boxes=ids(9, 10, 7),
        right_boxes=ids(9, 10, 7),
    )
    assert found.tolist() == [[18, 14], [39, 15]]
    assert found[0].sum() / found[1].sum() == pytest.approx(2 * 16 / (28 + 26))


def test_a_vehicle_that_the_model_lost_counts_as_missed() -> None:
    found = idf1_by_vehicle(ids(1, 2), ids(4, 6), ids(2), ids(3), ids(6), ids(6))
    assert found.tolist() == [[0, 12], [4, 12]]


def test_with_nothing_predicted_nothing_is_right() -> None:
    assert idf1_by_vehicle(ids(1), ids(4), ids(), ids(), ids(), ids()).tolist() == [[0], [4]]


def test_boxes_that_people_cut_away_are_predicted_but_not_right() -> None:
    """A tracklet of 20 boxes of which people kept 10: 2 * 10 / (10 + 20), never more than 1."""
    assert idf1_by_vehicle(ids(1), ids(10), ids(1), ids(1), ids(20), ids(10)).tolist() == [[20], [30]]
