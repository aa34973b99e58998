from __future__ import annotations

from io import BytesIO

import numpy as np
import PIL.Image
import pytest

from ml.reid import picture
from ml.reid.picture import read_picture
from ml.types import UserError

RED = (255, 0, 0)


def stored(size: tuple[int, int], kind: str, **options: object) -> bytes:
    """Blue with a red left half."""
    image = PIL.Image.new("RGB", size, (0, 0, 255))
    image.paste(RED, (0, 0, size[0] // 2, size[1]))
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def test_a_png_keeps_its_pixels() -> None:
    image = read_picture(stored((6, 4), "PNG"))
    assert image.shape == (4, 6, 3)
    assert image[0, 0].tolist() == list(RED)


def test_a_picture_is_turned_as_its_camera_was_held() -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # a quarter turn clockwise brings it upright: left becomes top
    image = read_picture(stored((60, 40), "JPEG", exif=exif, quality=95))
    assert image.shape == (60, 40, 3)
    assert np.abs(image[2, 20].astype(int) - RED).max() < 12


@pytest.mark.parametrize("content", [b"", b"not a picture", stored((60, 40), "JPEG")[:200], stored((6, 4), "GIF")])
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(UserError) as refused:
        read_picture(content)
    assert refused.value.code == "picture-unreadable"


def test_a_large_picture_is_refused_before_its_pixels_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MOST_PIXELS", 2_000_000)
    content = stored((2000, 1001), "PNG")[:300]  # the pixels are not even there
    with pytest.raises(UserError) as refused:
        read_picture(content)
    assert refused.value.code == "picture-too-large"
