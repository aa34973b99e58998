"""Which networks a scene goes by: of each kind the version promoted last, or what comes with Crosstrack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.scenes.models import Scene
from backend.tracking.models import Run, RunState
from backend.training.models import ModelKind, ModelVersion, Promotion

SHIPPED = 1  # number of the version that comes with Crosstrack, of each kind and in every scene
SHIPPED_EMBEDDER = "efficientnet-lite0-levels"
TRAINED_EMBEDDER = "trained"
LEARNING_DETECTOR = "nanodet"  # the one that learns a scene; its versions are weights of the same network


def active_version(*, scene: Scene, kind: ModelKind) -> ModelVersion | None:
    """None: the one that comes with Crosstrack."""
    newest = Promotion.objects.filter(scene=scene, kind=kind).select_related("version").order_by("-pk").first()
    return newest.version if newest else None


def active_versions(*, scene: Scene) -> dict[ModelKind, ModelVersion | None]:
    """The active version of each kind that anything was ever promoted of."""
    promoted = Promotion.objects.filter(scene=scene).order_by("kind", "-pk").distinct("kind").select_related("version")
    return {ModelKind(each.kind): each.version for each in promoted}


def with_version(config: Mapping[str, Any], kind: ModelKind, version: ModelVersion | None) -> dict[str, Any]:
    """The configuration of a run that goes by this version; None: by the one that comes with Crosstrack.

    `weights` is then its storage name, which workers replace by a local copy. A detector that learns no scenes stays
    what it is.
    """
    if kind == ModelKind.DETECTOR:
        return _finding_by(config, version)
    embedder = _without_weights(config, "embedder")
    if version is None:
        return {**config, "embedder": {**embedder, "name": SHIPPED_EMBEDDER}}
    return {**config, "embedder": {**embedder, "name": TRAINED_EMBEDDER, "weights": version.file}}


def with_active_versions(config: Mapping[str, Any], *, scene: Scene) -> dict[str, Any]:
    """The configuration with the scene's promoted versions; what none was promoted for stays as it is."""
    made = dict(config)
    for kind, version in active_versions(scene=scene).items():
        if version is not None:
            made = with_version(made, kind, version)
    return made


def detector_of(config: Mapping[str, Any]) -> str:
    """The name of the detector that a configuration asks for."""
    return str(config.get("detector", {}).get("name", LEARNING_DETECTOR))


def versions_used(*, run: Run) -> dict[ModelKind, int | None]:
    """The number of the version that a run goes by, of each kind; None where its network is none that a scene has."""
    config = run.config
    if run.state == RunState.SUCCEEDED and not run.models_used:  # of labels that somebody brought: no machine was asked
        return dict.fromkeys(ModelKind)
    embedder = config.get("embedder", {}).get("name", SHIPPED_EMBEDDER)
    is_known = {
        ModelKind.EMBEDDING: embedder in (SHIPPED_EMBEDDER, TRAINED_EMBEDDER),
        ModelKind.DETECTOR: detector_of(config) == LEARNING_DETECTOR,
    }
    stages = {ModelKind.EMBEDDING: "embedder", ModelKind.DETECTOR: "detector"}
    weights = {kind: config.get(stage, {}).get("weights") for kind, stage in stages.items()}
    rows = ModelVersion.objects.filter(scene=run.scene_id, file__in=[name for name in weights.values() if name])
    numbers = {(row.kind, row.file): row.number for row in rows.order_by("number")}
    return {
        kind: None if not is_known[kind] else SHIPPED if name is None else numbers.get((kind, name))
        for kind, name in weights.items()
    }


def _finding_by(config: Mapping[str, Any], version: ModelVersion | None) -> dict[str, Any]:
    if detector_of(config) != LEARNING_DETECTOR:
        return dict(config)
    detector = _without_weights(config, "detector")
    return {**config, "detector": detector if version is None else {**detector, "weights": version.file}}


def _without_weights(config: Mapping[str, Any], stage: str) -> dict[str, Any]:
    return {name: value for name, value in config.get(stage, {}).items() if name != "weights"}
