"""Boxes with identities over several cameras, as the scorers take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.types import Bool1D, Double2D, Int1D, Mask, UserError

CameraNames = npt.NDArray[np.str_]
Picture = npt.NDArray[np.uint8] | Mask


@dataclass(frozen=True, slots=True)
class MtmcRows:
    """One row a box.

    camera  [n] str, camera name
    id      [n] int32, identity over all cameras
    frame   [n] int32, 0-based frame of its camera
    xywh    [n, 4] float64 pixels: left, top, width, height
    """

    camera: CameraNames
    id: Int1D
    frame: Int1D
    xywh: Double2D

    def __len__(self) -> int:
        return len(self.frame)

    def take(self, rows: npt.NDArray[np.intp] | Bool1D) -> MtmcRows:
        """The rows at `rows` (indices or a boolean mask)."""
        return MtmcRows(self.camera[rows], self.id[rows], self.frame[rows], self.xywh[rows])

    def of_camera(self, name: str) -> MtmcRows:
        return self.take(self.camera == name)

    @property
    def xyxy(self) -> Double2D:
        """[n, 4] float64 corners, right and bottom exclusive."""
        boxes = self.xywh.astype(np.float64)
        return np.concatenate((boxes[:, :2], boxes[:, :2] + boxes[:, 2:]), axis=1)


def roi_mask(picture: Picture) -> Mask:
    """[h, w] or [h, w, c] picture of a region of interest -> [h, w] bool, true where it is valid (white).

    Three channels are averaged to one: compared channel by channel, a colour picture would filter nothing.
    """
    if picture.dtype == np.bool_ and picture.ndim == 2:
        return np.asarray(picture, np.bool_)
    grey = picture.astype(np.float32) * (255 if picture.dtype == np.bool_ else 1)
    return np.asarray((grey.mean(axis=2) if grey.ndim == 3 else grey) > 127)


def require_known(rows: MtmcRows, frame_counts: Mapping[str, int], *, side: str) -> None:
    """Refuse rows of a camera or a frame that the scene does not have. `side` names the rows in the message."""
    unknown = sorted(set(np.unique(rows.camera).tolist()) - set(frame_counts))
    if unknown:
        raise UserError(
            "unknown-camera", f"{side}: camera {unknown[0]!r} is not among {', '.join(frame_counts)}; check the names"
        )
    counts = np.array([frame_counts[name] for name in rows.camera.tolist()], np.int64)
    beyond = (rows.frame < 0) | (rows.frame >= counts)
    if beyond.any():
        row = int(np.argmax(beyond))
        raise UserError(
            "frame-out-of-range",
            f"{side}: camera {rows.camera[row]} has frame {rows.frame[row] + 1}, but its video has {counts[row]} "
            "frames; check whether the file counts from 0 or from 1",
        )


def require_unique(rows: MtmcRows, *, side: str) -> None:
    """Refuse an identity that has two boxes in one frame of one camera: no one-to-one score is defined for it."""
    _, cameras = np.unique(rows.camera, return_inverse=True)
    order = np.lexsort((rows.id, rows.frame, cameras))
    keys = np.stack((cameras[order], rows.frame[order], rows.id[order]))
    repeated = (np.diff(keys, axis=1) == 0).all(axis=0)
    if repeated.any():
        row = int(order[np.argmax(repeated)])
        raise UserError(
            "duplicate-identity",
            f"{side}: identity {rows.id[row]} has more than one box in frame {rows.frame[row] + 1} of camera "
            f"{rows.camera[row]}; leave one of them",
        )
