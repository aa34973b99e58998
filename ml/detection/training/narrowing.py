"""Computing in 16 bits where the recipe and the device say so."""

from __future__ import annotations

import torch

from ml.detection.training.recipe import DetectorRecipe


def narrowed(device: torch.device, recipe: DetectorRecipe) -> torch.autocast:
    """float16 on a GPU with `recipe.mixed_precision`, bfloat16 on a CPU with `recipe.bfloat16`, else as it is."""
    wanted = recipe.mixed_precision if device.type == "cuda" else recipe.bfloat16
    return torch.autocast(device.type, dtype=torch.float16 if device.type == "cuda" else torch.bfloat16, enabled=wanted)
