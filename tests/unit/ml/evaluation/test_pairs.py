import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.boxes import pairwise_iou
from ml.evaluation.assignment import best_assignment, decided_edges
from ml.evaluation.pairs import BoxesByStep, overlapping_pairs


def side(rng: np.random.Generator, steps: int) -> BoxesByStep:
    counts = rng.integers(0, 5, steps)
    corners = rng.integers(0, 40, (int(counts.sum()), 2))
    return BoxesByStep(np.concatenate((corners, corners + 16), axis=1).astype(float), np.append(0, np.cumsum(counts)))


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_pairs_are_those_of_the_full_matrix(block: int) -> None:
    rng = np.random.default_rng(4)
    left, right = side(rng, 9), side(rng, 9)

    pairs = overlapping_pairs(left, right, block=block)

    iou = pairwise_iou(left.boxes, right.boxes) * (left.steps[:, None] == right.steps)
    rows, columns = np.nonzero(iou)
    assert len(pairs) > 3
    np.testing.assert_array_equal((pairs.left, pairs.right), (rows, columns))
    np.testing.assert_allclose(pairs.iou, iou[rows, columns])


def test_share_inside_is_of_the_right_box() -> None:
    left = BoxesByStep(np.array([[0.0, 0, 10, 10]]), np.array([0, 1]))
    right = BoxesByStep(np.array([[5.0, 0, 15, 4]]), np.array([0, 1]))

    pairs = overlapping_pairs(left, right)

    assert pairs.inside.tolist() == [0.5]
    assert pairs.iou.tolist() == [20 / 120]


def test_an_edge_is_decided_where_it_outweighs_its_rivals_together() -> None:
    """Row 0 and column 0 meet at 5 against 2 + 2; once they are gone, row 1 has column 1 alone."""
    rows, columns = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])

    taken, still_open = decided_edges(rows, columns, np.array([5.0, 2.0, 2.0, 1.0]))

    assert taken.tolist() == [True, False, False, True]
    assert not still_open.any()
    taken, still_open = decided_edges(rows, columns, np.array([3.0, 2.0, 2.0, 1.0]))
    assert not taken.any()
    assert still_open.all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_assignment_weighs_more_than_the_best(seed: int) -> None:
    rng = np.random.default_rng(seed)
    edges = np.argwhere(rng.random((5, 4)) < 0.5)
    weights = rng.integers(1, 6, len(edges)).astype(float)

    chosen = best_assignment(edges[:, 0], edges[:, 1], weights)

    assert len(np.unique(edges[chosen, 0])) == len(np.unique(edges[chosen, 1])) == len(chosen)
    matrix = np.zeros((5, 4))
    matrix[edges[:, 0], edges[:, 1]] = weights
    best = max(matrix[list(rows), range(4)].sum() for rows in itertools.permutations(range(5), 4))
    assert weights[chosen].sum() == best
