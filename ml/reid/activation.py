"""Where in a picture a network responds: heatmaps, and the box of what it responds to.

VehicleNet's figure 7 shows the activation before pooling; AI City 2021's winner cuts pictures to where it is strong
(section 3.1), which needs no box that anybody drew.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from torch import Tensor

from ml.datasets.reid import ReidTable, read_picture
from ml.reid.models import ReidNetwork
from ml.reid.trained import network_input, stretched
from ml.types import Float1D, Float2D, Progress, no_progress, require_setting

_BATCH = 32


def activation(maps: Tensor) -> Tensor:
    """[n, h, w]: the mean of |x| over the channels of `maps` [n, c, h, w], each picture's least as 0 and most as 1.

    A picture that is the same everywhere has 0 everywhere.
    """
    means = maps.abs().mean(dim=1)
    least, most = means.amin(dim=(1, 2), keepdim=True), means.amax(dim=(1, 2), keepdim=True)
    return (means - least) / (most - least).clamp(min=1e-12)


def activations(
    network: ReidNetwork, table: ReidTable, *, side: int, device: torch.device, progress: Progress = no_progress
) -> list[Float2D]:
    """The heatmap [h', w'] of each picture, in the size of the network's last feature map.

    UserError "picture-unreadable".
    """
    network.eval()
    found: list[Float2D] = []
    with torch.inference_mode():
        for first in range(0, len(table), _BATCH):
            rows = range(first, min(first + _BATCH, len(table)))
            pictures = np.stack([stretched(read_picture(table, row), side) for row in rows])
            batch = torch.from_numpy(network_input(pictures, network.backbone.mean, network.backbone.std)).to(device)
            found += list(activation(network.backbone(batch).float()).cpu().numpy())
            progress(rows.stop, len(table), "pictures")
    return found


def activated_box(heat: Float2D, width: int, height: int, *, threshold: float) -> Float1D:
    """[4] float32 xyxy pixels: the box around all pixels of a picture of that size with `threshold` or more.

    heat  [h', w'] in 0..1, stretched over the picture; where nothing reaches the threshold the box is the picture

    UserError "bad-configuration": a threshold outside of 0..1.
    """
    require_setting("activation", 0 <= threshold <= 1, "threshold", threshold, "within 0..1")
    over = cv2.resize(heat, (width, height), interpolation=cv2.INTER_LINEAR) >= threshold
    if not over.any():
        return np.array([0, 0, width, height], np.float32)
    columns, lines = (np.flatnonzero(over.any(axis=axis)) for axis in (0, 1))
    return np.array([columns[0], lines[0], columns[-1] + 1, lines[-1] + 1], np.float32)


def activated_boxes(heats: Sequence[Float2D], pictures: ReidTable, *, threshold: float) -> tuple[Float2D, float]:
    """The box of each picture [n, 4], pixels of its file, and the mean share of the pictures' area that they have."""
    sizes = [read_picture(pictures, row).shape[1::-1] for row in range(len(pictures))]
    boxes = np.stack([activated_box(heat, *size, threshold=threshold) for heat, size in zip(heats, sizes, strict=True)])
    share = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) / np.array(sizes).prod(axis=1)
    corners = np.floor(np.nan_to_num(pictures.boxes[:, :2])).clip(min=0)
    return boxes + np.tile(corners, 2), float(share.mean())
