"""The papers' tables of post-processing: a row a step more, with the paper's figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ml.reid.config import LEVELS

PLAIN, PROJECTED = "efficientnet-lite0", "efficientnet-lite0-lda"
BESIDE = {PROJECTED: PLAIN, LEVELS: PROJECTED}  # the model that joins each in an ensemble

Steps = list[Any]  # as in a post file, with a `Choice` where a value is not the paper's


@dataclass(frozen=True)
class Choice:
    """A setting that is chosen on training vehicles, once for all rows that name it."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Row:
    """A step more than the row before; paper: mAP and rank-1 in per cent, as far as the table has them."""

    name: str
    steps: Steps
    map_paper: float | None = None
    rank1_paper: float | None = None


@dataclass(frozen=True)
class PaperTable:
    """left_out  what the paper has and this table has not, and why"""

    title: str
    rows: tuple[Row, ...]
    left_out: str = ""
    cumulative: bool = True


NEAR = Choice("threshold of weighted features", (0.1, 0.2, 0.3, 0.4, 0.5, 0.6))
CLUSTER = Choice("eps of query clusters", (0.3, 0.5, 0.6, 0.7, 0.8, 0.9))
MEMBER = Choice("weight of the second model", (0.1, 0.2, 0.3, 0.5, 1.0))
NEIGHBOURS = Choice("k of expansion by neighbours", (1, 2, 3, 5, 10))
CAMERA_MEAN = Choice("share of the camera's mean", (0.1, 0.25, 0.5, 0.75, 1.0))
GROUP = Choice("theta of query groups (Euclidean)", (0.2, 0.3, 0.4, 0.5, 0.6, 0.7))
FIRST_HIT = Choice("theta of whole tracklets (Euclidean)", (0.2, 0.4, 0.6, 0.8, 1.0, 1.4))
PENALTY = Choice("penalty where type or colour differs", (0.05, 0.1, 0.2, 0.4, 0.8))

VIEWS = {"views": {"flip": True}}
CROPPED = {"views": {"flip": False, "cropped": True}}
CAMERAS = "camera_verification"
FUSION = {"inter_camera_fusion": {"weight": 0.18}}
ENSEMBLE = {"ensemble": {"models": [{"model": "second", "weight": MEMBER}]}}
BIAS = {"camera_and_orientation_bias": {"camera_model": "camera", "orientation_model": "orientation"}}
CLUSTERS = {"query_clusters": {"eps": CLUSTER}}
GROUPS = [{"query_groups": {"theta": GROUP}}, {"distance": {"measure": "euclidean"}}]


def _reranking(k1: int, k2: int, lambda_: float) -> Callable[[str], dict[str, Any]]:
    def step(tracklets: str) -> dict[str, Any]:
        settings: dict[str, Any] = {"k1": k1, "k2": k2, "lambda": lambda_, "tracklets": tracklets}
        return {"k_reciprocal": settings | ({"threshold": NEAR} if tracklets == "weighted" else {})}

    return step


ZHONG, WINNER = _reranking(20, 6, 0.3), _reranking(7, 2, 0.6)

TABLES = (
    PaperTable(
        "M-1: re-ranking strategies (multi-domain learning, Split-test)",
        (
            Row("Baseline", [], 76.7, 89.7),
            Row("RR", [ZHONG("none")], 80.4, 89.3),
            Row("AF-TRR", [ZHONG("average")], 82.0, 90.1),
            Row("WF-TRR", [ZHONG("weighted")], 90.6, 93.0),
        ),
    ),
    PaperTable(
        "D-4: post-processing of the AI City 2021 winner (Split-test)",
        (
            Row("Baseline", [], 46.2, 64.8),
            Row("+ Augmentation Test", [VIEWS], 47.0, 65.0),
            Row("+ Re-Ranking", [VIEWS, WINNER("none")], 58.8, 66.1),
            Row("+ Weighted Tracklet Features", [VIEWS, WINNER("weighted")], 66.8, 66.9),
            Row("+ Camera Verification", [VIEWS, WINNER("weighted"), CAMERAS], 72.7, 73.3),
            Row("+ Inter-Camera Fusion", [VIEWS, FUSION, WINNER("weighted"), CAMERAS], 74.7, 75.4),
            Row("+ Camera and Orientation Bias", [VIEWS, FUSION, WINNER("weighted"), CAMERAS, BIAS], 76.0, 75.9),
        ),
        "The augmentation is the flipped picture alone; the paper has pictures cropped by an activation map, too. The "
        "last row's models are trained by recipes `camera` and `orientation`, the second on rendered vehicles alone.",
    ),
    PaperTable(
        "D-5: all parts (Split-test)",
        (
            Row("Baseline (Type3)", [], 46.2, 64.8),
            Row("+ Post-processing", [VIEWS, FUSION, WINNER("weighted"), CAMERAS, BIAS], 76.0, 75.9),
        ),
        "The whole table, whose other rows are trainings of their own, is in [papers](papers.md).",
    ),
    PaperTable(
        "V-VI: post-processing of VehicleNet (CityFlow validation set)",
        (
            Row("Baseline", [], 57.35),
            Row("+ Cropped Image", [CROPPED], 57.68),
            Row("+ Model Ensemble", [CROPPED, ENSEMBLE], 61.29),
            Row("+ Query Expansion", [CROPPED, ENSEMBLE, CLUSTERS], 63.97),
            Row("+ Camera Verification", [CROPPED, ENSEMBLE, CLUSTERS, CAMERAS], 65.97),
            Row("+ Re-ranking", [CROPPED, ENSEMBLE, CLUSTERS, ZHONG("none"), CAMERAS], 74.52),
        ),
        "The pictures are the boxes of visible pixels already, so a detector cuts little off. The models are few and "
        "alike: both see through one backbone. Camera verification is by labels here, by the clusters of a camera "
        "model there.",
    ),
    PaperTable(
        "Steps without a table of their own, each beside the baseline",
        (
            Row("Baseline", []),
            Row("Query expansion by neighbours", [{"query_neighbours": {"k": NEIGHBOURS}}]),
            Row(
                "Camera mean subtracted (D, eq. 2)",
                [{"inter_camera_fusion": {"form": "mean", "weight": CAMERA_MEAN, "beside": False}}],
            ),
            Row("Inter-camera fusion, as released", [FUSION]),
            Row("Distance to the tracklet's nearest picture (E)", [{"distance": {"tracklets": "nearest"}}]),
            Row("Tracklet's mean feature", [{"distance": {"tracklets": "average"}}]),
            Row("Picture 0.3 + tracklet 0.7 (D, eq. 3)", [{"tracklet_mixing": {"own": 0.3}}]),
            Row("Query groups (A)", GROUPS),
            Row("Query groups and whole tracklets (A)", [*GROUPS, {"whole_tracklets": {"theta": FIRST_HIT}}]),
            Row(
                "Attribute constraint (A) by the set's own labels",
                [{"attribute_constraint": {"vehicle_type": PENALTY, "colour": PENALTY}}],
            ),
        ),
        "The attribute constraint is given true types and colours, for want of a network that tells them: it is what "
        "a perfect one would give.",
        cumulative=False,
    ),
)


def choices(value: Any) -> list[Choice]:
    """The choices inside of steps."""
    if isinstance(value, Choice):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [choice for part in parts for choice in choices(part)]


def filled(value: Any, chosen: dict[str, float], models: dict[str, str]) -> Any:
    """The same steps with chosen values in place of the choices, and models under the names that they have here.

    models  of "second", "camera" and "orientation", an embedder's name or a file of weights
    """
    if isinstance(value, Choice):
        return chosen[value.name]
    if isinstance(value, dict):
        return {key: filled(part, chosen, models) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, chosen, models) for part in value]
    return models.get(value, value) if isinstance(value, str) else value
