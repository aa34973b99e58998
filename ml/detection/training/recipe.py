"""Settings of a detector's training."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

from ml.detection.networks import BACKBONES, LEVELS, RATIOS
from ml.types import UserError, require_setting

PUBLISHED, RANDOM = "published", "none"
GROUP, TYPES = "group", "types"
SGD, ADAMW = "sgd", "adamw"
STEPS, COSINE = "steps", "cosine"

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
    until_s            scene time from which frames are neither learned from nor scored; None for the end
    min_size, max_size pixels of the shorter and longer side that pictures are scaled to
    scale_jitter       smallest and largest factor on those sides, drawn anew each step (each picture with `crop`)
    crop               side in pixels, a multiple of 32, of the squares that are learned from instead of whole
                       pictures, cut out after scaling; 0 for whole pictures
    crop_on_vehicle    share of the squares that are laid over a vehicle; the others lie anywhere
    flip               share of the pictures that are mirrored left to right
    colour             how much brightness, contrast and each channel vary: 0.2 for a fifth up or down
    steps, batch       number of steps, pictures in each
    optimizer          "sgd" (stochastic gradient descent) or "adamw"
    learning_rate      after the warm-up
    warmup             steps over which the learning rate rises from nothing
    schedule           "steps": divided by ten at each share of the steps in `drop_at`; "cosine": down to nothing along
                       half a cosine
    momentum           of stochastic gradient descent
    weight_decay       of either optimizer
    clip               largest norm of a step's gradient
    rois               regions a picture that the box head learns from
    proposals          regions of each level that are looked at for these, and of the picture that are kept
    anchors            sides in pixels of the scaled picture of the anchors of the five levels; () for those of the
                       weights it starts from, which are 32, 64, 128, 256, 512 unless a recipe said otherwise
    anchor_ratios      height / width of the three anchors of a place; () likewise, 0.5, 1, 2
    recalibrate        batches whose statistics the batch normalisation keeps for its use, taken before a scoring;
                       0 for the running ones. For training from random weights
    score_every        steps between scores on the held frames, noted in metrics.jsonl; 0 for one at the end
    seed               decides everything drawn at random
    checkpoint_every   steps between checkpoints
    mixed_precision    16 bits where that is safe; on a GPU only
    bfloat16           the same on a CPU: twice as fast on processors with avx512_bf16 or amx, slower on others
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
    until_s: float | None = None
    min_size: int = 540
    max_size: int = 960
    scale_jitter: tuple[float, float] = (0.8, 1.25)
    crop: int = 0
    crop_on_vehicle: float = 0.8
    flip: float = 0.5
    colour: float = 0.2
    steps: int = 6000
    batch: int = 4
    optimizer: str = SGD
    learning_rate: float = 0.005
    warmup: int = 500
    schedule: str = STEPS
    drop_at: tuple[float, ...] = (0.7, 0.9)
    momentum: float = 0.9
    weight_decay: float = 0.0001
    clip: float = 5.0
    rois: int = 512
    proposals: int = 2000
    anchors: tuple[float, ...] = ()
    anchor_ratios: tuple[float, ...] = ()
    recalibrate: int = 0
    score_every: int = 0
    seed: int = 0
    checkpoint_every: int = 200
    mixed_precision: bool = True
    bfloat16: bool = False
    threads: int = 0

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, ["detector"])
        _one_of("name", self.name, list(BACKBONES))
        _one_of("classes", self.classes, [GROUP, TYPES])
        _one_of("optimizer", self.optimizer, [SGD, ADAMW])
        _one_of("schedule", self.schedule, [STEPS, COSINE])
        for name in ("every", "held_every", "steps", "rois", "proposals", "checkpoint_every", "min_size"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), "1 or more")
        for name in ("least_height", "warmup", "weight_decay", "threads", "seed", "recalibrate", "score_every"):
            _require(getattr(self, name) >= 0, name, getattr(self, name), "0 or more")
        for name in ("least_visibility", "flip", "momentum", "crop_on_vehicle"):
            _require(0 <= getattr(self, name) <= 1, name, getattr(self, name), "within 0..1")
        for share in self.drop_at:
            _require(0 < share < 1, "drop_at", share, "between 0 and 1")
        _require(self.min_size <= self.max_size, "max_size", self.max_size, "at least min_size")
        _require(0 < self.scale_jitter[0] <= self.scale_jitter[1], "scale_jitter", self.scale_jitter[0], "rising")
        _require(self.crop >= 0 and self.crop % 32 == 0, "crop", self.crop, "0 or a multiple of 32")
        least = (
            2 if self.crop == 32 else 1
        )  # a normalisation needs more than the one value that the last layer has then
        _require(self.batch >= least, "batch", self.batch, f"{least} or more")
        _values("anchors", self.anchors, LEVELS)
        _values("anchor_ratios", self.anchor_ratios, RATIOS)
        _require(0 <= self.colour < 1, "colour", self.colour, "at least 0 and below 1")
        _require(self.learning_rate > 0, "learning_rate", self.learning_rate, "above 0")
        _require(self.clip > 0, "clip", self.clip, "above 0")

    def learning_rate_at(self, step: int) -> float:
        """Learning rate of step 0, 1, ...: linear warm-up, then a tenth after each drop, or half a cosine."""
        rising = min(1.0, (step + 1) / self.warmup) if self.warmup else 1.0
        if self.schedule == COSINE:
            done = max(0, step - self.warmup) / max(1, self.steps - self.warmup)
            return self.learning_rate * rising * (1 + math.cos(math.pi * done)) / 2
        drops = sum(step >= share * self.steps for share in self.drop_at)
        return float(self.learning_rate * rising * 0.1**drops)


def _values(name: str, values: tuple[float, ...], count: int) -> None:
    if values and (len(values) != count or min(values) <= 0):
        raise UserError("bad-configuration", f"training setting {name} is {values}; give {count} numbers above 0")


def _one_of(name: str, value: str, known: list[str]) -> None:
    if value not in known:
        raise UserError("bad-configuration", f"training setting {name} is {value!r}; choose from {', '.join(known)}")
