import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from ml.evaluation import MtmcRows, match_detections, score_detections
from ml.types import Detections, UserError
from tests.unit.ml.evaluation.test_filters import Row, rows

Found = tuple[int, float, float, float, float, float]  # frame, left, top, width, height, score


def detections(*listed: Found) -> Detections:
    table = np.array(sorted(listed, key=lambda row: row[0]), np.float64).reshape(-1, 6)
    boxes = np.column_stack((table[:, 1:3], table[:, 1:3] + table[:, 3:5]))
    count = len(table)
    return Detections(
        table[:, 0].astype(np.int32),
        boxes.astype(np.float32),
        table[:, 5].astype(np.float32),
        np.full(count, 3, np.int32),
    )


TWO: list[Row] = [("c1", 1, 0, 0, 0, 20, 20), ("c1", 2, 0, 100, 0, 50, 50)]


def test_worked_example() -> None:
    """By falling score right (0.9), wrong (0.8), right (0.7): precision 1 up to recall 1/2 (51 of the 101 levels), then
    2/3 (50 levels). The second right box has IoU 0.8: right at 7 of the 10 levels, at the others recall ends at 1/2."""
    found = detections((0, 0, 0, 20, 20, 0.9), (0, 300, 0, 20, 20, 0.8), (0, 100, 0, 50, 40, 0.7))

    score = score_detections(rows(*TWO), {"c1": found})

    both, one = (51 + 50 * 2 / 3) / 101, 51 / 101
    assert score.ap50 == pytest.approx(both)
    assert score.ap50_95 == pytest.approx(0.7 * both + 0.3 * one)
    assert (score.recall50, score.truths, score.detections) == (1, 2, 3)


def test_what_is_found_right_and_wrong_is_told_row_by_row() -> None:
    """The second true box comes in an earlier frame; of the last camera's detections one lies on an ignored box."""
    truth = rows(("c1", 1, 3, 0, 0, 20, 20), ("c1", 2, 0, 100, 0, 50, 50))
    first = detections((0, 300, 0, 20, 20, 0.8), (0, 100, 0, 50, 40, 0.7))
    second = detections((3, 0, 0, 20, 20, 0.9), (3, 60, 60, 20, 20, 0.9))

    match = match_detections(truth, {"c1": first, "c2": second}, ignored=rows(("c2", 9, 3, 50, 50, 50, 50)))

    assert match.found.tolist() == [False, True]
    assert match.right.tolist() == [False, True, False, False]
    assert match.wrong.tolist() == [True, False, True, False]


def test_recall_is_told_by_size_of_the_true_box() -> None:
    truth = rows(*TWO, ("c1", 3, 1, 0, 0, 100, 100), ("c1", 4, 1, 300, 0, 96, 96))

    score = score_detections(truth, {"c1": detections((0, 0, 0, 20, 20, 0.9), (1, 0, 0, 100, 100, 0.9))})

    seen = {name: (size.truths, size.recall) for name, size in score.by_size.items()}
    assert seen == {"small": (1, 1.0), "medium": (1, 0.0), "large": (2, 0.5)}
    assert score_detections(rows(*TWO), {"c1": detections()}).by_size["large"].recall is None


def test_second_box_on_a_vehicle_is_wrong() -> None:
    once = (0, 0.0, 0.0, 20.0, 20.0, 0.9)

    score = score_detections(rows(TWO[0]), {"c1": detections((*once[:5], 0.95), (0, 1, 0, 20, 20, 0.99))})

    assert score.ap50 == pytest.approx(1.0)
    assert score.recall50 == 1
    assert score_detections(rows(TWO[0]), {"c1": detections(once, (0, 90, 90, 9, 9, 0.95))}).ap50 == pytest.approx(0.5)


def test_the_same_frame_of_another_camera_is_another_picture() -> None:
    found = detections((0, 0, 0, 20, 20, 0.9))

    assert score_detections(rows(TWO[0]), {"c2": found}).ap50 == 0
    assert score_detections(rows(TWO[0]), {"c1": found, "c2": detections()}).ap50 == pytest.approx(1)


def test_boxes_on_an_ignored_one_count_neither_way() -> None:
    ignored = rows(("c1", 9, 0, 200, 0, 100, 100))
    found = detections((0, 0, 0, 20, 20, 0.5), (0, 210, 10, 20, 20, 0.9), (0, 280, 80, 40, 40, 0.8))

    assert score_detections(rows(TWO[0]), {"c1": found}).ap50 == pytest.approx(1 / 3)
    score = score_detections(rows(TWO[0]), {"c1": found}, ignored=ignored)

    assert score.ap50 == pytest.approx(1 / 2)  # the box that is a quarter inside stays wrong


def test_without_a_true_box_there_is_no_score() -> None:
    with pytest.raises(UserError, match="no true box") as refusal:
        score_detections(rows(), {"c1": detections((0, 0, 0, 20, 20, 0.9))})
    assert refusal.value.code == "no-ground-truth"


def coco_scores(truth: MtmcRows, ignored: MtmcRows, found: Detections, frames: int) -> tuple[float, float, float]:
    """(AP, AP50, recall at IoU 0.5) by pycocotools."""
    known = COCO()
    boxes = [
        (row, side is ignored)
        for side in (truth, ignored)
        for row in zip(side.frame.tolist(), side.xywh.tolist(), strict=True)
    ]
    known.dataset = {
        "info": {},
        "images": [{"id": frame} for frame in range(frames)],
        "categories": [{"id": 1}],
        "annotations": [
            {
                "id": n,
                "image_id": row[0],
                "category_id": 1,
                "bbox": row[1],
                "area": row[1][2] * row[1][3],
                "iscrowd": int(crowd),
            }
            for n, (row, crowd) in enumerate(boxes, start=1)
        ],
    }
    known.createIndex()
    corners = found.boxes.astype(np.float64)
    table = np.column_stack(
        (found.frames, corners[:, :2], corners[:, 2:] - corners[:, :2], found.scores, np.ones(len(found)))
    )
    evaluation = COCOeval(known, known.loadRes(table), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    precision, recall = evaluation.eval["precision"], evaluation.eval["recall"]
    return float(precision[:, :, 0, 0, 2].mean()), float(precision[0, :, 0, 0, 2].mean()), float(recall[0, 0, 0, 2])


def random_picture(rng: np.random.Generator, frames: int, most: int) -> list[Row]:
    return [
        ("c1", number, frame, *rng.integers(0, 30, 2).tolist(), *rng.integers(8, 24, 2).tolist())
        for frame in range(frames)
        for number in range(rng.integers(0, most + 1))
    ]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_average_precision_agrees_with_cocos_own_code(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rows(("c1", 99, 0, 5, 5, 16, 16), *random_picture(rng, 4, 5))
    ignored = rows(*random_picture(rng, 4, 2))
    moved = [(*row[2:3], *(np.array(row[3:]) + rng.integers(-3, 4, 4)).tolist()) for row in random_picture(rng, 4, 6)]
    near = [(int(f), *(box + rng.integers(-3, 4, 4)).tolist()) for f, box in zip(truth.frame, truth.xywh, strict=True)]
    scores = rng.permutation(len(moved) + len(near)) / 64
    found = detections(*((*row, score) for row, score in zip(moved + near, scores.tolist(), strict=True)))

    score = score_detections(truth, {"c1": found}, ignored=ignored)

    expected = coco_scores(truth, ignored, found, 4)
    assert (score.ap50_95, score.ap50, score.recall50) == pytest.approx(expected, abs=1e-6)
