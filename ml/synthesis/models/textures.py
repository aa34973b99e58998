"""Square texture layers of one size, for a texture array."""

from __future__ import annotations

import re

import cv2
import numpy as np
import numpy.typing as npt

from ml.types import UserError

SIDE = 256
Layer = npt.NDArray[np.uint8]  # [SIDE, SIDE, 4] RGBA, row 0 at v = 0

_PLATE = re.compile("plate|matric|licen")


def decoded(name: str, data: bytes) -> Layer:
    """A picture file as a layer; licence plates and long thin pictures are blurred until nobody can read them.

    Raises UserError malformed-file for what is no picture.
    """
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None:
        raise UserError("malformed-file", f"{name} in the model library is not a picture that can be read.")
    if picture.ndim == 2:
        picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
    if picture.shape[2] == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA)
    height, width = picture.shape[:2]
    if _PLATE.search(name.lower()) or max(width / height, height / width) > 3:
        picture = cv2.GaussianBlur(picture, (0, 0), max(1.0, min(width, height) / 5))
    layer = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_BGRA2RGBA), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(layer[::-1])
