"""A small world for the pipeline: a film of bright rectangles on black, and networks that need no weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import cv2
import numpy as np

from ml.types import Detections, Float2D, Image

WIDTH, HEIGHT = 96, 64


def rectangles(frame: int) -> list[tuple[int, int, int, int]]:
    """x, y, width, height of the vehicles in `frame`: one goes right, one comes 20 frames later and goes left."""
    right = (4 + frame, 8, 14, 10)
    left = (WIDTH - 20 - (frame - 20), 40, 14, 10)
    shown = [right] if right[0] + right[2] < WIDTH else []
    return [*shown, left] if frame >= 20 and left[0] > 0 else shown


def write_film(path: Path, frames: int, fps: int = 10) -> Path:
    """A video of `frames` frames."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"crf": "10", "g": "10"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(frames):
            picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
            for x, y, width, height in rectangles(number):
                picture[y : y + height, x : x + width] = 255
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


class BrightBlobs:
    """A detector of bright rectangles; it counts the frames it was shown."""

    name = "bright-blobs"
    feature_size: int | None = 2

    def __init__(self, ahead: int = 0) -> None:
        self.frames = 0
        self.ahead = ahead

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        self.frames += len(images)
        return [self._detect(image) for image in images]

    def _detect(self, image: Image) -> Detections:
        bright = (image[..., 0] > 128).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(bright)
        boxes = stats[1:, :4].astype(np.float32)
        boxes[:, 2:] += boxes[:, :2]
        count = len(boxes)
        features = np.tile(np.array([1, 0], np.float32), (count, 1))
        return Detections(
            np.zeros(count, np.int32),
            boxes,
            np.full(count, 0.9, np.float32),
            np.full(count, 3, np.int32),
            features,
        )


class MeanColour:
    """An embedder that sees nothing but the mean colour; it counts the pictures it was shown."""

    name = "mean-colour"
    size = 3

    def __init__(self) -> None:
        self.pictures = 0

    def embed(self, crops: Sequence[Image]) -> Float2D:
        self.pictures += len(crops)
        means = np.array([crop.reshape(-1, 3).mean(axis=0) + 1 for crop in crops], np.float32).reshape(-1, 3)
        vectors: Float2D = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors
