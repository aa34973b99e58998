"""A network's first linear layer, fitted to the pictures instead of drawn at random."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from ml.datasets.reid import ReidTable, read_picture
from ml.reid.models import ReidNetwork
from ml.reid.projection import LabelledFeatures, Projection, fit_projection
from ml.reid.trained import network_input, stretched
from ml.reid.training.recipe import ProjectionConfig
from ml.types import Float1D, Float2D, Int1D, Progress, UserError, no_progress

_BATCH = 32
_LEAST = 0.1  # of the median deviation: what hardly ever varies here is not blown up where it does elsewhere


def project(
    network: ReidNetwork,
    table: ReidTable,
    config: ProjectionConfig,
    *,
    side: int,
    device: torch.device,
    progress: Progress = no_progress,
) -> None:
    """Set `network.reduce` to the linear discriminant projection of what the network pools of `table`'s pictures.

    Every picture takes part as it is and mirrored. Each feature is divided by its deviation over the first domain's
    pictures, or by a tenth of the median deviation where that is more; the domains after the first count by
    `config.others`.

    UserError: "bad-configuration" where the neck has no linear layer, "too-few-images".
    """
    if not isinstance(network.reduce, nn.Linear):
        message = "a projection can be fitted for the necks `vehiclenet` and `levels`, which have a linear layer"
        raise UserError("bad-configuration", message)
    features = pooled_features(network, table, side=side, device=device, progress=progress)
    scale = value_scale(features, np.tile(table.domain, 2))
    domains = _by_domain(features / scale, table, config)
    found = fit_projection(domains, size=network.neck_size, shrinkage=config.shrinkage, weighed=True)
    set_projection(network.reduce, found, scale)


def pooled_features(
    network: ReidNetwork,
    table: ReidTable,
    *,
    side: int,
    device: torch.device,
    progress: Progress = no_progress,
) -> Float2D:
    """[2 n, d] float32: what the network pools of each picture, then of each one's mirror image."""
    network.eval()
    parts: list[torch.Tensor] = []
    mirrored: list[torch.Tensor] = []
    with torch.inference_mode():
        for first in range(0, len(table), _BATCH):
            rows = range(first, min(first + _BATCH, len(table)))
            pictures = np.stack([stretched(read_picture(table, row), side) for row in rows])
            batch = torch.from_numpy(network_input(pictures, network.backbone.mean, network.backbone.std)).to(device)
            parts.append(network.pooled(batch).cpu())
            mirrored.append(network.pooled(batch.flip(3)).cpu())
            progress(rows.stop, len(table), "pictures")
    found: Float2D = torch.cat(parts + mirrored).numpy()
    return found


def value_scale(features: Float2D, domains: Int1D) -> Float1D:
    """[d] each value's deviation over the features [n, d] of the first row's domain, or a tenth of the median deviation
    where that is more.
    """
    deviations: Float1D = features[domains == domains[0]].std(axis=0)
    return np.maximum(deviations, _LEAST * np.median(deviations))


def domain_weights(table: ReidTable, config: ProjectionConfig) -> list[tuple[int, float]]:
    """Each domain, the first row's first, and what a picture of it counts."""
    first, *others = dict.fromkeys(table.domain.tolist())
    return [(first, 1.0), *((other, config.others) for other in others)]


def _by_domain(features: Float2D, table: ReidTable, config: ProjectionConfig) -> list[LabelledFeatures]:
    domains, vehicles = np.tile(table.domain, 2), np.tile(table.identity, 2)
    return [
        LabelledFeatures(features[domains == domain], vehicles[domains == domain], weight)
        for domain, weight in domain_weights(table, config)
    ]


def set_projection(layer: nn.Linear, found: Projection, scale: Float1D) -> None:
    """(f / scale - mean) W as a linear layer."""
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy((found.matrix / scale[:, None]).T))
        layer.bias.copy_(torch.from_numpy(-(found.mean @ found.matrix)))
