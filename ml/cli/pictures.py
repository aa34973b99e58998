"""Pictures that commands write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ml.types import UserError

if TYPE_CHECKING:
    from ml.types import Image


def write_png(path: Path, image: Image) -> None:
    """image  [h, w, 3] RGB. UserError "file-unwritable"."""
    import cv2

    done, content = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    if not done:
        raise UserError("file-unwritable", f"{path} could not be written as PNG.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.tobytes())
