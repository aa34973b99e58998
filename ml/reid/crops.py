"""Vehicles cut out of frames, for networks and for people."""

from __future__ import annotations

import cv2
import numpy as np

from ml.types import Float1D, Image, UserError


def crop(image: Image, box: Float1D) -> Image:
    """The part of an RGB image inside the xyxy box, at least one pixel, clipped to the image; a copy."""
    height, width = image.shape[:2]
    left, top = (int(np.clip(np.floor(box[axis]), 0, size - 1)) for axis, size in ((0, width), (1, height)))
    right = int(np.clip(np.ceil(box[2]), left + 1, width))
    bottom = int(np.clip(np.ceil(box[3]), top + 1, height))
    return image[top:bottom, left:right].copy()


def jpeg(image: Image, *, longest_side: int, quality: int) -> bytes:
    """An RGB image as JPEG, made smaller where its longest side is above `longest_side`."""
    scale = longest_side / max(image.shape[:2])
    if scale < 1:
        size = tuple(max(1, round(side * scale)) for side in (image.shape[1], image.shape[0]))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    done, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise UserError("crop-unwritable", f"a crop of {image.shape} pixels could not be written as JPEG")
    return bytes(data.tobytes())
