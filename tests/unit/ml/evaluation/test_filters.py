import numpy as np
import pytest

from ml.evaluation.filters import (
    CameraFilter,
    challenge_counts,
    first_of_repeated,
    in_several_cameras,
    inside_rois,
    off_ignored,
)
from ml.evaluation.rows import MtmcRows, roi_mask
from ml.types import Mask

Row = tuple[str, int, int, float, float, float, float]


def rows(*listed: Row) -> MtmcRows:
    return MtmcRows(
        np.array([row[0] for row in listed], np.str_),
        np.array([row[1] for row in listed], np.int32),
        np.array([row[2] for row in listed], np.int32),
        np.array([row[3:] for row in listed], np.float64).reshape(-1, 4),
    )


def left_half(height: int = 100, width: int = 100) -> Mask:
    mask = np.zeros((height, width), np.bool_)
    mask[:, : width // 2] = True
    return mask


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        ((10, 10, 20, 20), True),
        ((60, 10, 20, 20), False),
        ((40, 10, 20, 20), False),  # its right corners are outside
        ((40, 10, 9, 20), True),
        ((-20, 10, 40, 20), True),  # corners beyond the picture are not looked up
        ((10, 90, 20, 40), True),
    ],
)
def test_one_corner_outside_the_roi_is_enough(box: tuple[float, float, float, float], inside: bool) -> None:
    assert inside_rois(rows(("c1", 1, 0, *box)), {"c1": left_half()}).tolist() == [inside]


def test_camera_without_roi_keeps_every_box() -> None:
    both = rows(("c1", 1, 0, 60, 10, 20, 20), ("c2", 1, 0, 60, 10, 20, 20))

    assert inside_rois(both, {"c1": left_half(), "c2": None}).tolist() == [False, True]


def test_identities_of_one_camera_are_left_out() -> None:
    seen = rows(("c1", 1, 0, 0, 0, 9, 9), ("c1", 1, 1, 0, 0, 9, 9), ("c1", 2, 0, 0, 0, 9, 9), ("c2", 2, 5, 0, 0, 9, 9))

    assert in_several_cameras(seen).tolist() == [False, False, True, True]


def test_only_rows_equal_in_everything_are_repeated() -> None:
    row: Row = ("c1", 1, 0, 5, 5, 10, 10)
    seen = rows(row, ("c2", *row[1:]), row, ("c1", 1, 0, 6, 5, 10, 10))

    assert first_of_repeated(seen).tolist() == [True, True, False, True]


def test_boxes_on_an_ignored_vehicle_are_out_unless_they_have_a_true_one() -> None:
    truth, ignored = rows(("c1", 1, 0, 0, 0, 20, 20)), rows(("c1", 2, 0, 10, 0, 40, 20), ("c2", 3, 0, 0, 0, 90, 90))
    seen = rows(
        ("c1", 1, 0, 30, 0, 20, 20),  # on the ignored one
        ("c1", 2, 0, 2, 0, 20, 20),  # more than half on the ignored one, but the true one's as well
        ("c1", 3, 0, 45, 0, 20, 20),  # a quarter of it on the ignored one
        ("c1", 4, 1, 30, 0, 20, 20),  # another frame
    )

    assert off_ignored(seen, truth, ignored).tolist() == [False, True, True, True]
    assert off_ignored(seen, truth, rows()).all()


def test_boxes_taken_out_are_counted_by_camera_and_reason() -> None:
    """Of c1's four boxes one is outside its ROI, one of an identity of c1 alone, one said twice."""
    kept: Row = ("c1", 2, 0, 5, 5, 9, 9)
    seen = rows(kept, kept, ("c1", 1, 0, 0, 0, 9, 9), ("c1", 2, 1, 60, 0, 9, 9), ("c2", 2, 5, 60, 0, 9, 9))

    scored, counts = challenge_counts(seen, {"c1": left_half()}, ["c1", "c2", "c3"])

    assert len(scored) == 2
    assert counts["c1"] == CameraFilter(True, predicted=4, outside_roi=1, in_one_camera=1, repeated=1, scored=1)
    assert counts["c2"] == CameraFilter(False, predicted=1, outside_roi=0, in_one_camera=0, repeated=0, scored=1)
    assert counts["c3"] == CameraFilter(False, 0, 0, 0, 0, 0)


def test_colour_roi_is_the_same_as_its_grey() -> None:
    grey = left_half().astype(np.uint8) * 255

    colour = np.repeat(grey[:, :, None], 3, axis=2)

    np.testing.assert_array_equal(roi_mask(colour), left_half())
    np.testing.assert_array_equal(roi_mask(grey), left_half())
    np.testing.assert_array_equal(roi_mask(left_half()), left_half())
