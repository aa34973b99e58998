"""Settings of a detector's training."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from ml.detection.networks import BACKBONES
from ml.types import UserError, require_setting

PUBLISHED, RANDOM = "published", "none"
GROUP, TYPES = "group", "types"

_require = partial(require_setting, "training")


@dataclass(frozen=True)
class DetectorRecipe:
    """What is trained, on which frames of a scene, and how.

    kind               "detector"; other kinds of training have other recipes
    name               "maskrcnn-resnet50", "maskrcnn-resnet101" or "maskrcnn-resnext101"
    weights            what to start from: a file of weights, "published" (COCO, else ImageNet, whichever is on this
                       machine, else random) or "none" (random)
    classes            "group": all vehicles are one class (car); "types": car, bus and truck where the truth says so
    least_visibility   share of a vehicle that must be visible for its box to be learned, where the truth says it
    least_height       pixels of the video; lower boxes are not learned
    every              one frame in so many is learned from; of a scene labelled here and there those so far apart
    held_from_s        scene time from which frames are held back for scoring; None for the last fifth
    held_every         one held frame in so many is scored
    min_size, max_size pixels of the shorter and longer side that pictures are scaled to
    scale_jitter       smallest and largest factor on those sides, drawn anew each step
    flip               share of the pictures that are mirrored left to right
    colour             how much brightness, contrast and each channel vary: 0.2 for a fifth up or down
    steps, batch       number of steps, pictures in each
    learning_rate      after the warm-up; divided by ten at each share of the steps in `drop_at`
    warmup             steps over which the learning rate rises from nothing
    momentum, weight_decay  of stochastic gradient descent
    clip               largest norm of a step's gradient
    rois               regions a picture that the box head learns from
    seed               decides everything drawn at random
    checkpoint_every   steps between checkpoints
    mixed_precision    16 bits where that is safe; on a GPU only
    threads            CPU threads; 0 leaves it to OMP_NUM_THREADS, or takes every core
    """

    kind: str = "detector"
    name: str = "maskrcnn-resnet50"
    weights: str = PUBLISHED
    classes: str = GROUP
    least_visibility: float = 0.3
    least_height: float = 8.0
    every: int = 5
    held_from_s: float | None = None
    held_every: int = 20
    min_size: int = 540
    max_size: int = 960
    scale_jitter: tuple[float, float] = (0.8, 1.25)
    flip: float = 0.5
    colour: float = 0.2
    steps: int = 6000
    batch: int = 4
    learning_rate: float = 0.005
    warmup: int = 500
    drop_at: tuple[float, ...] = (0.7, 0.9)
    momentum: float = 0.9
    weight_decay: float = 0.0001
    clip: float = 5.0
    rois: int = 512
    seed: int = 0
    checkpoint_every: int = 200
    mixed_precision: bool = True
    threads: int = 0

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, ["detector"])
        _one_of("name", self.name, list(BACKBONES))
        _one_of("classes", self.classes, [GROUP, TYPES])
        for name in ("every", "held_every", "steps", "batch", "rois", "checkpoint_every", "min_size"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), "1 or more")
        for name in ("least_height", "warmup", "weight_decay", "threads", "seed"):
            _require(getattr(self, name) >= 0, name, getattr(self, name), "0 or more")
        for name in ("least_visibility", "flip", "momentum"):
            _require(0 <= getattr(self, name) <= 1, name, getattr(self, name), "within 0..1")
        for share in self.drop_at:
            _require(0 < share < 1, "drop_at", share, "between 0 and 1")
        _require(self.min_size <= self.max_size, "max_size", self.max_size, "at least min_size")
        _require(0 < self.scale_jitter[0] <= self.scale_jitter[1], "scale_jitter", self.scale_jitter[0], "rising")
        _require(0 <= self.colour < 1, "colour", self.colour, "at least 0 and below 1")
        _require(self.learning_rate > 0, "learning_rate", self.learning_rate, "above 0")
        _require(self.clip > 0, "clip", self.clip, "above 0")

    def learning_rate_at(self, step: int) -> float:
        """Learning rate of step 0, 1, ...: linear warm-up, then a tenth after each drop."""
        rising = min(1.0, (step + 1) / self.warmup) if self.warmup else 1.0
        drops = sum(step >= share * self.steps for share in self.drop_at)
        return float(self.learning_rate * rising * 0.1**drops)


def _one_of(name: str, value: str, known: list[str]) -> None:
    if value not in known:
        raise UserError("bad-configuration", f"training setting {name} is {value!r}; choose from {', '.join(known)}")
