"""Vehicles that do not count are neither to be found nor wrong to be found: nothing is learned where they are."""

from __future__ import annotations

from typing import Any

import torch

IGNORED = -1  # label of a target's boxes that do not count; they stand after those that do
_COVERED = 0.5
_LEFT_OUT = -1  # of torchvision's samplers: neither a positive nor a negative

Targets = list[dict[str, torch.Tensor]]
Tensors = list[torch.Tensor]


def leave_out_ignored(network: Any) -> None:
    """Have a Mask R-CNN that is trained take its negatives from elsewhere than its targets' boxes labelled `IGNORED`.

    Anchors and proposals are matched to the boxes that count alone; of those that match none, the ones that lie by
    half or more of their area in an ignored box are not sampled. With no ignored box everything is as torchvision
    does it.
    """
    rpn, heads = network.rpn, network.roi_heads
    match_anchors, match_proposals = rpn.assign_targets_to_anchors, heads.assign_targets_to_proposals

    def anchors_matched(anchors: Tensors, targets: Targets) -> tuple[Tensors, Tensors]:
        rows = [target["labels"] != IGNORED for target in targets]
        counting = [{"boxes": one["boxes"][kept]} for one, kept in zip(targets, rows, strict=True)]
        labels, boxes = match_anchors(anchors, counting)
        ignored = [one["boxes"][~kept] for one, kept in zip(targets, rows, strict=True)]
        return _without_covered(labels, anchors, ignored), boxes

    def proposals_matched(proposals: Tensors, boxes: Tensors, labels: Tensors) -> tuple[Tensors, Tensors]:
        rows = [of_one != IGNORED for of_one in labels]
        counting = [[every[kept] for every, kept in zip(part, rows, strict=True)] for part in (boxes, labels)]
        matched, found = match_proposals(proposals, *counting)
        ignored = [every[~kept] for every, kept in zip(boxes, rows, strict=True)]
        return matched, _without_covered(found, proposals, ignored)

    rpn.assign_targets_to_anchors, heads.assign_targets_to_proposals = anchors_matched, proposals_matched


def _without_covered(labels: Tensors, boxes: Tensors, ignored: Tensors) -> Tensors:
    """The labels of each picture's boxes, where background that an ignored box covers is left out of the samples."""
    parts = zip(labels, boxes, ignored, strict=True)
    return [found.masked_fill((found == 0) & covered(places, areas), _LEFT_OUT) for found, places, areas in parts]


def covered(boxes: torch.Tensor, areas: torch.Tensor) -> torch.Tensor:
    """[n] bool: which of `boxes` [n, 4] xyxy lie by half or more of their area in one of `areas` [m, 4]."""
    low = torch.maximum(boxes[:, None, :2], areas[None, :, :2])
    high = torch.minimum(boxes[:, None, 2:], areas[None, :, 2:])
    shared = (high - low).clamp(min=0).prod(dim=2)
    size = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    return (shared >= _COVERED * size[:, None]).any(dim=1)
