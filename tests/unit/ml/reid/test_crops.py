import cv2
import numpy as np
import pytest

from ml.reid.crops import crop, jpeg


@pytest.mark.parametrize(
    ("box", "shape"),
    [
        ((10, 20, 30, 50), (30, 20)),
        ((10.4, 20.6, 29.2, 49.1), (30, 20)),
        ((-5, -5, 8, 9), (9, 8)),
        ((90, 50, 200, 200), (10, 10)),
        ((150, 150, 160, 160), (1, 1)),
    ],
)
def test_crop_is_the_box_inside_the_image(box: tuple[float, ...], shape: tuple[int, int]) -> None:
    image = np.zeros((60, 100, 3), np.uint8)

    assert crop(image, np.array(box, np.float32)).shape == (*shape, 3)


def test_crop_is_a_copy_that_lets_the_frame_go() -> None:
    image = np.zeros((60, 100, 3), np.uint8)

    assert not np.shares_memory(crop(image, np.array([0, 0, 9, 9], np.float32)), image)


def test_jpeg_keeps_red_red_and_is_made_smaller() -> None:
    red = np.zeros((300, 600, 3), np.uint8)
    red[:, :, 0] = 220

    data = jpeg(red, longest_side=256, quality=88)

    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert read is not None
    assert read.shape == (128, 256, 3)
    np.testing.assert_allclose(read.mean(axis=(0, 1)), [220, 0, 0], atol=4)


def test_small_crops_are_not_made_larger() -> None:
    data = jpeg(np.zeros((20, 30, 3), np.uint8), longest_side=256, quality=88)

    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert read is not None
    assert read.shape == (20, 30, 3)
