"""What the public functions of matching refuse; a new one that refuses nothing fails here."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from types import ModuleType

import numpy as np
import pytest

import ml.matching
import ml.matching.graph
import ml.matching.search
from ml.matching import (
    MatcherConfig,
    candidate_pairs,
    constrained_sync,
    electricity_sync,
    links,
    links_from_cameras,
    roomy_links,
    synchronise,
)
from ml.matching.graph import (
    NO_PAIRS,
    Grouping,
    Regrouping,
    attached,
    conflicting_pairs,
    expected_changes,
    group_tracklets,
    regroup,
    review_order,
    settled_pairs,
    shared_iou,
    stable_numbers,
)
from ml.matching.links import learned_links, peak_of
from ml.matching.search import Wanted, nearest, nearest_tracklets
from ml.types import CameraLink, CameraTracklet, Tracklet, UserError
from tests.unit.ml.matching.scene import tracklet

SCENE = [tracklet(7, "a", 0, 5), tracklet(8, "b", 10, 15)]
LINKS, ONE_NAN = links_from_cameras("ab"), np.array([0.5, np.nan])
NOT_A_WINDOW = [CameraLink("a", "b", np.nan, 5.0)]
TURNED = [CameraLink("a", "b", 5.0, 1.0)]
PAIR, FAR, LOOP = np.array([[0, 1]]), np.array([[0, 9]]), np.array([[1, 1]])
FLAT = np.zeros(2, np.int64)
HALVES = np.full(2, 0.5)
LOOK, NO_LOOK = np.ones(2, np.float32), np.full(2, np.nan, np.float32)
SEEN = Tracklet(3, np.array([0], np.int32), np.array([[0, 0, 9, 9]], np.float32), np.ones(1, np.float32))
BOXLESS = replace(SEEN, boxes=np.zeros((2, 4), np.float32))
NOWHERE = replace(SEEN, boxes=np.full((1, 4), np.nan, np.float32))

Case = tuple[Callable[[], object], str, str]  # a call, its code, and words of the sentence


def of_scene(match: Callable[[list[CameraTracklet]], object]) -> list[Case]:
    """What everything refuses that takes tracklets with looks."""
    first, last = SCENE
    broken = {
        "broken-times": (replace(last, start_s=np.nan), "8"),
        "broken-embedding": (replace(last, mean=NO_LOOK, views=NO_LOOK[None]), "8"),
        "mixed-embeddings": (
            replace(last, mean=np.ones(3, np.float32), views=np.ones((1, 3), np.float32)),
            "one model",
        ),
        "wrong-shape": (replace(last, mean=LOOK[None], views=LOOK), "8"),
    }
    return [(partial(match, [first, other]), code, words) for code, (other, words) in broken.items()]


def of_links(match: Callable[[list[CameraLink]], object]) -> list[Case]:
    return [(partial(match, wrong), "bad-link", "a -> b") for wrong in (NOT_A_WINDOW, TURNED)]


def of_decisions(match: Callable[..., object], code: str) -> Iterator[Case]:
    for name in ("must_links", "cannot_links"):
        for wrong in (FAR, LOOP, PAIR[0], np.ones((1, 2))):
            yield partial(match, **{name: wrong}), code, name


def strategy(sync: Callable[..., object], config: MatcherConfig) -> list[Case]:
    return [
        *of_scene(lambda scene: sync(scene, LINKS, config=config)),
        *of_links(lambda links_: sync(SCENE, links_, config=config)),
        *of_decisions(partial(sync, SCENE, LINKS, config=config), "bad-decisions"),
    ]


def grouped(**wrong: object) -> Grouping:
    sound: dict[str, object] = {"edges": PAIR, "distances": np.zeros(1)}
    return group_tracklets(2, **{**sound, **wrong})  # type: ignore[arg-type]


def regrouped(**wrong: object) -> Regrouping:
    sound = {"pairs": PAIR, "distances": np.zeros(1), "eligible": np.ones(1, np.bool_), "strategy": "constrained"}
    return regroup(2, **{**sound, "probabilities": np.ones(1, np.float32), **wrong})  # type: ignore[arg-type]


PAPER, OURS = MatcherConfig(strategy="electricity"), MatcherConfig(strategy="constrained")
REFUSED: dict[Callable[..., object], list[Case]] = {
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
        (lambda: regrouped(distances=ONE_NAN[1:]), "not-a-number", "distances"),
        (lambda: regrouped(eligible=np.ones(3, np.bool_)), "wrong-shape", "eligible"),
        (lambda: regrouped(probabilities=ONE_NAN[1:]), "not-a-number", "probabilities"),
        (lambda: regrouped(probabilities=np.full(1, 1.5)), "not-a-probability", "1.5"),
        (lambda: regrouped(probabilities=None), "no-probabilities", "match again"),
        (lambda: regrouped(strategy="nearest"), "bad-configuration", "electricity, constrained"),
    ],
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
        *of_scene(lambda scene: nearest_tracklets(LOOK, scene, top=1))[1:],
    ],
}
CASES = [pytest.param(*case, id=f"{each.__name__}-{case[1]}") for each, cases in REFUSED.items() for case in cases]


def public(module: ModuleType) -> set[Callable[..., object]]:
    """The functions that a package offers, or that a module has itself."""
    names = getattr(module, "__all__", [name for name, value in vars(module).items() if own(module, value)])
    functions: Iterator[Callable[..., object]] = (getattr(module, name) for name in names if not name.startswith("_"))
    return {each for each in functions if inspect.isroutine(each)}


def own(module: ModuleType, value: object) -> bool:
    return getattr(value, "__module__", "") == module.__name__


def test_every_public_function_is_here() -> None:
    modules = (ml.matching, ml.matching.graph, ml.matching.search, links)

    assert set().union(*map(public, modules)) == set(REFUSED)


@pytest.mark.parametrize(("call", "code", "words"), CASES)
def test_what_it_refuses_it_names(call: Callable[[], object], code: str, words: str) -> None:
    with pytest.raises(UserError) as refused:
        call()

    assert refused.value.code == code
    assert words in str(refused.value)


def test_what_is_not_refused() -> None:
    """Nothing at all is no mistake, and cameras of links may have seen no vehicle."""
    elsewhere = [CameraLink("x", "y", 0, 5)]
    for config in (PAPER, OURS):
        assert len(synchronise([], LINKS, config=config).labels) == 0
        assert synchronise(SCENE, elsewhere, config=config).labels.tolist() == [0, 1]
    assert learned_links([], LINKS, OURS) == []
    assert regrouped(pairs=LOOP).labels.tolist() == grouped(edges=LOOP).labels.tolist() == [0, 1]
    assert regroup(0, NO_PAIRS, distances=np.zeros(0), eligible=np.zeros(0, np.bool_)).labels.tolist() == []
    assert links_from_cameras([]) == roomy_links(["a"]) == []
