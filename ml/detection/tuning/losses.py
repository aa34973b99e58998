"""Generalised focal loss (Li et al. 2020) and what it is made of."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from ml.detection.classes import VEHICLES
from ml.detection.tuning.places import LEFT_OUT, Grid
from ml.detection.tuning.recipe import TuningLoss

REACH = 10  # distances are expectations over 0..10 strides
_INSIDE = 0.01  # how far below `REACH` a distance to be learned stays


def quality_focal(logits: Tensor, quality: Tensor, beta: float) -> Tensor:
    """[...] |y - s|^beta times the cross-entropy of s = sigmoid(logits) with y = `quality` in 0..1 (eq. 4)."""
    entropy = functional.binary_cross_entropy_with_logits(logits, quality, reduction="none")
    return (quality - logits.detach().sigmoid()).abs().pow(beta) * entropy


def distribution_focal(logits: Tensor, distance: Tensor) -> Tensor:
    """[n] cross-entropy with the two whole numbers about `distance` [n] within 0..10, each by its nearness (eq. 6).

    logits  [n, 11] of the distribution
    """
    low = distance.floor().long().clamp(max=REACH - 1)
    share = distance - low
    log = logits.log_softmax(dim=1)
    below, above = log.gather(1, low[:, None])[:, 0], log.gather(1, low[:, None] + 1)[:, 0]
    return -(1 - share) * below - share * above


def overlaps(left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """([n] IoU, [n] generalised IoU) of boxes [n, 4] xyxy, row by row (Rezatofighi et al. 2019, algorithm 1)."""
    shared = _area(torch.maximum(left[:, :2], right[:, :2]), torch.minimum(left[:, 2:], right[:, 2:]))
    around = _area(torch.minimum(left[:, :2], right[:, :2]), torch.maximum(left[:, 2:], right[:, 2:]))
    union = _area(left[:, :2], left[:, 2:]) + _area(right[:, :2], right[:, 2:]) - shared
    iou = shared / union.clamp(min=1e-6)
    return iou, iou - (around - union) / around.clamp(min=1e-6)


def _area(low: Tensor, high: Tensor) -> Tensor:
    return (high - low).clamp(min=0).prod(dim=1)


def expected_boxes(logits: Tensor, centres: Tensor, strides: Tensor) -> Tensor:
    """[n, 4] xyxy input pixels, of the distributions' logits [n, 44] about centres [n, 2] (eq. 5)."""
    shares = logits.reshape(-1, 4, REACH + 1).softmax(dim=2)
    reach = shares @ torch.arange(REACH + 1, dtype=logits.dtype) * strides[:, None]
    return torch.cat((centres - reach[:, :2], centres + reach[:, 2:]), dim=1)


def detection_loss(
    scores: Tensor,
    distances: Tensor,
    grid: Grid,
    places: Tensor,
    boxes: Tensor,
    classes: Tensor,
    weights: TuningLoss,
) -> Mapping[str, Tensor]:
    """Parts of a batch's loss, and "loss", their weighted sum.

    scores     [b, p, 3] logits of car, bus and truck      distances  [b, p, 44] logits
    places     [b, p] as `assigned` says, rows counting through the whole batch
    boxes      [n, 4] and classes [n] of the whole batch

    The quality is summed over all places that are not left out and divided by the number of those that learn a box;
    the box's parts are weighted by the score found there (GFL's implementation note in section 3.3).
    """
    image, place = torch.nonzero(places >= 0, as_tuple=True)
    rows = places[image, place]
    centres, strides = grid.centres[place], grid.strides[place]
    logits, true = distances[image, place], boxes[rows]
    found = expected_boxes(logits, centres, strides)
    iou, generalised = overlaps(found, true)
    quality = torch.zeros_like(scores)
    quality[image, place, _channel(classes[rows])] = iou.detach().clamp(0, 1)
    counted = (places != LEFT_OUT)[:, :, None]
    quality_sum = (quality_focal(scores, quality, weights.beta) * counted).sum()
    trust = scores.detach()[image, place].sigmoid().amax(dim=1) if len(rows) else strides
    total = trust.sum().clamp(min=1e-6)
    reach = (torch.cat((centres, -centres), dim=1) - true * torch.tensor([1.0, 1, -1, -1])) / strides[:, None]
    reach = reach.clamp(0, REACH - _INSIDE).reshape(-1)
    by_side = distribution_focal(logits.reshape(-1, REACH + 1), reach).reshape(-1, 4).mean(dim=1)
    parts = {
        "quality": weights.quality * quality_sum / max(1, len(rows)),
        "distribution": weights.distribution * (by_side * trust).sum() / total,
        "overlap": weights.overlap * ((1 - generalised) * trust).sum() / total,
    }
    return {"loss": torch.stack(list(parts.values())).sum(), **parts}


def _channel(classes: Tensor) -> Tensor:
    """[n] which of the three channels of `scores` each class is."""
    return torch.searchsorted(torch.from_numpy(VEHICLES).long(), classes.long())
