"""A drawn scene for tests of training: one red vehicle before a noisy ground, with ground truth."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from ml.types import Image

HEIGHT, WIDTH = 64, 96
SIZE = (36, 22)  # width and height of the vehicle
FPS = 10


def place(frame: int) -> tuple[int, int]:
    """Left and top of the vehicle: two pixels a frame to the right, and back again."""
    return 3 + 2 * (27 - abs(frame % 54 - 27)), 20


def picture(frame: int) -> Image:
    """[64, 96, 3] RGB."""
    image = np.random.default_rng(0).integers(60, 140, (HEIGHT, WIDTH, 3), np.uint8)
    left, top = place(frame)
    image[top : top + SIZE[1], left : left + SIZE[0]] = (200, 30, 30)
    image[top + 2 : top + 8, left + 6 : left + 30] = (40, 40, 60)
    return image


def truth_line(frame: int) -> str:
    """A line of gt.txt."""
    left, top = place(frame)
    return f"{frame + 1},1,{left},{top},{SIZE[0]},{SIZE[1]},1,-1,-1,-1\n"


def drawn_scene(root: Path, frames: int = 60) -> Path:
    """S01/c001 with a video and gt.txt below `root`; returns `root`."""
    camera = root / "S01" / "c001"
    (camera / "gt").mkdir(parents=True)
    with av.open(str(camera / "vdo.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for frame in range(frames):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture(frame), format="rgb24")))
        container.mux(stream.encode())
    (camera / "gt" / "gt.txt").write_text("".join(truth_line(frame) for frame in range(frames)))
    return root
