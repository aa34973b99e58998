"""Settings of a style training, as a recipe's YAML file states them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from ml.types import UserError, require_setting

KIND = "style"

_require = partial(require_setting, "style")


@dataclass(frozen=True, slots=True)
class StyleRecipe:
    """What turns rendered pictures into ones that look real, and how it is trained.

    name              of what comes out
    input_size        side of the square pictures, pixels; a multiple of 4
    width             channels of the first layer of generators, critics and of the siamese network
    blocks            residual blocks of a generator
    residual          whether generators add a change to what they see, instead of making the picture anew; with it few
                      steps are enough to keep what a picture shows
    steps             steps of `batch` rendered and as many real pictures
    learning_rate     Adam's; decay_from is the share of the steps after which it falls in a straight line to 0 at the
                      end, 1 for never
    cycle             weight of the way there and back: lambda_1        mapped  weight of the target's pictures through
                      their own generator, which should stay as they are: lambda_2
    similar           weight of the similarity-preserving loss: lambda_3        margin  m of it, within 0..2
    flip              probability of a mirror image
    checkpoint_every  steps between checkpoints; the last one always has one
    seed              decides everything drawn at random
    threads           CPU threads; 0 leaves it to OMP_NUM_THREADS, or takes every core
    """

    kind: str = KIND
    name: str = KIND
    input_size: int = 256
    width: int = 64
    blocks: int = 9
    residual: bool = False
    steps: int = 65_000
    batch: int = 1
    learning_rate: float = 0.0002
    decay_from: float = 1.0
    cycle: float = 10.0
    mapped: float = 5.0
    similar: float = 2.0
    margin: float = 2.0
    flip: float = 0.5
    checkpoint_every: int = 500
    seed: int = 0
    threads: int = 0

    def __post_init__(self) -> None:
        if self.kind != KIND:
            raise UserError("bad-configuration", f"style setting kind is {self.kind!r}; it must be {KIND!r}")
        sized = 32 <= self.input_size <= 1024 and self.input_size % 4 == 0
        _require(sized, "input_size", self.input_size, "a multiple of 4 within 32..1024")
        for name in ("width", "steps", "batch", "checkpoint_every"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), "1 or more")
        for name in ("blocks", "cycle", "mapped", "similar", "seed", "threads"):
            _require(getattr(self, name) >= 0, name, getattr(self, name), "0 or more")
        _require(self.learning_rate > 0, "learning_rate", self.learning_rate, "above 0")
        _require(0 < self.margin <= 2, "margin", self.margin, "above 0 and at most 2, the farthest of unit vectors")
        for name in ("decay_from", "flip"):
            _require(0 <= getattr(self, name) <= 1, name, getattr(self, name), "within 0..1")

    def learning_rate_at(self, step: int) -> float:
        """Of the step number `step`, counted from 0."""
        first = self.decay_from * self.steps
        return self.learning_rate * min(1.0, (self.steps - step) / max(self.steps - first, 1e-9))
