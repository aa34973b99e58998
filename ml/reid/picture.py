"""A picture that a person brings, checked before its pixels are read."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from ml.types import Image, UserError

MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG")


def read_picture(content: bytes) -> Image:
    """[h, w, 3] RGB of a JPEG or PNG file, turned as its camera was held.

    UserError picture-unreadable for anything else, picture-too-large for more than `MOST_PIXELS`.
    """
    import PIL.Image
    import PIL.ImageOps

    try:
        with PIL.Image.open(BytesIO(content), formats=FORMATS) as picture:
            _require_size(*picture.size)
            return np.asarray(PIL.ImageOps.exif_transpose(picture).convert("RGB"), np.uint8)
    except (OSError, SyntaxError, ValueError, PIL.Image.DecompressionBombError) as error:
        message = "the picture cannot be read: it must be a whole JPEG or PNG file"
        raise UserError("picture-unreadable", message) from error


def _require_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        message = f"the picture has {width} x {height} pixels; make it smaller than {MOST_PIXELS // 10**6} million"
        raise UserError("picture-too-large", message)
