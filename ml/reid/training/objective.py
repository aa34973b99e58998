"""What a training makes small: the weighted sum of its losses, with the layers that only losses need."""

from __future__ import annotations

from torch import Tensor, nn

from ml.reid.losses import CenterLoss, batch_hard_triplet, identity_loss
from ml.reid.models import Outputs, ReidNetwork
from ml.reid.training.recipe import LossConfig

Parts = dict[str, Tensor]


class Objective(nn.Module):
    """ELECTRICITY's aggregation loss, alpha * triplet + beta * cross-entropy, and center loss where it has a weight.

    The triplet and center losses see `Outputs.metric`, the classifier `Outputs.classified`.
    """

    def __init__(self, network: ReidNetwork, vehicles: int, config: LossConfig) -> None:
        super().__init__()
        self.config = config
        self.classifier = network.classifier(vehicles)
        self.centers = CenterLoss(vehicles, network.size)

    def forward(self, outputs: Outputs, labels: Tensor) -> Parts:
        """Each loss that has a weight, not yet weighted; labels [n] int64."""
        parts: Parts = {}
        if self.config.alpha:
            margin, squared = self.config.margin, self.config.squared
            parts["triplet"] = batch_hard_triplet(outputs.metric, labels, margin=margin, squared=squared)
        if self.config.beta:
            logits = self.classifier(outputs.classified)
            parts["identity"] = identity_loss(logits, labels, smoothing=self.config.smoothing)
        if self.config.center:
            parts["center"] = self.centers(outputs.metric, labels)
        return parts

    def total(self, parts: Parts) -> Tensor:
        """The weighted sum."""
        weights = {"triplet": self.config.alpha, "identity": self.config.beta, "center": self.config.center}
        first, *rest = (weights[name] * value for name, value in parts.items())
        return sum(rest, first)

    def after_step(self, outputs: Outputs, labels: Tensor) -> None:
        """Move the centers towards the features that the step saw."""
        if self.config.center:
            self.centers.move(outputs.metric, labels)
