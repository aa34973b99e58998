"""Networks for re-identification: a backbone by name, and the head that makes a vector of its feature map."""

from ml.reid.models.backbones import backbone_names
from ml.reid.models.network import ModelConfig, Outputs, ReidNetwork

__all__ = ["ModelConfig", "Outputs", "ReidNetwork", "backbone_names"]
