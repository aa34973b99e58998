"""Squares as the network learns from them, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ml.detection.nanodet import DEVIATION_BGR, MEAN_BGR
from ml.detection.training.augment import example
from ml.detection.training.ignoring import IGNORED
from ml.detection.training.recipe import DetectorRecipe
from ml.detection.training.samples import Sample
from ml.detection.tuning.places import Grid, assigned
from ml.detection.tuning.recipe import TuningRecipe


class Batch(NamedTuple):
    """pictures [b, 3, h, w] as the network takes them; places [b, p] as `assigned` says, rows counting through the
    whole batch; boxes [n, 4] in its pixels and classes [n] of all its vehicles
    """

    pictures: Tensor
    places: Tensor
    boxes: Tensor
    classes: Tensor


def squares_as(recipe: TuningRecipe) -> DetectorRecipe:
    """How squares are cut out and varied."""
    low, high = sorted((recipe.input_height, recipe.input_width))
    return DetectorRecipe(
        min_size=low,
        max_size=high,
        scale_jitter=recipe.scale_jitter,
        crop=recipe.crop,
        crop_on_vehicle=recipe.crop_on_vehicle,
        flip=recipe.flip,
        colour=recipe.colour,
    )


def batch_of(samples: Sequence[Sample], squares: DetectorRecipe, grid: Grid, draw: np.random.Generator) -> Batch:
    """One square of each sample, drawn anew."""
    pictures, places, boxes, classes = [], [], [], []
    first = 0
    for sample in samples:
        picture, target = example(sample, squares, draw)
        counted = target["labels"] != IGNORED
        mine = target["boxes"][counted]
        rows = assigned(grid, mine, target["boxes"][~counted])
        pictures.append(network_input(picture))
        places.append(torch.where(rows >= 0, rows + first, rows))
        boxes.append(mine)
        classes.append(target["labels"][counted])
        first += len(mine)
    return Batch(torch.stack(pictures), torch.stack(places), torch.cat(boxes), torch.cat(classes))


def network_input(picture: Tensor) -> Tensor:
    """[3, h, w] RGB in 0..1 as BGR less its mean over its deviation."""
    mean, deviation = (torch.from_numpy(values)[:, None, None] for values in (MEAN_BGR, DEVIATION_BGR))
    return (picture.flip(0) * 255 - mean) / deviation
