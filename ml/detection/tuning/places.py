"""Where on the network's maps a vehicle is learned: adaptive training sample selection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from ml.weights.nanodet import STRIDES

BACKGROUND, LEFT_OUT = -1, -2
_NEAREST = 9  # places of each level that are candidates (section 3.3: k)
_ANCHOR = 5  # side of a place's anchor in strides, as the network was built


class Grid(NamedTuple):
    """The places of all levels, finest first. centres [p, 2] x, y in input pixels; strides [p]; levels: counts"""

    centres: Tensor
    strides: Tensor
    levels: tuple[int, ...]


def grid_of(height: int, width: int) -> Grid:
    """The places of an input of this size, row by row; a place's centre is that of its cell."""
    centres, counts = [], []
    for stride in STRIDES:
        rows, columns = -(-height // stride), -(-width // stride)
        y, x = torch.meshgrid(torch.arange(rows) + 0.5, torch.arange(columns) + 0.5, indexing="ij")
        centres.append(torch.stack((x, y), dim=2).reshape(-1, 2) * stride)
        counts.append(rows * columns)
    strides = torch.cat([torch.full((count,), float(stride)) for count, stride in zip(counts, STRIDES, strict=True)])
    return Grid(torch.cat(centres), strides, tuple(counts))


def assigned(grid: Grid, boxes: Tensor, ignored: Tensor) -> Tensor:
    """[p] int64: the row of `boxes` that each place learns, `BACKGROUND`, or `LEFT_OUT`.

    boxes, ignored  [n, 4], [m, 4] float32 xyxy input pixels

    For each box the 9 places of each level nearest to its centre are candidates; those whose anchor overlaps it by the
    candidates' mean IoU and one standard deviation more, and whose centre it holds, learn it (ATSS, Zhang et al. 2020,
    algorithm 1). A place that several boxes want goes to the one its anchor overlaps most. Of the other places those
    whose centre an ignored box holds are left out. A box between all centres gets the finest level's nearest place.
    """
    found = torch.full((len(grid.centres),), BACKGROUND)
    found[_holding(grid.centres, ignored).any(dim=1)] = LEFT_OUT
    if not len(boxes):
        return found
    overlap, middles = _anchor_overlaps(grid, boxes), (boxes[:, :2] + boxes[:, 2:]) / 2
    distance = torch.cdist(grid.centres, middles)
    candidate = _nearest(distance, grid.levels)
    chosen = torch.where(candidate, overlap, torch.nan)
    mean = chosen.nanmean(dim=0)
    deviation = ((chosen - mean).square().nansum(dim=0) / (candidate.sum(dim=0) - 1).clamp(min=1)).sqrt()
    wanted = candidate & (overlap >= mean + deviation) & _holding(grid.centres, boxes)
    alone = torch.nonzero(~wanted.any(dim=0)).flatten()
    wanted[distance[: grid.levels[0], alone].argmin(dim=0), alone] = True
    best, row = torch.where(wanted, overlap, -1.0).max(dim=1)
    return torch.where(best >= 0, row, found)


def _nearest(distance: Tensor, levels: Sequence[int]) -> Tensor:
    """[p, n] bool: the places of each level nearest to each box, by `distance` [p, n]."""
    parts = []
    for of_level in torch.split(distance, list(levels)):
        near = of_level.topk(min(_NEAREST, len(of_level)), dim=0, largest=False).indices
        parts.append(torch.zeros_like(of_level, dtype=torch.bool).scatter_(0, near, True))
    return torch.cat(parts)


def _holding(centres: Tensor, boxes: Tensor) -> Tensor:
    """[p, n] bool: whether each box holds each centre."""
    return ((centres[:, None] > boxes[None, :, :2]) & (centres[:, None] < boxes[None, :, 2:])).all(dim=2)


def _anchor_overlaps(grid: Grid, boxes: Tensor) -> Tensor:
    """[p, n] IoU of each place's anchor, a square about its centre, and each box."""
    half = (grid.strides * _ANCHOR / 2)[:, None]
    anchors = torch.cat((grid.centres - half, grid.centres + half), dim=1)
    low = torch.maximum(anchors[:, None, :2], boxes[None, :, :2])
    high = torch.minimum(anchors[:, None, 2:], boxes[None, :, 2:])
    shared = (high - low).clamp(min=0).prod(dim=2)
    areas = [(each[:, 2:] - each[:, :2]).prod(dim=1) for each in (anchors, boxes)]
    return shared / (areas[0][:, None] + areas[1][None] - shared).clamp(min=1e-6)
