"""A recipe's small form: what a CPU trains in seconds, with the recipe's data, losses, batches and stages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ml.reid.augment import AugmentConfig
from ml.reid.models.network import AFTER, LEVELS
from ml.reid.training.recipe import IDENTITY, BatchConfig, OptimizerConfig, ReidRecipe, ScheduleConfig

SIDE, VALUES, LOOKS = 64, 256, 3
EPOCHS, RATE = 12, 0.01  # chosen on a quarter of the training vehicles, held back
GROUPS, EACH = 16, 4

# Networks with ImageNet weights that pip carries, in the order of their size.
STAND_INS = {
    "efficientnet-lite0": "efficientnet-lite0",
    "resnet50": "efficientnet-lite0",
    "resnet50-ibn-a": "efficientnet-lite0",
    "resnet101": "efficientnet-lite1",
    "resnet101-ibn-a": "efficientnet-lite1",
    "resnext101-ibn-a": "efficientnet-lite2",
    "densenet121": "efficientnet-lite1",
    "densenet161": "efficientnet-lite1",
    "timm/seresnext101_32x4d": "efficientnet-lite2",
    "timm/hrnet_w18": "efficientnet-lite2",
}


def varies(augment: AugmentConfig) -> bool:
    """Whether it makes any two looks of a picture differ."""
    return bool(augment.flip or augment.pad or augment.colour or augment.erase or augment.shrink)


def small_form(recipe: ReidRecipe, first: ReidRecipe, kept: Path) -> ReidRecipe:
    """Frozen ImageNet features of every level, kept; a linear layer, normalisation and classifier are learned.

    first  the recipe of the row's first stage: a later one has its share of epochs and of the learning rate
    kept   folder of the features
    """
    share = recipe.schedule.epochs / first.schedule.epochs
    epochs = max(2, round(EPOCHS * share))
    rate = RATE * recipe.optimizer.learning_rate / first.optimizer.learning_rate
    whole = GROUPS * EACH
    batch = (
        BatchConfig(IDENTITY, GROUPS, EACH)
        if recipe.batch.sampler == IDENTITY
        else replace(recipe.batch, identities=whole, pictures=1)
    )
    model = replace(
        recipe.model,
        backbone=STAND_INS[recipe.model.backbone],
        last_stride=2,
        neck=LEVELS,
        size=VALUES,
        branches=min(recipe.model.branches, VALUES),
        retrieve=AFTER,
    )
    return replace(
        recipe,
        input_size=SIDE,
        model=model,
        data=replace(recipe.data, held=0.0),
        augment=replace(recipe.augment, pad=min(recipe.augment.pad, 4)),
        batch=batch,
        optimizer=OptimizerConfig("adam", rate, weight_decay=recipe.optimizer.weight_decay),
        schedule=ScheduleConfig(epochs, warmup=epochs / 12, cosine=True, freeze_backbone=epochs),
        kept_looks=LOOKS if varies(recipe.augment) else 1,
        kept_in=str(kept),
        validate_every=epochs,
        checkpoint_every=10_000,
        threads=1,
        workers=0,
    )
