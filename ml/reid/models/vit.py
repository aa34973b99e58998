"""A vision transformer as a backbone: what its class token becomes stands for the picture (TransReID's global branch).

AI City 2021's winner trains TransReID without its side information and its jigsaw branch; what is left is this.
Pictures need not have the size that the network was pre-trained at: positions are stretched to the patches there are.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models import VisionTransformer

PATCH, TRAINED_AT = 16, 224
SIZES = {"vit-ti16": (192, 3), "vit-b16": (768, 12)}  # width and heads; 12 layers


def vision_transformer(name: str) -> VisionTransformer:
    """torchvision's network of `SIZES`, with random weights and without its classifier."""
    width, heads = SIZES[name]
    network = VisionTransformer(TRAINED_AT, PATCH, num_layers=12, num_heads=heads, hidden_dim=width, mlp_dim=4 * width)
    network.heads = nn.Sequential()
    return network


class ClassToken(nn.Module):
    """[n, 3, h, w] with sides that are multiples of 16 -> [n, c, 1, 1], the class token behind the last layer."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> Tensor:
        network = self.network
        patches = network.conv_proj(pictures)
        height, width = patches.shape[2:]
        tokens = patches.flatten(2).transpose(1, 2)
        own = network.class_token.expand(pictures.shape[0], -1, -1)
        places = stretched_positions(network.encoder.pos_embedding, int(height), int(width))
        seen = network.encoder.layers(torch.cat([own, tokens], dim=1) + places)
        token: Tensor = network.encoder.ln(seen)[:, 0, :, None, None]
        return token


def stretched_positions(positions: Tensor, height: int, width: int) -> Tensor:
    """[1, 1 + height * width, c] of positions [1, 1 + side * side, c]; the class token's stays as it is."""
    own, grid = positions[:, :1], positions[:, 1:]
    side = math.isqrt(int(grid.shape[1]))
    if (height, width) == (side, side):
        return positions
    square = grid.reshape(1, side, side, -1).permute(0, 3, 1, 2)
    made = functional.interpolate(square, (height, width), mode="bicubic", align_corners=False)
    return torch.cat([own, made.flatten(2).transpose(1, 2)], dim=1)
