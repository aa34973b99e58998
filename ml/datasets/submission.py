"""Submissions of the AI City multi-camera track (track1.txt) and the ground truth with the same columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml.datasets.text import box_texts, number_text, read_table, write_lines
from ml.types import Double2D, Float2D, Int1D

COLUMNS = ("camera_id", "obj_id", "frame_id", "xmin", "ymin", "width", "height")
WORLD_COLUMNS = (*COLUMNS, "xworld", "yworld")


@dataclass(frozen=True)
class SubmissionRows:
    """Boxes with identities over all cameras of a scene, in the file's order.

    cameras  [n] int32 camera numbers (c041 is 41)    ids    [n] int32 identity numbers
    frames   [n] int32, 0-based                       boxes  [n, 4] float32 xyxy
    world    [n, 2] float64 ground position, (-1, -1) where unknown
    """

    cameras: Int1D
    ids: Int1D
    frames: Int1D
    boxes: Float2D
    world: Double2D

    def __len__(self) -> int:
        return len(self.frames)

    @staticmethod
    def without_world(cameras: Int1D, ids: Int1D, frames: Int1D, boxes: Float2D) -> SubmissionRows:
        """Rows whose ground positions are unknown."""
        return SubmissionRows(cameras, ids, frames, boxes, np.full((len(frames), 2), -1.0))

    def sorted(self) -> SubmissionRows:
        """The same rows by camera, frame and identity."""
        order = np.lexsort((self.ids, self.frames, self.cameras))
        return SubmissionRows(
            self.cameras[order], self.ids[order], self.frames[order], self.boxes[order], self.world[order]
        )


def read_submission(path: Path, *, first_frame: int = 1) -> SubmissionRows:
    """Read `camera_id obj_id frame_id xmin ymin width height [xworld yworld]`.

    Rows may repeat: the challenge's scorer drops repeated ones, so it is not the reader's to refuse them.
    """
    table = read_table(path, COLUMNS)
    frames = table.integers(2, "frame_id", least=first_frame) - first_frame
    return SubmissionRows(
        cameras=table.integers(0, "camera_id", least=0),
        ids=table.integers(1, "obj_id", least=0),
        frames=frames.astype(np.int32),
        boxes=table.boxes(3),
        world=_read_world(path, len(table.lines)),
    )


def _read_world(path: Path, count: int) -> Double2D:
    with path.open(encoding="utf-8-sig") as stream:
        first = next((line for line in stream if line.strip()), "")
    if len(first.replace(",", " ").split()) < len(WORLD_COLUMNS):
        return np.full((count, 2), -1.0)
    return read_table(path, WORLD_COLUMNS).values[:, 7:9]


def write_submission(path: Path, rows: SubmissionRows, *, first_frame: int = 1, box_scale: float = 1.0) -> None:
    """Write rows that `read_submission` reads back unchanged.

    box_scale  enlarges every box about its centre; 1.25 fits CityFlow's loose ground truth better.
    """
    boxes = rows.boxes if box_scale == 1.0 else scaled_boxes(rows.boxes, box_scale)
    columns = (rows.cameras.tolist(), rows.ids.tolist(), (rows.frames + first_frame).tolist())
    lines = zip(*columns, box_texts(boxes), rows.world.tolist(), strict=True)
    write_lines(
        path,
        (
            f"{camera} {number} {frame} {' '.join(box)} {number_text(world[0])} {number_text(world[1])}"
            for camera, number, frame, box, world in lines
        ),
    )


def scaled_boxes(boxes: Float2D, scale: float) -> Float2D:
    """Boxes [n, 4] xyxy enlarged `scale` times about their centres."""
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]) / 2 * scale
    return np.concatenate([centres - half, centres + half], axis=1).astype(np.float32)
