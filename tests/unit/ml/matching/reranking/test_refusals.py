"""What every step refuses, with a code for programs and a sentence for people."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy import sparse

from ml.matching import reranking
from ml.matching.reranking import checks
from ml.matching.reranking.attributes import attribute_constrained
from ml.matching.reranking.cameras import (
    camera_and_orientation_bias,
    camera_bias_removed,
    camera_clusters,
    camera_verified,
    cluster_verified,
    inter_camera_fused,
)
from ml.matching.reranking.chain import Known
from ml.matching.reranking.clusters import clustered, dbscan
from ml.matching.reranking.ensembles import averaged_views, combined_distances, concatenated
from ml.matching.reranking.expansion import expanded_by_clusters, expanded_by_neighbours
from ml.matching.reranking.groups import grouped_queries, whole_tracklets
from ml.matching.reranking.k_reciprocal import add_jaccard, encoded, k_reciprocal, require_settings
from ml.matching.reranking.measures import cosine, euclidean, measured
from ml.matching.reranking.neighbours import nearest, within
from ml.matching.reranking.post import apply_post, post_of, read_post
from ml.matching.reranking.tracklets import (
    average_features,
    dense_tracklets,
    mixed_with_tracklet,
    nearest_frame,
    tracklet_distances,
    tracklet_k_reciprocal,
    weighted_features,
)
from ml.matching.reranking.windows import within_window
from ml.types import Float2D, Int1D, UserError

ONE: Float2D = np.ones((1, 2), np.float32)
TWO: Float2D = np.ones((2, 2), np.float32)
SEEN: Int1D = np.zeros(1, np.int32)
BOTH: Int1D = np.zeros(2, np.int32)
TIMES = np.zeros(2)
NUMBERS = np.arange(2)  # of tracklets
NAN = np.full((2, 2), np.nan, np.float32)
NONE: Float2D = np.zeros((0, 2), np.float32)
PAIRS: dict[str, Callable[[Float2D, Float2D], object]] = {
    "euclidean": euclidean,
    "cosine": cosine,
    "k_reciprocal": k_reciprocal,
    "tracklet_k_reciprocal": lambda query, gallery: tracklet_k_reciprocal(query, gallery, BOTH),
    "tracklet_distances": lambda query, gallery: tracklet_distances(query, gallery, BOTH),
    "expanded_by_neighbours": lambda query, gallery: expanded_by_neighbours(query, gallery, k=1),
    "camera_clusters": lambda query, gallery: camera_clusters(query, gallery, eps=1, least=1),
    "camera_bias_removed": lambda query, gallery: camera_bias_removed(query, gallery, SEEN, BOTH, weight=1),
    "inter_camera_fused": lambda query, gallery: inter_camera_fused(query, gallery, SEEN, BOTH),
}
SETS: dict[str, Callable[[Float2D], object]] = {
    "dbscan": lambda features: dbscan(features, eps=1, least=1),
    "expanded_by_clusters": lambda features: expanded_by_clusters(features, eps=1),
    "grouped_queries": lambda features: grouped_queries(features, theta=1),
    "encoded": lambda features: encoded(features, k1=1, k2=1),
    "mixed_with_tracklet": lambda features: mixed_with_tracklet(features, BOTH),
    "averaged_views": lambda features: averaged_views([TWO, features]),
    "concatenated": lambda features: concatenated([TWO, features]),
}
MATRICES: dict[str, Callable[[Float2D], object]] = {
    "camera_verified": lambda distances: camera_verified(distances, BOTH, BOTH),
    "cluster_verified": lambda distances: cluster_verified(distances, np.zeros(2, np.int64), np.zeros(2, np.int64)),
    "camera_and_orientation_bias": lambda distances: camera_and_orientation_bias(TWO, camera=distances),
    "attribute_constrained": lambda distances: attribute_constrained(
        distances, (BOTH, BOTH), (BOTH, BOTH), type_penalty=1, colour_penalty=1
    ),
    "within_window": lambda distances: within_window(distances, TIMES, TIMES, tau_s=1),
    "combined_distances": lambda distances: combined_distances([TWO, distances]),
}
ANY_SIZE: dict[str, Callable[[Float2D], object]] = {
    "camera_and_orientation_bias": camera_and_orientation_bias,
    "combined_distances": lambda distances: combined_distances([distances]),
    "nearest_frame": lambda distances: nearest_frame(distances, BOTH),
    "whole_tracklets": lambda distances: whole_tracklets(distances, BOTH, theta=1),
}


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(UserError) as refused:
        call()
    return refused.value.code


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize(
    ("query", "gallery", "code"),
    [
        (NAN[:1], TWO, "not-a-number"),
        (ONE, NAN, "not-a-number"),
        (NONE, TWO, "empty-set"),
        (ONE, NONE, "empty-set"),
        (ONE[0], TWO, "wrong-shape"),
        (ONE[:, :1], TWO, "wrong-shape"),
    ],
)
def test_pairs_of_features(name: str, query: Float2D, gallery: Float2D, code: str) -> None:
    assert code_of(lambda: PAIRS[name](query, gallery)) == code


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(
    ("features", "code"),
    [(NAN, "not-a-number"), (NONE, "empty-set"), (TWO[0], "wrong-shape"), (TWO > 0, "wrong-shape")],
)
def test_sets_of_features(name: str, features: Float2D, code: str) -> None:
    assert code_of(lambda: SETS[name](features)) == code


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize(("distances", "code"), [(NAN, "not-a-number"), (ONE, "wrong-shape"), (TWO[0], "wrong-shape")])
def test_matrices_of_distances(name: str, distances: Float2D, code: str) -> None:
    assert code_of(lambda: MATRICES[name](distances)) == code


@pytest.mark.parametrize("name", ANY_SIZE)
@pytest.mark.parametrize(
    ("distances", "code"),
    [(NAN, "not-a-number"), (TWO[0], "wrong-shape"), (TWO[None], "wrong-shape"), (NONE, "empty-set")],
)
def test_matrices_of_any_size(name: str, distances: Float2D, code: str) -> None:
    assert code_of(lambda: ANY_SIZE[name](distances)) == code


UNKNOWN: Int1D = np.array([-1], np.int32)
ELSEWHERE: Int1D = np.array([5], np.int32)


def penalised(penalty: float, types: Int1D) -> Float2D:
    return attribute_constrained(TWO, (types, BOTH), (BOTH, BOTH), type_penalty=penalty, colour_penalty=1)


def posted(query: Float2D, gallery: Float2D, *steps: object) -> Float2D:
    """After the steps, of pictures of which nothing is known."""

    def known(count: int) -> Known:
        nothing = np.full(count, -1, np.int32)
        return Known(nothing, nothing, np.full(count, np.nan), nothing, nothing)

    sides = known(len(query)), known(len(gallery))
    post = post_of({"steps": list(steps)}, "here")
    return apply_post(post, lambda model, views: (query, gallery), model="", query=sides[0], gallery=sides[1])


ONLY_SOME: list[tuple[Callable[[], object], str]] = [
    (lambda: camera_verified(TWO[:1], UNKNOWN, BOTH), "unknown-camera"),
    (lambda: camera_verified(TWO[:, :1], BOTH, UNKNOWN), "unknown-camera"),
    (lambda: camera_bias_removed(ONE, TWO, UNKNOWN, BOTH, weight=1), "unknown-camera"),
    (lambda: inter_camera_fused(ONE, TWO, ELSEWHERE, BOTH), "unknown-camera"),
    (lambda: inter_camera_fused(ONE, TWO, BOTH, BOTH), "wrong-shape"),
    (lambda: inter_camera_fused(ONE, TWO, SEEN, BOTH, weight=0), "bad-configuration"),
    (lambda: within_window(TWO, np.array([0, np.nan]), TIMES, tau_s=1), "unknown-time"),
    (lambda: within_window(TWO, TIMES, TIMES, tau_s=-1), "bad-configuration"),
    (lambda: within_window(TWO, TIMES[:, None], TIMES, tau_s=1), "wrong-shape"),
    (lambda: camera_bias_removed(ONE, TWO, SEEN, BOTH, weight=float("nan")), "bad-configuration"),
    (lambda: camera_and_orientation_bias(TWO, orientation_weight=float("nan")), "bad-configuration"),
    (lambda: cluster_verified(TWO, np.zeros((2, 1), np.int64), np.zeros(2, np.int64)), "wrong-shape"),
    (lambda: penalised(float("nan"), BOTH), "bad-configuration"),
    (lambda: penalised(1.0, SEEN), "wrong-shape"),
    (lambda: clustered(sparse.csr_array(TWO[:1]), least=1), "wrong-shape"),
    (lambda: clustered(sparse.csr_array(TWO), least=0), "bad-configuration"),
    (lambda: add_jaccard(TWO, sparse.csr_array(TWO), sparse.csr_array(ONE)), "wrong-shape"),
    (lambda: add_jaccard(TWO, sparse.csr_array(TWO), sparse.csr_array(TWO[:, :1])), "wrong-shape"),
    (lambda: add_jaccard(TWO, sparse.csr_array(TWO), sparse.csr_array(NAN)), "not-a-number"),
    (lambda: dense_tracklets(BOTH[None]), "wrong-shape"),
    (lambda: average_features(TWO, NAN, NUMBERS), "not-a-number"),
    (lambda: average_features(TWO, NONE, NUMBERS[:0]), "empty-set"),
    (lambda: average_features(TWO, TWO, NUMBERS[:1]), "wrong-shape"),
    (lambda: average_features(TWO, TWO, NUMBERS + 1), "unknown-tracklet"),
    (lambda: average_features(TWO, TWO, NUMBERS - 1), "unknown-tracklet"),
    (lambda: weighted_features(NAN, TWO, NUMBERS), "not-a-number"),
    (lambda: weighted_features(TWO, NONE, NUMBERS[:0]), "empty-set"),
    (lambda: weighted_features(TWO, TWO, NUMBERS[:1]), "wrong-shape"),
    (lambda: weighted_features(TWO, TWO, NUMBERS * 2), "unknown-tracklet"),
    (lambda: weighted_features(TWO, TWO, NUMBERS, threshold=float("nan")), "bad-configuration"),
    (lambda: post_of({"steps": ["nothing"]}, "here"), "bad-configuration"),
    (lambda: read_post(Path("nowhere.yaml")), "bad-configuration"),
    (lambda: posted(ONE, NAN), "not-a-number"),
    (lambda: posted(ONE, NONE), "empty-set"),
    (lambda: posted(ONE[0], TWO), "wrong-shape"),
    (lambda: posted(ONE, TWO, "camera_verification"), "unknown-camera"),
    (lambda: posted(ONE, TWO, {"time_window": {"tau_s": 1}}), "unknown-time"),
    (lambda: posted(ONE, TWO, {"whole_tracklets": {"theta": 1}}), "no-tracklets"),
    (lambda: nearest(NAN, 1), "not-a-number"),
    (lambda: nearest(NONE, 1), "empty-set"),
    (lambda: nearest(TWO[0], 1), "wrong-shape"),
    (lambda: within(NAN, 1), "not-a-number"),
    (lambda: within(NONE, 1), "empty-set"),
    (lambda: within(TWO[0], 1), "wrong-shape"),
    (lambda: tracklet_k_reciprocal(ONE, TWO, SEEN), "wrong-shape"),
    (lambda: nearest_frame(TWO, SEEN), "wrong-shape"),
    (lambda: whole_tracklets(TWO, SEEN, theta=1), "wrong-shape"),
    (lambda: whole_tracklets(TWO, BOTH, theta=-1), "bad-configuration"),
    (lambda: mixed_with_tracklet(TWO, BOTH, own=2), "bad-configuration"),
    (lambda: grouped_queries(TWO, theta=-1), "bad-configuration"),
    (lambda: expanded_by_neighbours(ONE, TWO, k=0), "bad-configuration"),
    (lambda: expanded_by_clusters(TWO, eps=-1), "bad-configuration"),
    (lambda: dbscan(TWO, eps=1, least=0), "bad-configuration"),
    (lambda: k_reciprocal(ONE, TWO, k1=0), "bad-configuration"),
    (lambda: k_reciprocal(ONE, TWO, k2=0), "bad-configuration"),
    (lambda: k_reciprocal(ONE, TWO, lambda_=1.5), "bad-configuration"),
    (lambda: encoded(TWO, k1=0, k2=1), "bad-configuration"),
    (lambda: measured(ONE, NAN, "cosine"), "not-a-number"),
    (lambda: measured(ONE, TWO, "manhattan"), "bad-configuration"),
    (lambda: require_settings(0, 1, 0.3), "bad-configuration"),
    (lambda: averaged_views([]), "empty-set"),
    (lambda: averaged_views([TWO, ONE]), "wrong-shape"),
    (lambda: concatenated([TWO, ONE]), "wrong-shape"),
    (lambda: concatenated([TWO], weights=[1, 1]), "bad-configuration"),
    (lambda: concatenated([TWO, TWO], weights=[0, 0]), "bad-configuration"),
    (lambda: combined_distances([]), "empty-set"),
    (lambda: combined_distances([TWO], weights=[-1]), "bad-configuration"),
]


@pytest.mark.parametrize(("call", "code"), ONLY_SOME)
def test_what_only_some_steps_need(call: Callable[[], object], code: str) -> None:
    assert code_of(call) == code


def test_the_sentence_names_the_picture() -> None:
    with pytest.raises(UserError, match="the camera of gallery picture 2 is not known; label every picture"):
        camera_verified(TWO, BOTH, np.array([0, -1], np.int32))
    with pytest.raises(UserError, match="row 1 of the gallery features holds something that is no number"):
        euclidean(ONE, NAN)


def test_every_function_is_tried_here() -> None:
    """A new one that refuses nothing fails here."""
    listed = pkgutil.iter_modules(reranking.__path__, f"{reranking.__name__}.")
    modules = [importlib.import_module(each.name) for each in listed if each.name != checks.__name__]
    public = {name for module in modules for name, value in vars(module).items() if own(module, name, value)}
    tried = {name for call in (penalised, posted, *(call for call, _ in ONLY_SOME)) for name in call.__code__.co_names}

    assert public - {*PAIRS, *SETS, *MATRICES, *ANY_SIZE, *tried} == set()


def own(module: ModuleType, name: str, value: object) -> bool:
    return inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
