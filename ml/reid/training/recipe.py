"""Settings of a training, as a recipe's YAML file states them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ml.reid.augment import AugmentConfig
from ml.reid.models import ModelConfig
from ml.types import UserError, require_setting

IDENTITY, NAIVE, BALANCED, DOMAINS = "identity", "naive", "balanced", "domains"
CAMERA, ORIENTATION = "camera", "orientation"
OPTIMIZERS = ("sgd", "adam", "adagrad")

_require = partial(require_setting, "training")


@dataclass(frozen=True, slots=True)
class DataConfig:
    """Which of a set's pictures are learned from, and what is told apart.

    classes               "identity": vehicles; "camera" or "orientation" (36 bins of 10 degrees): what a camera model
                          and an orientation model tell apart, from the pictures of which it is known
    real                  whether the set's own training pictures are
    synthetic_identities  so many rendered vehicles beside them, the first by number; None for all
    held                  share of the real identities held back, for the scores during training; 0 for none
    mined                 a file of labels that `ml mine` wrote; these query and gallery pictures are learned from too
    cropped               a file of boxes that `ml activation` wrote; the set's own pictures are learned from twice, as
                          they are and cut to these
    """

    classes: str = IDENTITY
    real: bool = True
    synthetic_identities: int | None = None
    held: float = 0.1
    mined: str | None = None
    cropped: str | None = None

    def __post_init__(self) -> None:
        _one_of("data classes", self.classes, (IDENTITY, CAMERA, ORIENTATION))
        _require(0 <= self.held < 1, "held", self.held, "at least 0 and below 1")
        if self.synthetic_identities is not None:
            _require(self.synthetic_identities >= 0, "synthetic_identities", self.synthetic_identities, "0 or more")


@dataclass(frozen=True, slots=True)
class BatchConfig:
    """How pictures come together; a batch has identities * pictures of them.

    sampler     "identity": P identities with K pictures each; "naive": every picture once an epoch; "balanced":
                every identity equally often; "domains": the real and the rendered set equally often
    identities  P        pictures  K
    """

    sampler: str = IDENTITY
    identities: int = 8
    pictures: int = 4

    def __post_init__(self) -> None:
        _one_of("sampler", self.sampler, (IDENTITY, NAIVE, BALANCED, DOMAINS))
        for name in ("identities", "pictures"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), "1 or more")
        _require(self.identities * self.pictures >= 2, "identities * pictures", 1, "2 or more")


@dataclass(frozen=True, slots=True)
class LossConfig:
    """alpha * triplet + beta * cross-entropy (ELECTRICITY, eq. 4) + center * center loss; of a model with branches also
    vehicle_type and colour times their cross-entropies (multi-guided learning, eq. 5).

    margin     of the triplet's hinge; None for the soft margin        squared  distances are squared
    smoothing  of the cross-entropy's targets                          a weight of 0 leaves a loss out
    """

    alpha: float = 1.0
    beta: float = 1.0
    center: float = 0.0
    vehicle_type: float = 1.0
    colour: float = 1.0
    margin: float | None = None
    squared: bool = False
    smoothing: float = 0.0

    def __post_init__(self) -> None:
        for name in ("alpha", "beta", "center", "vehicle_type", "colour"):
            _require(getattr(self, name) >= 0, name, getattr(self, name), "0 or more")
        _require(self.alpha + self.beta > 0, "alpha + beta", 0, "above 0")
        _require(0 <= self.smoothing < 1, "smoothing", self.smoothing, "at least 0 and below 1")


@dataclass(frozen=True, slots=True)
class ProjectionConfig:
    """Whether the neck's linear layer begins as a linear discriminant projection of what the backbone pools.

    fit        whether it does; otherwise it is drawn at random, or comes with `start`
    shrinkage  share of the mean variance that is added to each direction's within one vehicle
    others     what a picture of a domain after the first counts: a rendered one beside a real one's 1
    """

    fit: bool = False
    shrinkage: float = 0.1
    others: float = 0.2

    def __post_init__(self) -> None:
        _require(self.shrinkage > 0, "shrinkage", self.shrinkage, "above 0")
        _require(self.others >= 0, "others", self.others, "0 or more")


@dataclass(frozen=True, slots=True)
class AdaptConfig:
    """Whether the neck's linear layer is fitted to the pictures and to what many other vehicles' said before.

    prior      weights of that, by name or as a file of `ml.reid.fit_scatter`; None to leave it out
    weights    what a picture may count beside one of the prior's; that comes out by which vehicles are found best that
               it was not fitted to, in turn `folds` parts of all, and of equal ones the first
    shrinkage  share of the prior's mean variance within a vehicle that is added to each direction's
    seed       of the folds
    """

    prior: str | None = None
    weights: tuple[float, ...] = (0.0, 1.0)
    folds: int = 3
    shrinkage: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        _require(bool(self.weights), "adapt.weights", 0, "one or more")
        for weight in self.weights:
            _require(0 <= weight < float("inf"), "adapt.weights", weight, "0 or more")
        _require(self.folds >= 2, "adapt.folds", self.folds, "2 or more")
        _require(self.shrinkage > 0, "adapt.shrinkage", self.shrinkage, "above 0")


@dataclass(frozen=True, slots=True)
class OptimizerConfig:
    """name "sgd", "adam" or "adagrad"; head_factor multiplies the learning rate of all but the backbone."""

    name: str = "sgd"
    learning_rate: float = 0.01
    momentum: float = 0.9
    weight_decay: float = 0.0005
    head_factor: float = 1.0
    clip: float | None = None

    def __post_init__(self) -> None:
        _one_of("optimizer name", self.name, OPTIMIZERS)
        _require(self.learning_rate > 0, "learning_rate", self.learning_rate, "above 0")
        _require(0 <= self.momentum < 1, "momentum", self.momentum, "at least 0 and below 1")
        _require(self.weight_decay >= 0, "weight_decay", self.weight_decay, "0 or more")
        _require(self.head_factor > 0, "head_factor", self.head_factor, "above 0")
        if self.clip is not None:
            _require(self.clip > 0, "clip", self.clip, "above 0")


@dataclass(frozen=True, slots=True)
class ScheduleConfig:
    """The learning rate over the epochs, as a factor of the optimizer's.

    warmup       epochs over which it rises in a straight line from `warmup_from` to 1
    drops        epochs at which it is multiplied by `drop_factor`
    cosine       whether it falls along half a cosine from the end of the warm-up to 0 at the end of the training
    freeze       parts of the backbone that are not trained at all, e.g. [stem, layer1]
    freeze_backbone  epochs at the beginning in which the backbone stands still and the rest learns
    freeze_statistics  whether the backbone's batch normalisations keep the statistics that they begin with

    With 0 epochs what the network starts from is what comes out, where `projection` or `adapt` fits its linear layer.
    """

    epochs: int = 60
    warmup: float = 10.0
    warmup_from: float = 0.1
    drops: tuple[float, ...] = ()
    drop_factor: float = 0.1
    cosine: bool = False
    freeze: tuple[str, ...] = ()
    freeze_backbone: int = 0
    freeze_statistics: bool = False

    def __post_init__(self) -> None:
        _require(self.epochs >= 0, "epochs", self.epochs, "0 or more")
        _require(self.warmup >= 0, "warmup", self.warmup, "0 or more")
        _require(0 < self.warmup_from <= 1, "warmup_from", self.warmup_from, "above 0 and at most 1")
        _require(0 < self.drop_factor <= 1, "drop_factor", self.drop_factor, "above 0 and at most 1")
        _require(self.freeze_backbone >= 0, "freeze_backbone", self.freeze_backbone, "0 or more")


@dataclass(frozen=True, slots=True)
class ReidRecipe:
    """What is trained, on which pictures, and how.

    kind              "reid"; other kinds of training have other recipes
    name              of what comes out
    start             "published" (ImageNet), "none" (random) or a file of weights that a training wrote
    input_size        side of the square pictures, pixels
    kept_looks        so many varied looks of each picture go through the backbone once, and what it pools of them is
                      learned from; it stands still all the time, which makes epochs short. 0: each epoch has new looks
    kept_in           folder that keeps them for other trainings with the same backbone and pictures
    validate_every    epochs between scores on the held identities; the last epoch always has them
    keep_best         whether the weights with the best mAP on the held identities come out, not the last ones
    checkpoint_every  steps between checkpoints; the end of an epoch always has one
    mixed_precision   16 bits where that is safe; on a GPU only
    seed              decides everything drawn at random
    threads           CPU threads; 0 leaves it to OMP_NUM_THREADS, or takes every core
    workers           processes that prepare pictures; 0 prepares them in between
    """

    kind: str = "reid"
    name: str = "reid"
    start: str = "published"
    input_size: int = 256
    model: ModelConfig = field(default_factory=ModelConfig)
    data: DataConfig = field(default_factory=DataConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    batch: BatchConfig = field(default_factory=BatchConfig)
    projection: ProjectionConfig = field(default_factory=ProjectionConfig)
    adapt: AdaptConfig = field(default_factory=AdaptConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    kept_looks: int = 0
    kept_in: str | None = None
    validate_every: int = 10
    keep_best: bool = False
    checkpoint_every: int = 100
    mixed_precision: bool = True
    seed: int = 0
    threads: int = 0
    workers: int = 2

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, ("reid",))
        _require(32 <= self.input_size <= 1024, "input_size", self.input_size, "within 32..1024")
        still = self.schedule.freeze_backbone >= self.schedule.epochs
        wanted = f"{self.schedule.epochs} or more, since kept_looks is set"
        _require(still or not self.kept_looks, "schedule.freeze_backbone", self.schedule.freeze_backbone, wanted)
        exchanged = self.augment.background if self.kept_looks else 0
        _require(not exchanged, "augment.background", exchanged, "0, since kept_looks is set")
        closed = self.projection.fit or self.adapt.prior is not None
        _require(self.schedule.epochs >= 1 or closed, "schedule.epochs", 0, "1 or more")
        vehicles = self.data.classes == IDENTITY  # epochs are compared by rankings of these
        _require(vehicles or not self.keep_best, "keep_best", True, f"false for data.classes {self.data.classes}")
        turned = self.augment.flip if self.data.classes == ORIENTATION else 0
        _require(not turned, "augment.flip", turned, "0 for data.classes orientation: a mirror image faces elsewhere")
        if self.adapt.prior is not None:
            _one_of("data.classes with adapt.prior", self.data.classes, (IDENTITY,))
            _require(not self.projection.fit, "projection.fit", True, "false where adapt.prior is set")
            _require(not self.schedule.epochs, "schedule.epochs", self.schedule.epochs, "0 where adapt.prior is set")
        _require(not self.keep_best or self.data.held > 0, "data.held", 0, "above 0 where keep_best is true")
        for name in ("validate_every", "checkpoint_every"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), "1 or more")
        for name in ("seed", "threads", "workers", "kept_looks"):
            _require(getattr(self, name) >= 0, name, getattr(self, name), "0 or more")


def _one_of(name: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise UserError("bad-configuration", f"training setting {name} is {value!r}; choose from {', '.join(known)}")
