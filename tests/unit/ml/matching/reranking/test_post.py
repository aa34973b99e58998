"""Post files: what they may say, and that every step does what its function does, in the file's order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.matching.reranking.attributes import attribute_constrained
from ml.matching.reranking.cameras import (
    camera_and_orientation_bias,
    camera_bias_removed,
    camera_clusters,
    camera_verified,
    cluster_verified,
    inter_camera_fused,
)
from ml.matching.reranking.chain import Known, Pair, Views
from ml.matching.reranking.distance_steps import CameraVerification
from ml.matching.reranking.ensembles import combined_distances, concatenated
from ml.matching.reranking.expansion import expanded_by_clusters, expanded_by_neighbours
from ml.matching.reranking.groups import grouped_queries, whole_tracklets
from ml.matching.reranking.k_reciprocal import k_reciprocal
from ml.matching.reranking.measures import cosine, euclidean
from ml.matching.reranking.post import STEPS, apply_post, post_of, read_post
from ml.matching.reranking.ranking_steps import KReciprocal
from ml.matching.reranking.tracklets import (
    average_features,
    mixed_with_tracklet,
    nearest_frame,
    tracklet_distances,
    tracklet_k_reciprocal,
    weighted_features,
)
from ml.matching.reranking.windows import within_window
from ml.types import Float2D, UserError

QUERIES, GALLERY = 4, 12


def features(model: str, views: Views) -> Pair:
    """A made-up model for each name and each way of looking."""
    rng = np.random.default_rng([len(model), views.flip, round(100 * sum(views.scales)), views.cropped])
    made = rng.normal(size=(QUERIES + GALLERY, 5)).astype(np.float32)
    return made[:QUERIES], made[QUERIES:]


def side(count: int) -> Known:
    numbers = np.arange(count)
    camera = (numbers % 3).astype(np.int32)
    return Known(camera, numbers // 2, numbers.astype(np.float64), numbers % 2, numbers % 4)


Q, G = side(QUERIES), side(GALLERY)
A, B = features("first", Views())
PLAIN = cosine(A, B)
CAMERAS = Q.camera, G.camera


def result(*steps: Any, known: tuple[Known, Known] = (Q, G)) -> Float2D:
    chosen = post_of({"steps": list(steps)}, "file")
    return apply_post(chosen, features, model="first", query=known[0], gallery=known[1])


def averaged(change: Callable[[Float2D, Float2D], Pair]) -> Float2D:
    return combined_distances([PLAIN, cosine(*change(A, B))])


STEP_BY_STEP: list[tuple[Any, Callable[[], Float2D]]] = [
    ("camera_verification", lambda: camera_verified(PLAIN, *CAMERAS)),
    ({"views": {"scales": [1, 0.9]}}, lambda: cosine(*features("first", Views(True, (1.0, 0.9))))),
    ({"views": {"flip": False, "cropped": True}}, lambda: cosine(*features("first", Views(cropped=True)))),
    (
        {"ensemble": {"models": [{"model": "other", "weight": 0.5}], "weight": 2}},
        lambda: cosine(
            *(concatenated(pair, [2, 0.5]) for pair in zip((A, B), features("other", Views()), strict=True))
        ),
    ),
    (
        {"ensemble": {"models": [{"model": "other"}], "by": "distances", "weight": 3}},
        lambda: combined_distances([PLAIN, cosine(*features("other", Views()))], [3, 1]),
    ),
    ({"query_clusters": {"eps": 0.9}}, lambda: cosine(expanded_by_clusters(A, eps=0.9), B)),
    ({"query_neighbours": {"k": 2, "alpha": 3}}, lambda: cosine(expanded_by_neighbours(A, B, k=2, alpha=3), B)),
    ({"query_groups": {"theta": 2}}, lambda: cosine(grouped_queries(A, theta=2), B)),
    ({"inter_camera_fusion": {}}, lambda: averaged(lambda a, b: inter_camera_fused(a, b, *CAMERAS, weight=0.18))),
    (
        {"inter_camera_fusion": {"form": "mean", "weight": 0.5, "beside": False}},
        lambda: cosine(*camera_bias_removed(A, B, *CAMERAS, weight=0.5)),
    ),
    ({"tracklet_mixing": {"own": 0.4}}, lambda: cosine(A, mixed_with_tracklet(B, G.tracklet, own=0.4))),
    ({"distance": {"measure": "euclidean"}}, lambda: euclidean(A, B)),
    ({"distance": {"tracklets": "nearest"}}, lambda: nearest_frame(PLAIN, G.tracklet)),
    (
        {"distance": {"tracklets": "average"}},
        lambda: tracklet_distances(A, B, G.tracklet, pooling=average_features),
    ),
    ({"distance": {"tracklets": "weighted"}}, lambda: tracklet_distances(A, B, G.tracklet)),
    ({"k_reciprocal": {"k1": 3, "k2": 2, "lambda": 0.5}}, lambda: k_reciprocal(A, B, k1=3, k2=2, lambda_=0.5)),
    (
        {"k_reciprocal": {"k1": 3, "k2": 2, "tracklets": "average"}},
        lambda: tracklet_k_reciprocal(A, B, G.tracklet, pooling=average_features, k1=3, k2=2),
    ),
    (
        {"k_reciprocal": {"k1": 3, "k2": 2, "tracklets": "weighted", "threshold": 2, "measure": "euclidean"}},
        lambda: tracklet_k_reciprocal(
            A,
            B,
            G.tracklet,
            pooling=lambda *three: weighted_features(*three, threshold=2, measure="euclidean"),
            k1=3,
            k2=2,
        ),
    ),
    (
        {"camera_verification": {"model": "cameras", "eps": 0.8, "least": 2}},
        lambda: cluster_verified(PLAIN, *camera_clusters(*features("cameras", Views()), eps=0.8, least=2)),
    ),
    (
        {"camera_and_orientation_bias": {"camera_model": "cameras", "orientation_model": "turned"}},
        lambda: camera_and_orientation_bias(
            PLAIN, camera=cosine(*features("cameras", Views())), orientation=cosine(*features("turned", Views()))
        ),
    ),
    (
        {"attribute_constraint": {"vehicle_type": 0.25, "colour": 0.5}},
        lambda: attribute_constrained(
            PLAIN, (Q.vehicle_type, Q.colour), (G.vehicle_type, G.colour), type_penalty=0.25, colour_penalty=0.5
        ),
    ),
    ({"time_window": {"tau_s": 3}}, lambda: within_window(PLAIN, Q.time_s, G.time_s, tau_s=3)),
    ({"whole_tracklets": {"theta": 0.7}}, lambda: whole_tracklets(PLAIN, G.tracklet, theta=0.7)),
]


@pytest.mark.parametrize(("step", "expected"), STEP_BY_STEP, ids=[str(step) for step, _ in STEP_BY_STEP])
def test_a_step_does_what_its_function_does(step: Any, expected: Callable[[], Float2D]) -> None:
    assert result(step) == pytest.approx(expected(), abs=1e-6)


def test_every_step_is_tried_above() -> None:
    assert {step if isinstance(step, str) else next(iter(step)) for step, _ in STEP_BY_STEP} == set(STEPS)


def test_without_steps_it_is_cosine_distance() -> None:
    assert (result() == PLAIN).all()


def test_a_chain_by_hand() -> None:
    """The query at (0, 0), of camera 0 at 10 s: 5 to (3, 4), 10 to (6, 8), of its camera, 1 to (0, 1), 8 s later.

    The last one, at (0, 3), is 3 away.
    """
    looks = np.zeros((1, 2), np.float32), np.array([[3, 4], [6, 8], [0, 1], [0, 3]], np.float32)
    asked, there = side(1), side(4)
    asked = replace(asked, camera=np.array([0], np.int32), time_s=np.array([10.0]))
    there = replace(there, camera=np.array([1, 0, 2, 1], np.int32), time_s=np.array([5.0, 11.0, 18.0, 15.0]))
    steps = [{"distance": {"measure": "euclidean"}}, "camera_verification", {"time_window": {"tau_s": 5}}]

    found = apply_post(
        post_of({"steps": steps}, "file"), lambda model, views: looks, model="first", query=asked, gallery=there
    )

    assert found.tolist() == [[5, np.inf, np.inf, 3]]


def test_steps_follow_one_another() -> None:
    fused = inter_camera_fused(A, B, *CAMERAS)
    both = [k_reciprocal(*pair, k1=3, k2=2) for pair in ((A, B), fused)]

    found = result("inter_camera_fusion", {"k_reciprocal": {"k1": 3, "k2": 2}}, "camera_verification")

    assert found == pytest.approx(camera_verified(combined_distances(both), *CAMERAS), abs=1e-6)


def test_views_are_those_of_further_models_too() -> None:
    found = result("views", {"ensemble": {"models": [{"model": "other"}], "by": "distances"}})

    seen = [cosine(*features(model, Views(flip=True))) for model in ("first", "other")]
    assert found == pytest.approx(combined_distances(seen), abs=1e-6)


def test_a_step_that_is_switched_off_is_as_if_it_were_not_there() -> None:
    off = {"camera_verification": {"enabled": False}}

    assert (result({"k_reciprocal": {"k1": 3, "enabled": True}}, off) == k_reciprocal(A, B, k1=3)).all()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ([], "expected `steps:` with a list"),
        ({"steps": [], "order": 1}, "expected `steps:` with a list"),
        ({"steps": ["rerank"]}, "step 1: there is no step 'rerank'; choose from views, ensemble"),
        ({"steps": [{"views": {}, "distance": {}}]}, "step 1: expected one name with its settings"),
        (
            {"steps": [{"distance": {"mesure": "cosine"}}]},
            "step 1, distance: unknown setting 'mesure'; there are measure",
        ),
        ({"steps": [{"distance": 3}]}, "expected settings by name, found 3"),
        ({"steps": [{"distance": {"measure": "far"}}]}, "measure is 'far'; choose from euclidean, cosine"),
        ({"steps": [{"k_reciprocal": {"k1": "many"}}]}, "expected a whole number, found 'many'"),
        ({"steps": [{"k_reciprocal": {"lambda": 1.5}}]}, "re-ranking setting lambda is 1.5; it must be within 0..1"),
        ({"steps": [{"time_window": {}}]}, "setting 'tau_s' is missing"),
        ({"steps": [{"views": {"enabled": 1}}]}, "enabled is true or false, not 1"),
        ({"steps": [{"views": {"scales": []}}]}, "one or more within 0.1..2"),
        (
            {"steps": ["camera_verification", "inter_camera_fusion"]},
            "inter_camera_fusion must come before camera_verif",
        ),
        ({"steps": ["distance", "k_reciprocal"]}, "distance and k_reciprocal both make distances; leave one out"),
        ({"steps": ["camera_and_orientation_bias"]}, "name a camera_model, an orientation_model or both"),
        (
            {"steps": [{"ensemble": {"models": [{"model": "a"}]}}, "views"]},
            "views must be the first step: it makes all features anew",
        ),
    ],
)
def test_what_a_file_may_not_say(data: object, reason: str) -> None:
    with pytest.raises(UserError) as refused:
        post_of(data, "post.yaml")

    assert refused.value.code == "bad-configuration"
    assert reason in str(refused.value)


def test_files_are_read_and_named_in_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "post.yaml"
    path.write_text("steps:\n  - k_reciprocal: {k1: 7, lambda: 0.6}\n  - camera_verification:\n")
    assert read_post(path) == [
        ("k_reciprocal", KReciprocal(k1=7, k2=6, lambda_=0.6)),
        ("camera_verification", CameraVerification(model=None, eps=0.3, least=10)),
    ]

    path.write_text("steps:\n  - k_reciprocal: {lamda: 0.6}\n")
    with pytest.raises(UserError, match=r"post.yaml: step 1, k_reciprocal: unknown setting 'lamda'"):
        read_post(path)


def test_what_a_step_refuses_names_the_step() -> None:
    alone = Known(G.camera, np.full(GALLERY, -1), G.time_s, G.vehicle_type, G.colour)

    with pytest.raises(UserError, match="step distance: no gallery picture has a tracklet") as refused:
        result({"distance": {"tracklets": "average"}}, known=(Q, alone))

    assert refused.value.code == "no-tracklets"


def test_times_that_are_not_known_are_refused_by_the_step_that_needs_them() -> None:
    timeless = Known(Q.camera, Q.tracklet, np.full(QUERIES, np.nan), Q.vehicle_type, Q.colour)

    with pytest.raises(UserError, match="step time_window: the time of query picture 1 is not known; leave out"):
        result({"time_window": {"tau_s": 5}}, known=(timeless, G))
