"""Losses that bring pictures of one vehicle together: batch-hard triplet, cross-entropy and center loss.

Features are [n, d] float, one row a picture of the batch; labels are [n] int64, the vehicle of each row.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

_SMALLEST = 1e-12  # under a root, where its slope is still finite


def pairwise_distances(features: Tensor, *, squared: bool = False) -> Tensor:
    """[n, n] Euclidean distances D(f_i, f_j) between all rows, or their squares."""
    squares = (features * features).sum(dim=1)
    distances = (squares[:, None] + squares[None, :] - 2 * features @ features.T).clamp(min=0)
    return distances if squared else distances.clamp(min=_SMALLEST).sqrt()


def batch_hard_triplet(
    features: Tensor, labels: Tensor, *, margin: float | None = 0.3, squared: bool = False
) -> Tensor:
    """Mean over the anchors of [margin + hardest positive - hardest negative]+ (Hermans et al. 2017, eq. 5).

    The hardest positive of anchor a is the farthest picture of its vehicle (a itself, at distance 0, where there is
    no other), the hardest negative the nearest picture of another. margin None takes the soft margin
    log(1 + exp(positive - negative)) in place of the hinge.

    This is ELECTRICITY's eq. 1 to 3 with each anchor hinged before the mean; the printed equation hinges once on the
    sums over the batch. Anchors without any negative do not count; the loss of a batch of one vehicle is 0.
    """
    distances = pairwise_distances(features.float(), squared=squared)
    same = labels[:, None] == labels[None, :]
    positive = distances.masked_fill(~same, -torch.inf).amax(dim=1)
    negative = distances.masked_fill(same, torch.inf).amin(dim=1)
    counts = torch.isfinite(negative)
    gap = (positive - negative)[counts]
    each = functional.softplus(gap) if margin is None else functional.relu(gap + margin)
    return each.sum() / counts.sum().clamp(min=1)


def identity_loss(logits: Tensor, labels: Tensor, *, smoothing: float = 0.0) -> Tensor:
    """Mean cross-entropy of logits [n, k] against targets q: 1 - smoothing + smoothing / k for the label, else
    smoothing / k.
    """
    return functional.cross_entropy(logits.float(), labels, label_smoothing=smoothing)


def attribute_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean cross-entropy of logits [n, k] over the pictures whose label is known (0 or more); 0 where none is."""
    known = labels >= 0
    crossed = functional.cross_entropy(logits.float(), labels.clamp(min=0), reduction="none")
    return (crossed * known).sum() / known.sum().clamp(min=1)


class CenterLoss(nn.Module):
    """Half the squared distance of each feature to its vehicle's center, mean over the batch (Wen et al. 2016, eq. 2).

    centers  [k, d], starting at 0; they follow by `move`, not by gradient
    """

    centers: Tensor

    def __init__(self, vehicles: int, size: int) -> None:
        super().__init__()
        self.register_buffer("centers", torch.zeros(vehicles, size))

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        """The loss of a batch."""
        return (features.float() - self.centers[labels]).square().sum(dim=1).mean() / 2

    @torch.no_grad()
    def move(self, features: Tensor, labels: Tensor, *, rate: float = 0.5) -> None:
        """c_j - rate * sum over its pictures of (c_j - f_i) / (1 + their number) (Wen et al. 2016, eq. 4)."""
        offsets = self.centers[labels] - features.detach().float()
        sums = torch.zeros_like(self.centers).index_add_(0, labels, offsets)
        counts = torch.bincount(labels, minlength=len(self.centers))
        self.centers -= rate * sums / (1 + counts)[:, None]
