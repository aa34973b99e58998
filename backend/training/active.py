"""Which embedding a scene goes by: the version promoted last, or the one that comes with Crosstrack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.scenes.models import Scene
from backend.training.models import ModelVersion, Promotion

SHIPPED = 1  # number of the version that comes with Crosstrack, in every scene
SHIPPED_EMBEDDER = "efficientnet-lite0-levels"
TRAINED_EMBEDDER = "trained"


def active_version(*, scene: Scene) -> ModelVersion | None:
    """None: the one that comes with Crosstrack."""
    newest = Promotion.objects.filter(scene=scene).select_related("version").order_by("-pk").first()
    return newest.version if newest else None


def with_version(config: Mapping[str, Any], version: ModelVersion | None) -> dict[str, Any]:
    """The configuration of a run that describes vehicles by this version. `weights` is then its storage name, which
    workers replace by a local copy."""
    embedder = {name: value for name, value in config.get("embedder", {}).items() if name != "weights"}
    if version is None:
        return {**config, "embedder": {**embedder, "name": SHIPPED_EMBEDDER}}
    return {**config, "embedder": {**embedder, "name": TRAINED_EMBEDDER, "weights": version.file}}


def with_active_version(config: Mapping[str, Any], *, scene: Scene) -> dict[str, Any]:
    """The configuration with the scene's promoted version; unchanged where none is."""
    version = active_version(scene=scene)
    return dict(config) if version is None else with_version(config, version)
