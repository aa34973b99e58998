"""Settings of a fine-tuning of NanoDet."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import partial

from ml.types import UserError, require_setting

PUBLISHED = "published"
HEADS, NECK, ALL = "heads", "neck", "all"

_require = partial(require_setting, "training")


@dataclass(frozen=True)
class TuningSchedule:
    """epochs  each ends with a score on held frames      steps   of an epoch      batch  squares of a step
    warmup  steps over which the learning rate rises from nothing; afterwards it falls along half a cosine
    """

    epochs: int = 8
    steps: int = 60
    batch: int = 6
    warmup: int = 30

    def __post_init__(self) -> None:
        for name in ("epochs", "steps", "batch"):
            _require(getattr(self, name) >= 1, f"schedule.{name}", getattr(self, name), "1 or more")
        _require(self.warmup >= 0, "schedule.warmup", self.warmup, "0 or more")

    def share_at(self, step: int) -> float:
        """Of the learning rate, at step 0, 1, ..."""
        rising = min(1.0, (step + 1) / self.warmup) if self.warmup else 1.0
        total = self.epochs * self.steps
        done = min(1.0, max(0, step - self.warmup) / max(1, total - self.warmup))
        return rising * (1 + math.cos(math.pi * done)) / 2


@dataclass(frozen=True)
class TuningLoss:
    """What each part of the loss weighs: quality (which places show a vehicle), distribution and overlap (its box).

    beta  of the quality focal loss: how little a place counts that is nearly right
    """

    quality: float = 1.0
    distribution: float = 0.25
    overlap: float = 2.0
    beta: float = 2.0

    def __post_init__(self) -> None:
        for name in ("quality", "distribution", "overlap", "beta"):
            _require(getattr(self, name) >= 0, f"loss.{name}", getattr(self, name), "0 or more")


@dataclass(frozen=True)
class TuningRecipe:
    """What of NanoDet learns, from which frames, and how.

    kind             "nanodet"; other kinds of training have other recipes
    name             of the recipe
    start            "published", or a file of weights that an earlier fine-tuning made
    learned          "heads": what reads the neck's maps; "neck": that and the neck; "all". With "heads" the features
                     for the tracker stay as they are
    every            one frame in so many is learned from
    most_frames      of all views together that are learned from, and that are scored; evenly spread ones are taken
    least_height     pixels of the video; lower boxes are ignored
    least_visibility, types, until_s  for a scene in files only: share of a vehicle that must be visible; whether
                     buses and trucks are told from cars; scene time from which nothing is looked at
    input_height, input_width  what pictures are fitted into before squares are cut out, and what is scored at
    crop             side in pixels of the squares, a multiple of 32
    crop_on_vehicle  share of the squares that are laid over a vehicle
    scale_jitter     smallest and largest factor on the fitted picture
    flip, colour     share of squares mirrored; how much brightness, contrast and each channel vary
    learning_rate, weight_decay, clip  of AdamW; largest norm of a step's gradient
    average          share that the mean of the weights keeps at each step; 0 for the weights themselves
    checkpoint_every steps between checkpoints
    threads          CPU threads; 0 leaves it to OMP_NUM_THREADS, or takes every core
    """

    kind: str = "nanodet"
    name: str = "nanodet"
    start: str = PUBLISHED
    learned: str = ALL
    every: int = 5
    most_frames: int = 600
    least_height: float = 10.0
    least_visibility: float = 0.3
    types: bool = True
    until_s: float | None = None
    input_height: int = 416
    input_width: int = 736
    crop: int = 288
    crop_on_vehicle: float = 0.8
    scale_jitter: tuple[float, float] = (0.6, 1.25)
    flip: float = 0.5
    colour: float = 0.2
    loss: TuningLoss = field(default_factory=TuningLoss)
    schedule: TuningSchedule = field(default_factory=TuningSchedule)
    learning_rate: float = 0.0003
    weight_decay: float = 0.01
    clip: float = 10.0
    average: float = 0.98
    seed: int = 0
    checkpoint_every: int = 50
    threads: int = 0

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, ("nanodet",))
        _one_of("learned", self.learned, (HEADS, NECK, ALL))
        for name in ("every", "most_frames", "checkpoint_every"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), "1 or more")
        for name in ("least_height", "weight_decay", "threads", "seed"):
            _require(getattr(self, name) >= 0, name, getattr(self, name), "0 or more")
        for name in ("learning_rate", "clip"):
            _require(getattr(self, name) > 0, name, getattr(self, name), "above 0")
        for name in ("least_visibility", "crop_on_vehicle", "flip"):
            _require(0 <= getattr(self, name) <= 1, name, getattr(self, name), "within 0..1")
        for name in ("colour", "average"):
            _require(0 <= getattr(self, name) < 1, name, getattr(self, name), "at least 0 and below 1")
        for name in ("crop", "input_height", "input_width"):
            side = getattr(self, name)
            _require(side >= 32 and side % 32 == 0, name, side, "a multiple of 32")
        _require(0 < self.scale_jitter[0] <= self.scale_jitter[1], "scale_jitter", self.scale_jitter[0], "rising")


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise UserError("bad-configuration", f"training setting {name} is {value!r}; choose from {', '.join(known)}")
