"""NanoDet's decoding, fitting and pooling by worked examples, and the network on a drawn picture."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.detection import DetectorConfig, create_detector
from ml.detection.letterbox import Letterbox
from ml.detection.nanodet import decode, plausibly_close, pooled
from ml.detection.pooling import roi_align
from ml.types import UserError

Map = npt.NDArray[np.float32]


def _silent() -> dict[str, Map]:
    """The outputs for a 64 x 96 input in which nothing is seen."""
    maps: dict[str, Map] = {}
    for stride in (8, 16, 32):
        maps[f"scores_{stride}"] = np.zeros((80, 64 // stride, 96 // stride), np.float32)
        maps[f"distances_{stride}"] = np.zeros((44, 64 // stride, 96 // stride), np.float32)
    return maps


def _say(maps: dict[str, Map], stride: int, place: tuple[int, int], distances: list[list[float]]) -> None:
    """Give the four distributions at a place: logs of probabilities over 0..10."""
    logits = np.full((4, 11), -30, np.float32)
    for side, probabilities in enumerate(distances):
        for value, probability in enumerate(probabilities):
            logits[side, value] = np.log(probability) if probability else -30
    maps[f"distances_{stride}"][:, place[0], place[1]] = logits.reshape(-1)


def test_a_box_is_the_expectation_of_four_distributions() -> None:
    """Place (1, 2) of stride 16: centre x (2.5 * 16) = 40, y 24.

    Left 1 stride, top half way between 0 and 1, right 0.25 * 0 + 0.75 * 2 = 1.5, bottom 2.
    """
    maps = _silent()
    maps["scores_16"][2, 1, 2] = 0.8  # COCO category 3, car
    _say(maps, 16, (1, 2), [[0, 1], [0.5, 0.5], [0.25, 0, 0.75], [0, 0, 1]])
    boxes, scores, classes = decode(maps, 0.5)
    assert boxes == pytest.approx(np.array([[24, 16, 64, 56]]), abs=1e-3)
    assert scores == pytest.approx([0.8])
    assert classes.tolist() == [3]


def test_only_vehicles_above_the_threshold_and_their_best_class() -> None:
    maps = _silent()
    maps["scores_8"][0, 0, 0] = 0.99  # a person
    maps["scores_8"][[2, 7], 3, 3] = [0.6, 0.7]  # car, truck
    maps["scores_32"][5, 1, 1] = 0.55  # a bus
    maps["scores_32"][5, 0, 0] = 0.49
    _, scores, classes = decode(maps, 0.5)
    assert scores == pytest.approx([0.7, 0.55])
    assert classes.tolist() == [8, 6]


def test_nothing_found_has_the_right_shapes() -> None:
    boxes, scores, classes = decode(_silent(), 0.5)
    assert (boxes.shape, scores.shape, classes.shape) == ((0, 4), (0,), (0,))


def test_letterbox_keeps_the_shape() -> None:
    """540 x 960 into 416 x 736: scale 736 / 960; 414 rows of picture, 416 of canvas."""
    box = Letterbox.fitting((540, 960), (416, 736))
    assert box == Letterbox(736 / 960, 416, 736)
    white = np.full((540, 960, 3), 255, np.uint8)
    canvas = box.canvas([white])
    assert canvas.shape == (1, 416, 736, 3)
    assert (canvas[0, :414] == 255).all()
    assert (canvas[0, 414:] == 0).all()


@given(st.integers(20, 2000), st.integers(20, 2000))
def test_letterbox_fits_and_leads_back(height: int, width: int) -> None:
    box = Letterbox.fitting((height, width), (416, 736))
    assert box.height <= 416
    assert box.width <= 736
    assert box.height % 32 == box.width % 32 == 0
    corners = np.array([[0, 0, width * box.scale, height * box.scale]], np.float32)
    assert box.back(corners, (height, width)) == pytest.approx(np.array([[0, 0, width, height]]), rel=1e-5)


def test_roi_align_of_a_ramp_is_the_ramp() -> None:
    """A map whose value is the input column of its place: samples must be the columns they are taken at."""
    ramp = np.tile((np.arange(12, dtype=np.float32) + 0.5) * 8, (1, 6, 1))
    samples = roi_align(ramp, np.array([[16, 8, 48, 40]], np.float32), 8, 2)
    assert samples[0, 0] == pytest.approx(np.array([[24, 40], [24, 40]]))


def test_roi_align_takes_the_border_for_what_lies_outside() -> None:
    ramp = np.tile((np.arange(12, dtype=np.float32) + 0.5) * 8, (1, 6, 1))
    samples = roi_align(ramp, np.array([[-80, -80, -40, -40], [200, 0, 300, 10]], np.float32), 8, 1)
    assert samples.reshape(-1).tolist() == [4, 92]


def test_features_have_length_one_and_lose_the_shared_part() -> None:
    feature_map = np.zeros((2, 4, 8), np.float32)
    feature_map[0, :, :4], feature_map[1, :, 4:] = 3, 5
    boxes = np.array([[4, 4, 20, 28], [44, 4, 60, 28]], np.float32)
    assert pooled(feature_map, boxes, np.zeros(2, np.float32)) == pytest.approx(np.eye(2))
    shared = np.array([0.5, 0.5], np.float32)
    assert pooled(feature_map, boxes, shared) == pytest.approx(np.array([[1, -1], [-1, 1]]) / np.sqrt(2))


def test_no_pictures_no_answers() -> None:
    assert create_detector(DetectorConfig(threads=1)).detect([]) == []


def test_pictures_of_different_sizes_come_back_in_their_order() -> None:
    detector = create_detector(DetectorConfig(threads=1, score_threshold=0.01, input_height=128, input_width=128))
    noise = np.random.default_rng(0)
    images = [noise.integers(0, 255, size, np.uint8) for size in [(90, 120, 3), (120, 60, 3), (90, 120, 3)]]
    together = detector.detect(images)
    assert len(together) == 3
    for image, found in zip(images, together, strict=True):
        alone = detector.detect([image])[0]
        assert found.boxes == pytest.approx(alone.boxes, abs=0.01)
        assert found.scores == pytest.approx(alone.scores, abs=1e-4)
        assert found.features is not None
        assert found.features.shape == (len(found), detector.feature_size)


def test_a_second_look_adds_what_the_network_sees_in_the_smaller_picture() -> None:
    """With a suppression that drops nothing, two looks find what the look at each size alone finds."""
    image = np.random.default_rng(0).integers(0, 255, (128, 128, 3), np.uint8)
    once = DetectorConfig(threads=1, score_threshold=0.015, nms_iou=1.1, second_look=0.0, features=False)
    large = dataclasses.replace(once, input_height=128, input_width=128)
    small = dataclasses.replace(once, input_height=64, input_width=64)
    both = dataclasses.replace(large, second_look=0.5, second_look_min_height=0.3)
    first, second, found = (create_detector(config).detect([image])[0] for config in (large, small, both))
    close = plausibly_close(second.boxes, (128, 128), both)
    assert len(first) > 0
    assert close.any()
    assert not close.all()
    assert sorted(found.scores) == pytest.approx(sorted([*first.scores, *second.scores[close]]), abs=1e-4)


@pytest.mark.parametrize(
    ("box", "kept"),
    [
        ([100, 120, 300, 200], True),  # 80 of 400 rows, a fifth of the picture's height
        ([100, 120, 300, 199], False),  # the first look is there for it
        ([8, 0, 200, 300], True),  # cut off above, not at a side
        ([7, 0, 200, 300], False),  # the upper left corner, where houses are
        ([7, 8, 200, 300], True),
        ([500, 7, 793, 300], False),  # the upper right one
        ([0, 200, 300, 400], True),
    ],
)
def test_a_second_look_is_believed_only_about_what_may_be_close(box: list[float], kept: bool) -> None:
    config = DetectorConfig(second_look_min_height=0.2)
    assert plausibly_close(np.array([box], np.float32), (400, 800), config).tolist() == [kept]


def test_features_can_be_left_out() -> None:
    detector = create_detector(DetectorConfig(threads=1, features=False, input_height=64, input_width=64))
    assert detector.feature_size is None
    assert detector.detect([np.zeros((64, 64, 3), np.uint8)])[0].features is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "yolo"}, "bad-configuration"),
        ({"input_width": 100}, "bad-configuration"),
        ({"score_threshold": 1.5}, "bad-configuration"),
        ({"nms_iou": 0.0}, "bad-configuration"),
        ({"second_look": 1.0}, "bad-configuration"),
        ({"second_look_min_height": 1.0}, "bad-configuration"),
        ({"tiles": 0}, "bad-configuration"),
        ({"tile_overlap": 0.9}, "bad-configuration"),
        ({"threads": -1}, "bad-configuration"),
        ({"input_height": 0}, "bad-configuration"),
        ({"weights": "none"}, "bad-configuration"),
        ({"weights": "/nowhere/nanodet.onnx"}, "weights-missing"),
        ({"weights": __file__}, "weights-unreadable"),
        ({"name": "maskrcnn-resnet101"}, "weights-missing"),
    ],
)
def test_settings_that_cannot_work_are_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(UserError) as refused:
        create_detector(dataclasses.replace(DetectorConfig(), **change))
    assert refused.value.code == code
