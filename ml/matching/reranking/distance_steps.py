"""Steps of a post file that correct distances, with their settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from ml.matching.reranking.attributes import attribute_constrained
from ml.matching.reranking.cameras import (
    camera_and_orientation_bias,
    camera_clusters,
    camera_verified,
    cluster_verified,
)
from ml.matching.reranking.chain import Chain, Stage, Views
from ml.matching.reranking.groups import whole_tracklets
from ml.matching.reranking.measures import cosine
from ml.matching.reranking.windows import within_window
from ml.types import Float2D, UserError


@dataclass(frozen=True)
class CameraVerification:
    """Pictures of the query's camera taken out.

    model        a camera model, whose features' clusters stand for cameras; without it the labels do
    eps, least   of that clustering
    """

    stage = Stage.DISTANCES
    model: str | None = None
    eps: float = 0.3
    least: int = 10

    def apply(self, chain: Chain) -> Chain:
        if self.model is None:
            return chain.corrected(lambda d: camera_verified(d, chain.query.camera, chain.gallery.camera))
        clusters = camera_clusters(*chain.source(self.model, Views()), eps=self.eps, least=self.least)
        return chain.corrected(lambda distances: cluster_verified(distances, *clusters))


@dataclass(frozen=True)
class CameraOrientationBias:
    """D_r - 0.1 D_c - 0.05 D_o: `camera_and_orientation_bias` with the models' cosine distances."""

    stage = Stage.DISTANCES
    camera_model: str | None = None
    orientation_model: str | None = None
    camera_weight: float = 0.1
    orientation_weight: float = 0.05

    def __post_init__(self) -> None:
        if self.camera_model is None and self.orientation_model is None:
            message = "camera_and_orientation_bias: name a camera_model, an orientation_model or both"
            raise UserError("bad-configuration", message)

    def apply(self, chain: Chain) -> Chain:
        def seen_by(model: str | None) -> Float2D | None:
            return None if model is None else cosine(*chain.source(model, Views()))

        camera, orientation = seen_by(self.camera_model), seen_by(self.orientation_model)
        return chain.corrected(
            partial(
                camera_and_orientation_bias,
                camera=camera,
                orientation=orientation,
                camera_weight=self.camera_weight,
                orientation_weight=self.orientation_weight,
            )
        )


@dataclass(frozen=True)
class AttributeConstraint:
    """Penalties where type or colour differ: `attribute_constrained`."""

    stage = Stage.DISTANCES
    vehicle_type: float = 0.0
    colour: float = 0.0

    def apply(self, chain: Chain) -> Chain:
        query, gallery = ((known.vehicle_type, known.colour) for known in (chain.query, chain.gallery))
        penalties = {"type_penalty": self.vehicle_type, "colour_penalty": self.colour}
        return chain.corrected(lambda distances: attribute_constrained(distances, query, gallery, **penalties))


@dataclass(frozen=True)
class TimeWindow:
    """Pictures taken more than tau_s seconds before or after the query's taken out: `within_window`."""

    stage = Stage.DISTANCES
    tau_s: float

    def apply(self, chain: Chain) -> Chain:
        times = chain.query.time_s, chain.gallery.time_s
        return chain.corrected(lambda distances: within_window(distances, *times, tau_s=self.tau_s))


@dataclass(frozen=True)
class WholeTracklets:
    """The second half of group re-ranking: `whole_tracklets`; theta is a distance of the chain's."""

    stage = Stage.PLACES
    theta: float

    def apply(self, chain: Chain) -> Chain:
        tracklets = chain.tracklets()
        return chain.corrected(lambda distances: whole_tracklets(distances, tracklets, theta=self.theta))
