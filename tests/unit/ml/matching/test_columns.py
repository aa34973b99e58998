"""Tracklets as columns."""

from dataclasses import replace

import numpy as np

from ml.matching.columns import Columns
from tests.unit.ml.matching.scene import tracklet

SCENE = [
    tracklet(5, "b", 3, 4, 90),
    replace(tracklet(6, "a", 1, 9, 0), entry=np.array([1.0, 2, 3, 4]), confirmed=2),
    tracklet(7, "c", 5, 6, 180),
    tracklet(8, "b", 7, 8, 0),
]


def test_columns_of_a_worked_example() -> None:
    columns = Columns.of(SCENE)

    assert columns.names == ["a", "b", "c"]
    assert columns.cameras.tolist() == [1, 0, 2, 1]
    assert (columns.starts_s.tolist(), columns.ends_s.tolist()) == ([3, 1, 5, 7], [4, 9, 6, 8])
    np.testing.assert_allclose(columns.looks, [[0, 1], [1, 0], [-1, 0], [1, 0]], atol=1e-6)
    assert columns.entries[1].tolist() == [1, 2, 3, 4]
    assert np.isnan(columns.entries[0]).all()
    assert np.isnan(columns.exits).all()
    assert columns.confirmed.tolist() == [0, 2, 0, 0]


def test_rows_of_each_camera_rise() -> None:
    assert {name: rows.tolist() for name, rows in Columns.of(SCENE).rows().items()} == {"a": [1], "b": [0, 3], "c": [2]}
    assert Columns.of([]).rows() == {}


def test_what_is_taken_knows_its_own_cameras_alone() -> None:
    taken = Columns.of(SCENE).take(np.array([3, 2]))

    assert (taken.names, taken.cameras.tolist()) == (["b", "c"], [0, 1])
    assert taken.starts_s.tolist() == [7, 5]
    assert taken.confirmed.tolist() == [0, 0]
