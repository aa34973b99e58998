"""What goes wrong with the arguments of many functions of matching alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from ml.matching import MatcherConfig, links_from_cameras
from ml.matching.columns import Columns
from ml.matching.evidence import OrderedPairs, shipped_calibration
from ml.matching.links import LearnedLink
from ml.types import CameraLink, CameraTracklet, Tracklet
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
COLUMNS, ROW, NO_ROW = Columns.of(SCENE), np.array([0], np.int32), np.array([9], np.int32)
LOOKS, BROKEN_LOOKS = COLUMNS.looks, np.stack((LOOK, NO_LOOK))
NOT_THERE, BESIDE = OrderedPairs(ROW, NO_ROW, np.ones(1)), OrderedPairs(ROW, ROW[:0], np.ones(1))
TIMELESS = OrderedPairs(ROW, ROW + 1, ONE_NAN[1:])
NONE = OrderedPairs(ROW[:0], ROW[:0], HALVES[:0])
STATES = np.zeros((2, 4))
LEARNED = LearnedLink(LINKS[0], HALVES, HALVES, HALVES > 0, peak_s=0.5, spread_s=1.0, share=0.5, width_s=9.0)
ENDLESS = CameraLink("a", "b", -np.inf, np.inf)
NO_VOTES = replace(LEARNED, link=ENDLESS, gaps_s=HALVES[:0], votes=HALVES[:0], confirmed=HALVES[:0] > 0)
USUAL = shipped_calibration().usual
PAPER, OURS = MatcherConfig(strategy="electricity"), MatcherConfig(strategy="constrained")

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


def of_pairs(about: Callable[[OrderedPairs], object]) -> list[Case]:
    return [
        (partial(about, NOT_THERE), "unknown-tracklet", "no tracklet 9; there are 2"),
        (partial(about, BESIDE), "wrong-shape", "[1] tracklets cannot be paired with [0]"),
    ]
