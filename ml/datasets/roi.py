"""Region of interest: a picture of the camera's view, white where vehicles count."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from ml.types import Mask, UserError

NAMES = ("roi.png", "roi.jpg", "roi.jpeg")


def find_roi(folder: Path) -> Path | None:
    """The camera folder's ROI picture; the lossless one where there are two."""
    return next((folder / name for name in NAMES if (folder / name).is_file()), None)


def read_roi(path: Path) -> Mask:
    """[h, w] bool, true where white. One channel or three; JPEG's ringing is thresholded away."""
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise UserError("malformed-file", f"{path} is not a picture that can be read.")
    return np.asarray(picture > 127)


def write_roi(folder: Path, roi: Mask) -> None:
    """Write roi.png (exact) and, for tools that look for it, roi.jpg."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = roi.astype(np.uint8) * 255
    for name, options in (("roi.png", []), ("roi.jpg", [cv2.IMWRITE_JPEG_QUALITY, 95])):
        if not cv2.imwrite(str(folder / name), picture, options):
            raise UserError("file-unwritable", f"{folder / name} could not be written.")
