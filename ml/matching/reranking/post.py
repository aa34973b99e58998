"""Post files: which steps follow the embedding, in which order, with which settings.

steps:
  - views: {flip: true}
  - inter_camera_fusion: {weight: 0.18}
  - k_reciprocal: {k1: 7, k2: 2, lambda: 0.6, tracklets: weighted}
  - camera_verification: {enabled: false}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from keyword import iskeyword
from pathlib import Path
from typing import Protocol

from ml.config import config_from, read_yaml
from ml.matching.reranking.chain import Chain, Known, Source, Stage
from ml.matching.reranking.distance_steps import (
    AttributeConstraint,
    CameraOrientationBias,
    CameraVerification,
    TimeWindow,
    WholeTracklets,
)
from ml.matching.reranking.feature_steps import (
    Ensemble,
    InterCameraFusion,
    QueryClusters,
    QueryGroups,
    QueryNeighbours,
    TrackletMixing,
    ViewsStep,
)
from ml.matching.reranking.ranking_steps import Distance, KReciprocal
from ml.types import Float2D, UserError


class Step(Protocol):
    """One switch of a chain."""

    stage: Stage

    def apply(self, chain: Chain) -> Chain: ...


STEPS: dict[str, Callable[..., Step]] = {
    "views": ViewsStep,
    "ensemble": Ensemble,
    "query_clusters": QueryClusters,
    "query_neighbours": QueryNeighbours,
    "query_groups": QueryGroups,
    "inter_camera_fusion": InterCameraFusion,
    "tracklet_mixing": TrackletMixing,
    "distance": Distance,
    "k_reciprocal": KReciprocal,
    "camera_verification": CameraVerification,
    "camera_and_orientation_bias": CameraOrientationBias,
    "attribute_constraint": AttributeConstraint,
    "time_window": TimeWindow,
    "whole_tracklets": WholeTracklets,
}
SWITCH = "enabled"


def read_post(path: Path) -> list[tuple[str, Step]]:
    """The (name, step) pairs of a post file, those switched off left out. UserError bad-configuration."""
    return post_of(read_yaml(path), str(path))


def post_of(data: object, where: str) -> list[tuple[str, Step]]:
    """The steps of a post file's content.

    UserError bad-configuration: anything unknown, settings of the wrong kind, steps in an order that cannot be
    (pictures become features, features distances, distances places), two steps that both make distances.
    """
    if not isinstance(data, Mapping) or list(data) != ["steps"] or not isinstance(data["steps"], list):
        raise _bad(where, "expected `steps:` with a list")
    found = [_step(entry, f"{where}: step {number}") for number, entry in enumerate(data["steps"], start=1)]
    steps = [(name, step) for name, step in found if step is not None]
    _require_order(steps, where)
    return steps


def apply_post(
    steps: Sequence[tuple[str, Step]], source: Source, *, model: str, query: Known, gallery: Known
) -> Float2D:
    """Distances [queries, gallery] after all steps, cosine distances of the model's features where there are none.

    source  gives the features of a model; `model` is the first one

    UserError of whatever a step refuses, with its name.
    """
    chain = Chain.start(source, model, query, gallery)
    for name, step in steps:
        try:
            chain = step.apply(chain)
        except UserError as error:
            raise UserError(error.code, f"step {name}: {error}") from None
    return chain.final()


def _step(entry: object, where: str) -> tuple[str, Step | None]:
    named = {entry: {}} if isinstance(entry, str) else entry
    if not isinstance(named, Mapping) or len(named) != 1:
        raise _bad(where, f"expected one name with its settings, found {entry!r}")
    name, settings = next(iter(named.items()))
    if name not in STEPS:
        raise _bad(where, f"there is no step {name!r}; choose from {', '.join(STEPS)}")
    given = {} if settings is None else settings
    if not isinstance(given, Mapping):
        raise _bad(f"{where}, {name}", f"expected settings by name, found {given!r}")
    enabled = given.get(SWITCH, True)
    if not isinstance(enabled, bool):
        raise _bad(f"{where}, {name}", f"{SWITCH} is true or false, not {enabled!r}")
    values = {_attribute(key): value for key, value in given.items() if key != SWITCH}
    try:
        step: Step = config_from(STEPS[name], values, f"{where}, {name}")  # type: ignore[arg-type]
    except UserError as error:
        raise UserError(error.code, str(error).replace("lambda_", "lambda")) from None
    return name, step if enabled else None


def _attribute(key: object) -> object:
    """The attribute of a setting: `lambda` is a word of Python's own."""
    return f"{key}_" if isinstance(key, str) and iskeyword(key) else key


def _require_order(steps: Sequence[tuple[str, Step]], where: str) -> None:
    for (before, first), (name, step) in pairwise(steps):
        if step.stage < first.stage:
            kinds = f"it works on {step.stage.name.lower()} and {before} on {first.stage.name.lower()}"
            raise _bad(where, f"{name} must come before {before}: {kinds}")
    rankings = [name for name, step in steps if step.stage is Stage.RANKING]
    if len(rankings) > 1:
        raise _bad(where, f"{rankings[0]} and {rankings[1]} both make distances; leave one out")
    names = [name for name, _ in steps]
    if "views" in names[1:]:
        raise _bad(where, "views must be the first step: it makes all features anew")


def _bad(where: str, reason: str) -> UserError:
    return UserError("bad-configuration", f"{where}: {reason}.")
