"""Steps of a post file that work on pictures and their features, with their settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from ml.matching.reranking.cameras import camera_bias_removed, inter_camera_fused
from ml.matching.reranking.chain import Chain, Look, Stage, Views
from ml.matching.reranking.checks import require_choice
from ml.matching.reranking.ensembles import concatenated
from ml.matching.reranking.expansion import expanded_by_clusters, expanded_by_neighbours
from ml.matching.reranking.groups import grouped_queries
from ml.matching.reranking.tracklets import mixed_with_tracklet
from ml.types import UserError


@dataclass(frozen=True)
class ViewsStep:
    """Every picture seen several ways, the features averaged (AI City 2021; VehicleNet): see `Views`."""

    stage = Stage.PICTURES
    flip: bool = True
    scales: tuple[float, ...] = (1.0,)
    cropped: bool = False

    def __post_init__(self) -> None:
        if not self.scales or not all(0.1 <= scale <= 2 for scale in self.scales):
            raise UserError("bad-configuration", f"views: scales are {list(self.scales)}; one or more within 0.1..2")

    def apply(self, chain: Chain) -> Chain:
        views = Views(self.flip, self.scales, self.cropped)
        looks = tuple(Look(look.model, *chain.source(look.model, views), look.weight) for look in chain.looks)
        return replace(chain, views=views, looks=looks)


@dataclass(frozen=True)
class Member:
    """A further model: a name, or the file of one that was trained."""

    model: str
    weight: float = 1.0


@dataclass(frozen=True)
class Ensemble:
    """Further models beside the first (multi-guided learning; VehicleNet).

    by      features: concatenated, each normalised and weighted; distances: weighted means, after re-ranking if any
    weight  of the first model
    """

    stage = Stage.PICTURES
    models: tuple[Member, ...]
    weight: float = 1.0
    by: str = "features"

    def __post_init__(self) -> None:
        require_choice("ensemble: by", self.by, ("features", "distances"))

    def apply(self, chain: Chain) -> Chain:
        added = [Look(m.model, *chain.source(m.model, chain.views), m.weight) for m in self.models]
        first = replace(chain, looks=tuple(replace(look, weight=self.weight) for look in chain.looks))
        return _joined(first.beside(added)) if self.by == "features" else first.beside(added)


def _joined(chain: Chain) -> Chain:
    looks, weights = chain.looks, [look.weight for look in chain.looks]
    query, gallery = (concatenated([getattr(look, side) for look in looks], weights) for side in ("query", "gallery"))
    return replace(chain, looks=(Look(" + ".join(look.model for look in looks), query, gallery),))


@dataclass(frozen=True)
class QueryClusters:
    """Query expansion by DBSCAN: `expanded_by_clusters`."""

    stage = Stage.FEATURES
    eps: float
    least: int = 2
    with_self: bool = True

    def apply(self, chain: Chain) -> Chain:
        expand = partial(expanded_by_clusters, eps=self.eps, least=self.least, with_self=self.with_self)
        return chain.changed(lambda query, gallery: (expand(query), gallery))


@dataclass(frozen=True)
class QueryNeighbours:
    """Query expansion by nearest gallery pictures: `expanded_by_neighbours`."""

    stage = Stage.FEATURES
    k: int
    alpha: float = 0.0

    def apply(self, chain: Chain) -> Chain:
        expand = partial(expanded_by_neighbours, k=self.k, alpha=self.alpha)
        return chain.changed(lambda query, gallery: (expand(query, gallery), gallery))


@dataclass(frozen=True)
class QueryGroups:
    """The first half of group re-ranking: `grouped_queries`."""

    stage = Stage.FEATURES
    theta: float

    def apply(self, chain: Chain) -> Chain:
        return chain.changed(lambda query, gallery: (grouped_queries(query, theta=self.theta), gallery))


@dataclass(frozen=True)
class InterCameraFusion:
    """A camera's look taken off.

    form    released: `inter_camera_fused`; mean: plain subtraction, `camera_bias_removed`
    beside  keep the features as they were as well, and average the distances with and without
    """

    stage = Stage.FEATURES
    weight: float = 0.18
    form: str = "released"
    beside: bool = True

    def __post_init__(self) -> None:
        require_choice("inter_camera_fusion: form", self.form, ("released", "mean"))

    def apply(self, chain: Chain) -> Chain:
        fuse = inter_camera_fused if self.form == "released" else camera_bias_removed
        cameras = chain.query.camera, chain.gallery.camera
        fused = chain.changed(lambda query, gallery: fuse(query, gallery, *cameras, weight=self.weight))
        return chain.beside(fused.looks) if self.beside else fused


@dataclass(frozen=True)
class TrackletMixing:
    """Every gallery picture mixed with its tracklet's mean: `mixed_with_tracklet`."""

    stage = Stage.FEATURES
    own: float = 0.3

    def apply(self, chain: Chain) -> Chain:
        tracklets = chain.tracklets()
        return chain.changed(lambda query, gallery: (query, mixed_with_tracklet(gallery, tracklets, own=self.own)))
