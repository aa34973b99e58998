"""Normalisation keeps the mean over all batches, not over the last ones."""

from __future__ import annotations

import torch
from torchvision.models.detection.transform import GeneralizedRCNNTransform

from ml.detection.training.recalibration import recalibrate
from ml.detection.training.recipe import DetectorRecipe


class Normalising(torch.nn.Module):
    """As much of a detector as there is to recalibrate."""

    def __init__(self) -> None:
        super().__init__()
        self.transform = GeneralizedRCNNTransform(32, 32, [0.0] * 3, [1.0] * 3)
        self.norm = torch.nn.BatchNorm2d(3)
        self.backbone = torch.nn.Sequential(self.norm)


def test_the_kept_statistics_are_the_mean_of_the_batches() -> None:
    network = Normalising().train()
    norm = network.norm
    network.backbone(torch.full((1, 3, 32, 32), 100.0))  # what was kept before is forgotten
    batches = [[torch.full((3, 32, 32), value)] for value in (0.2, 0.5, 0.8)]
    recalibrate(network, batches, DetectorRecipe(), torch.device("cpu"))
    torch.testing.assert_close(norm.running_mean, torch.full((3,), 0.5), atol=1e-5, rtol=0)
    torch.testing.assert_close(norm.running_var, torch.zeros(3), atol=1e-5, rtol=0)
    assert norm.momentum == 0.1
    assert norm.training


def test_a_network_whose_normalisation_is_frozen_is_left_alone() -> None:
    network = Normalising()
    network.backbone = torch.nn.Sequential(torch.nn.Conv2d(3, 3, 1))
    recalibrate(network, iter([]), DetectorRecipe(), torch.device("cpu"))
