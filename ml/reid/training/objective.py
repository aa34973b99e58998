"""What a training makes small: the weighted sum of its losses, with the layers that only losses need."""

from __future__ import annotations

from torch import Tensor, nn

from ml.reid.losses import CenterLoss, attribute_loss, batch_hard_triplet, identity_loss
from ml.reid.models import Outputs, ReidNetwork
from ml.reid.training.labels import Classes
from ml.reid.training.recipe import LossConfig

Parts = dict[str, Tensor]


class Objective(nn.Module):
    """ELECTRICITY's aggregation loss, alpha * triplet + beta * cross-entropy, and center loss where it has a weight; of
    a network with branches also their cross-entropies (multi-guided learning, eq. 5).

    The triplet and center losses see `Outputs.metric`, the classifier `Outputs.classified`. labels [n, 3] int64 are
    vehicle, type and colour of each picture; a type or colour of -1 is unknown.
    """

    def __init__(self, network: ReidNetwork, classes: Classes, config: LossConfig) -> None:
        super().__init__()
        self.config = config
        self.classifier = network.classifier(classes.vehicles)
        self.centers = CenterLoss(classes.vehicles, network.neck_size)
        kinds = {"vehicle_type": classes.types, "colour": classes.colours} if network.config.branches else {}
        self.attributes = nn.ModuleDict({name: network.classifier(count) for name, count in kinds.items()})

    def forward(self, outputs: Outputs, labels: Tensor) -> Parts:
        """Each loss that has a weight, not yet weighted."""
        parts: Parts = {}
        vehicles = labels[:, 0]
        if self.config.alpha:
            margin, squared = self.config.margin, self.config.squared
            parts["triplet"] = batch_hard_triplet(outputs.metric, vehicles, margin=margin, squared=squared)
        if self.config.beta:
            logits = self.classifier(outputs.classified)
            parts["identity"] = identity_loss(logits, vehicles, smoothing=self.config.smoothing)
        if self.config.center:
            parts["center"] = self.centers(outputs.metric, vehicles)
        seen = {"vehicle_type": (outputs.vehicle_type, labels[:, 1]), "colour": (outputs.colour, labels[:, 2])}
        for name, classifier in self.attributes.items():
            features, known = seen[name]
            parts[name] = attribute_loss(classifier(features), known)
        return parts

    def total(self, parts: Parts) -> Tensor:
        """The weighted sum."""
        config = self.config
        weights = {"triplet": config.alpha, "identity": config.beta, "center": config.center}
        weights |= {"vehicle_type": config.vehicle_type, "colour": config.colour}
        first, *rest = (weights[name] * value for name, value in parts.items())
        return sum(rest, first)

    def after_step(self, outputs: Outputs, labels: Tensor) -> None:
        """Move the centers towards the features that the step saw."""
        if self.config.center:
            self.centers.move(outputs.metric, labels[:, 0])
