"""Pictures as a network learns from them: mirrored, recoloured, as tensors with their targets."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from ml.detection.training.crop import drawn_square
from ml.detection.training.ignoring import IGNORED
from ml.detection.training.recipe import DetectorRecipe
from ml.detection.training.samples import Sample
from ml.types import Float2D, Image, Mask

Target = dict[str, torch.Tensor]


def example(sample: Sample, recipe: DetectorRecipe, draw: np.random.Generator) -> tuple[torch.Tensor, Target]:
    """(picture [3, h, w] in 0..1, its target: boxes [n + m, 4], labels [n + m], masks [n, h, w] where there are some).

    The last m boxes are those that do not count; their label is `IGNORED`. With `recipe.crop` the picture is a square
    of it, scaled as the network is to see it.
    """
    image, boxes = sample.image(), np.concatenate([sample.boxes(), sample.ignored()])
    masks, labels = sample.masks(image.shape[0], image.shape[1]), _labels(sample)
    if draw.random() < recipe.flip:
        image, boxes, masks = mirrored(image, boxes, masks)
    if recipe.crop:
        square = drawn_square(boxes[labels != IGNORED], (image.shape[0], image.shape[1]), recipe, draw)
        image, boxes, labels, masks = square.cut(image, boxes, labels, masks)
    image = recoloured(image, recipe.colour, draw)
    target = {"boxes": torch.from_numpy(boxes.reshape(-1, 4).copy()), "labels": torch.from_numpy(labels)}
    if masks is not None:
        none = np.zeros((0, *image.shape[:2]), np.uint8)
        target["masks"] = torch.from_numpy(np.stack(masks).astype(np.uint8) if masks else none)
    return torch.from_numpy(image).permute(2, 0, 1).float() / 255, target


def _labels(sample: Sample) -> npt.NDArray[np.int64]:
    return np.concatenate([sample.classes(), np.full(len(sample.truth.ignored), IGNORED)]).astype(np.int64)


def mirrored(image: Image, boxes: Float2D, masks: list[Mask] | None) -> tuple[Image, Float2D, list[Mask] | None]:
    """Left and right exchanged: x becomes width - x."""
    width = image.shape[1]
    turned = np.stack([width - boxes[:, 2], boxes[:, 1], width - boxes[:, 0], boxes[:, 3]], axis=1)
    flipped = None if masks is None else [np.ascontiguousarray(mask[:, ::-1]) for mask in masks]
    return np.ascontiguousarray(image[:, ::-1]), turned.astype(np.float32), flipped


def recoloured(image: Image, strength: float, draw: np.random.Generator) -> Image:
    """Each channel times a factor of its own around a common one, contrast about the mean, all within `strength`."""
    if strength == 0:
        return image
    factors = draw.uniform(1 - strength, 1 + strength) * draw.uniform(1 - strength / 2, 1 + strength / 2, 3)
    contrast = draw.uniform(1 - strength, 1 + strength)
    values = image.astype(np.float32) * factors.astype(np.float32)
    mean = values.mean()
    varied: Image = np.clip((values - mean) * contrast + mean, 0, 255).astype(np.uint8)
    return varied
