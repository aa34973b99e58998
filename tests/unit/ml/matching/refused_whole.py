"""What the functions refuse that match, group, order and search, with words of the sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ml.matching import (
    MatcherConfig,
    candidate_pairs,
    constrained_sync,
    electricity_sync,
    links_from_cameras,
    roomy_links,
    synchronise,
)
from ml.matching.graph import (
    NO_PAIRS,
    Grouping,
    Regrouping,
    attached,
    chances_between,
    conflicting_pairs,
    expected_changes,
    group_tracklets,
    meetings,
    regroup,
    review_order,
    settled_pairs,
    shared_iou,
    stable_numbers,
)
from ml.matching.graph.regroup import require_strategy
from ml.matching.links import learned_links, peak_of
from ml.matching.search import Wanted, nearest, nearest_tracklets
from tests.unit.ml.matching.cases import (
    BOXLESS,
    FAR,
    FLAT,
    HALVES,
    LINKS,
    LOOK,
    LOOP,
    NO_LOOK,
    NOWHERE,
    ONE_NAN,
    OURS,
    PAIR,
    PAPER,
    SCENE,
    SEEN,
    Case,
    of_decisions,
    of_links,
    of_scene,
)


def strategy(sync: Callable[..., object], config: MatcherConfig) -> list[Case]:
    return [
        *of_scene(lambda scene: sync(scene, LINKS, config=config)),
        *of_links(lambda links_: sync(SCENE, links_, config=config)),
        *of_decisions(partial(sync, SCENE, LINKS, config=config), "bad-decisions"),
    ]


def grouped(**wrong: Any) -> Grouping:
    sound: dict[str, Any] = {"edges": PAIR, "distances": np.zeros(1)}
    return group_tracklets(2, **{**sound, **wrong})


def regrouped(**wrong: Any) -> Regrouping:
    sound = {"pairs": PAIR, "distances": np.zeros(1), "eligible": np.ones(1, np.bool_), "strategy": "constrained"}
    return regroup(2, **{**sound, "probabilities": np.ones(1, np.float32), **wrong})


WHOLE: dict[Callable[..., object], list[Case]] = {
    electricity_sync: strategy(electricity_sync, PAPER),
    constrained_sync: strategy(constrained_sync, OURS),
    synchronise: [*strategy(synchronise, PAPER), *strategy(synchronise, OURS)],
    candidate_pairs: [
        *of_scene(lambda scene: candidate_pairs(scene, LINKS))[:1],
        *of_links(lambda links_: candidate_pairs(SCENE, links_)),
    ],
    links_from_cameras: [
        (lambda: links_from_cameras(["a", "b", "a"]), "camera-twice", "a"),
        (lambda: links_from_cameras("ab", window_s=np.nan), "bad-link", "nan"),
        (lambda: links_from_cameras("ab", window_s=-1.0), "bad-link", "1.0 to -1.0"),
    ],
    roomy_links: [(lambda: roomy_links(["a", "b", "a"]), "camera-twice", "a")],
    learned_links: [
        *of_scene(lambda scene: learned_links(scene, LINKS, OURS)),
        *of_links(lambda links_: learned_links(SCENE, links_, OURS)),
    ],
    peak_of: [
        (lambda: peak_of(ONE_NAN, HALVES, width_s=9), "not-a-number", "transit times: number 1"),
        (lambda: peak_of(HALVES, ONE_NAN, width_s=9), "not-a-number", "votes: number 1"),
        (lambda: peak_of(HALVES, np.ones(3), width_s=9), "wrong-shape", "[2] are needed"),
        (lambda: peak_of(np.zeros(0), np.zeros(0), width_s=9), "no-votes", "0 votes"),
        (lambda: peak_of(HALVES, HALVES, width_s=0), "no-votes", "over 0 s"),
    ],
    conflicting_pairs: [
        (lambda: conflicting_pairs("ab", ONE_NAN, HALVES, []), "broken-times", "Tracklet 1"),
        (lambda: conflicting_pairs("ab", np.ones(2), HALVES, []), "broken-times", "from 1.0 to 0.5"),
        (lambda: conflicting_pairs("abc", HALVES, HALVES, []), "wrong-shape", "3 tracklets have [2] starts"),
    ],
    meetings: [
        (lambda: meetings("ab", ONE_NAN, HALVES, FLAT), "broken-times", "Tracklet 1"),
        (lambda: meetings(["a", "b"], HALVES, HALVES, FLAT[:1]), "wrong-shape", "groups"),
    ],
    group_tracklets: [
        *of_decisions(grouped, "bad-pairs"),
        (lambda: grouped(edges=FAR), "bad-pairs", "edges hold (0, 9); there are 2"),
        (lambda: grouped(conflicts=FAR), "bad-pairs", "conflicts"),
        (lambda: grouped(distances=ONE_NAN[1:]), "not-a-number", "distances: number 0"),
        (lambda: grouped(distances=HALVES), "wrong-shape", "[1] are needed"),
    ],
    regroup: [
        *of_decisions(regrouped, "bad-pairs"),
        (lambda: regrouped(pairs=FAR), "bad-pairs", "pairs hold (0, 9)"),
        (lambda: regrouped(conflicts=FAR), "bad-pairs", "conflicts"),
        (lambda: regrouped(overruled=FAR), "bad-pairs", "overruled"),
        (lambda: regrouped(distances=ONE_NAN[1:]), "not-a-number", "distances"),
        (lambda: regrouped(eligible=np.ones(3, np.bool_)), "wrong-shape", "eligible"),
        (lambda: regrouped(probabilities=ONE_NAN[1:]), "not-a-number", "probabilities"),
        (lambda: regrouped(probabilities=np.full(1, 1.5)), "not-a-probability", "1.5"),
        (lambda: regrouped(probabilities=None), "no-probabilities", "match again"),
        (lambda: regrouped(strategy="nearest"), "bad-configuration", "electricity, constrained"),
    ],
    require_strategy: [(lambda: require_strategy("nearest"), "bad-configuration", "electricity, constrained")],
    stable_numbers: [
        (lambda: stable_numbers(FLAT, FLAT[:1]), "wrong-shape", "previous numbers"),
        (lambda: stable_numbers(FLAT, FLAT, weights=ONE_NAN), "not-a-number", "weights: number 1"),
        (lambda: stable_numbers(FLAT, FLAT, weights=np.ones(3)), "wrong-shape", "weights"),
    ],
    expected_changes: [
        (lambda: expected_changes(ONE_NAN, FLAT, FLAT, FLAT > 0), "not-a-number", "chances: number 1"),
        (lambda: expected_changes(HALVES * 4, FLAT, FLAT, FLAT > 0), "not-a-probability", "2.0"),
        (lambda: expected_changes(HALVES, FLAT[:1], FLAT, FLAT > 0), "wrong-shape", "one_sizes"),
        (lambda: expected_changes(HALVES, FLAT, FLAT, FLAT[:1] > 0), "wrong-shape", "together"),
    ],
    settled_pairs: [
        (lambda: settled_pairs(FAR, FLAT, NO_PAIRS, NO_PAIRS), "bad-pairs", "pairs hold (0, 9)"),
        (lambda: settled_pairs(PAIR, FLAT, FAR, NO_PAIRS), "bad-pairs", "must_links"),
        (lambda: settled_pairs(PAIR, FLAT, NO_PAIRS, LOOP), "bad-pairs", "cannot_links"),
    ],
    chances_between: [
        (lambda: chances_between(FAR, HALVES[:1], FLAT), "bad-pairs", "pairs hold (0, 9)"),
        (lambda: chances_between(PAIR, ONE_NAN[1:], FLAT), "not-a-number", "chances"),
        (lambda: chances_between(PAIR, HALVES[:1] * 4, FLAT), "not-a-probability", "2.0"),
    ],
    review_order: [
        (lambda: review_order(FAR, HALVES[:1], FLAT, FLAT[:1] > 0), "bad-pairs", "pairs"),
        (lambda: review_order(PAIR, ONE_NAN[1:], FLAT, FLAT[:1] > 0), "not-a-number", "chances"),
        (lambda: review_order(PAIR, HALVES, FLAT, FLAT[:1] > 0), "wrong-shape", "chances"),
        (lambda: review_order(PAIR, HALVES[:1], FLAT, FLAT > 0), "wrong-shape", "open pairs"),
    ],
    attached: [
        (lambda: attached([SEEN], [BOXLESS]), "broken-boxes", "Tracklet 3 has [2, 4] boxes in 1 frames"),
        (lambda: attached([NOWHERE], [SEEN]), "broken-boxes", "finite"),
    ],
    shared_iou: [
        (lambda: shared_iou(SEEN, BOXLESS), "broken-boxes", "[2, 4] boxes in 1 frames"),
        (lambda: shared_iou(NOWHERE, SEEN), "broken-boxes", "finite"),
    ],
    nearest: [
        (lambda: nearest(LOOK, LOOK[None], top=1), "mixed-embeddings", "one model"),
        (lambda: nearest(LOOK[None], NO_LOOK[None], top=1), "broken-embedding", "row 0 of the gallery"),
        (lambda: nearest(LOOK[None], LOOK[None], top=0), "no-results-wanted", "at least 1"),
    ],
    nearest_tracklets: [
        (lambda: nearest_tracklets(NO_LOOK, SCENE, top=1), "broken-embedding", "query"),
        (lambda: nearest_tracklets(np.ones(3, np.float32), SCENE, top=1), "mixed-embeddings", "one model"),
        (
            lambda: nearest_tracklets(LOOK, SCENE, top=1, wanted=Wanted(frozenset("z"))),
            "unknown-camera",
            "there are a, b",
        ),
        (lambda: nearest_tracklets(LOOK, SCENE, top=1, wanted=Wanted(from_s=np.nan)), "not-a-number", "from nan"),
        *of_scene(lambda scene: nearest_tracklets(LOOK, scene, top=1)),
    ],
}
