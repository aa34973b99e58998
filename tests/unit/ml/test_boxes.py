import numpy as np
import pytest

from ml.boxes import areas, paired_iou, pairwise_iou


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([0, 0, 10, 10], [0, 0, 10, 10], 1.0),
        ([0, 0, 10, 10], [5, 0, 15, 10], 50 / 150),
        ([0, 0, 10, 10], [10, 0, 20, 10], 0.0),
        ([0, 0, 10, 10], [2, 2, 4, 4], 4 / 100),
        ([0, 0, 0, 0], [0, 0, 0, 0], 0.0),
    ],
)
def test_iou_by_hand(left: list[int], right: list[int], expected: float) -> None:
    boxes = np.array([left, right], np.float32)

    assert paired_iou(boxes[:1], boxes[1:])[0] == pytest.approx(expected)
    assert pairwise_iou(boxes, boxes)[0, 1] == pytest.approx(expected)
    assert pairwise_iou(boxes, boxes)[1, 0] == pytest.approx(expected)


def test_pairwise_iou_of_no_boxes_has_no_columns() -> None:
    assert pairwise_iou(np.zeros((2, 4)), np.zeros((0, 4))).shape == (2, 0)


def test_box_turned_inside_out_has_no_area() -> None:
    assert areas(np.array([[5.0, 5.0, 0.0, 0.0]])).tolist() == [0.0]
