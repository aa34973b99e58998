"""What the functions refuse of which matching is made, with words of the sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ml.matching import Pairs, appearance, evidence
from ml.matching.blocks import block_of, block_pairs, blocks, compared_pairs, links_between, ordered_pairs
from ml.matching.candidates import fragment_link
from ml.matching.columns import Columns
from ml.matching.distances import query_distances, query_gallery
from ml.matching.evidence import OrderedPairs, confirmed_pairs, observe, rival_scores, shipped_calibration, weigh
from ml.matching.link_pictures import camera_graph, link_histogram
from ml.matching.motion import motion_between
from ml.matching.ranges import expanded
from ml.matching.strategies import default_links
from ml.matching.sync import joinable
from ml.matching.transit import transit_scores, transit_tables
from ml.types import Float1D
from tests.unit.ml.matching.cases import (
    BROKEN_LOOKS,
    COLUMNS,
    FLAT,
    HALVES,
    LEARNED,
    LOOK,
    LOOKS,
    NO_ROW,
    NO_VOTES,
    NONE,
    ONE_NAN,
    OURS,
    PAPER,
    ROW,
    SCENE,
    STATES,
    TIMELESS,
    USUAL,
    Case,
    of_links,
    of_pairs,
    of_scene,
)


def scored(cosine: Any = HALVES[:1], **wrong: Any) -> object:
    sound = {"looks": LOOKS, "cameras": COLUMNS.cameras, "left": ROW, "right": ROW + 1, "usual": USUAL}
    return appearance.appearance_scores(cosine=cosine, **{**sound, **wrong})


def weighed(**wrong: Any) -> object:
    """With what was seen of the scene's pair changed, or what was confirmed of it."""
    seen = observe(COLUMNS, OrderedPairs(ROW, ROW + 1, np.ones(1)), camera_bias=0.0, usual=USUAL)
    confirmed = wrong.pop("confirmed", np.zeros(1, np.bool_))
    return weigh(replace(seen, **wrong), shipped_calibration(), confirmed)


def able(forth: Float1D = HALVES[:1], back: Float1D = HALVES[:1], right: Any = ROW + 1) -> object:
    return joinable(SCENE, Pairs(ROW, right), forth, back, PAPER)


SIDE = np.zeros(2, np.int32)
PARTS: dict[Callable[..., object], list[Case]] = {
    Columns.of: [
        *of_scene(Columns.of),
        (lambda: Columns.of([replace(SCENE[0], mean=LOOK[:0])]), "wrong-shape", "tracklet 7"),
        (lambda: Columns.of([replace(SCENE[0], entry=np.zeros(2))]), "wrong-shape", "tracklet 7 on the ground"),
        (lambda: Columns.of([replace(SCENE[0], exit=np.zeros(5))]), "wrong-shape", "tracklet 7 on the ground"),
    ],
    query_gallery: [
        *of_scene(query_gallery)[1:],
        (lambda: query_gallery([replace(SCENE[0], views=LOOKS[:0])]), "no-views", "tracklet 7"),
        (lambda: query_gallery([replace(SCENE[0], views=LOOKS[:, :0])]), "wrong-shape", "tracklet 7"),
    ],
    query_distances: of_pairs(lambda pairs: query_distances(query_gallery(SCENE), pairs.earlier, pairs.later)),
    joinable: [
        (lambda: able(right=NO_ROW), "unknown-tracklet", "no tracklet 9; there are 2"),
        (lambda: able(right=ROW[:0]), "wrong-shape", "paired"),
        (lambda: able(forth=HALVES), "wrong-shape", "forth"),
        (lambda: able(back=ONE_NAN[1:]), "not-a-number", "back: number 0"),
    ],
    default_links: [
        (lambda: default_links(PAPER, ["a", "b", "a"]), "camera-twice", "Camera a"),
        (lambda: default_links(OURS, ["a", "b", "a"]), "camera-twice", "Camera a"),
    ],
    fragment_link: [(lambda: fragment_link("a", np.nan), "bad-link", "a -> a")],
    compared_pairs: of_links(lambda links_: compared_pairs(COLUMNS, links_, OURS)),
    blocks: of_links(lambda links_: list(blocks(COLUMNS, links_, OURS))),
    block_of: of_links(lambda links_: block_of(COLUMNS, links_, OURS)),
    block_pairs: of_links(lambda links_: block_pairs(COLUMNS, links_, OURS)),
    links_between: of_links(lambda links_: links_between("ab", links_)),
    ordered_pairs: of_pairs(lambda pairs: ordered_pairs(COLUMNS, pairs.earlier, pairs.later)),
    appearance.camera_bias_removed: [
        (lambda: appearance.camera_bias_removed(COLUMNS, np.nan), "bad-configuration", "within 0..1")
    ],
    appearance.cosines: [
        *of_pairs(lambda pairs: appearance.cosines(LOOKS, pairs.earlier, pairs.later)),
        (lambda: appearance.cosines(BROKEN_LOOKS, ROW, ROW), "broken-embedding", "tracklet 1"),
        (lambda: appearance.cosines(LOOK, ROW, ROW), "wrong-shape", "looks are [2]"),
    ],
    appearance.appearance_scores: [
        *of_pairs(lambda pairs: scored(left=pairs.earlier, right=pairs.later)),
        (lambda: scored(looks=BROKEN_LOOKS), "broken-embedding", "tracklet 1"),
        (lambda: scored(cosine=ONE_NAN[1:]), "not-a-number", "cosines"),
        (lambda: scored(cosine=HALVES), "wrong-shape", "cosines"),
        (lambda: scored(cameras=FLAT[:1]), "wrong-shape", "cameras"),
        (lambda: scored(cameras=FLAT - 1), "unknown-camera", "tracklet 0"),
    ],
    evidence.evidence: of_pairs(lambda pairs: evidence.evidence(COLUMNS, pairs, camera_bias=0.0)),
    confirmed_pairs: of_pairs(partial(confirmed_pairs, COLUMNS)),
    observe: [
        *of_pairs(lambda pairs: observe(COLUMNS, pairs, camera_bias=0.0, usual=USUAL)),
        (lambda: observe(COLUMNS, TIMELESS, camera_bias=0.0, usual=USUAL), "not-a-number", "gaps"),
        (lambda: observe(COLUMNS, NONE, camera_bias=2.0, usual=USUAL), "bad-configuration", "within 0..1"),
    ],
    weigh: [
        (lambda: weighed(confirmed=FLAT > 0), "wrong-shape", "confirmed"),
        (lambda: weighed(appearance=HALVES), "wrong-shape", "appearance"),
        (lambda: weighed(appearance=ONE_NAN[1:]), "not-a-number", "appearance"),
        (lambda: weighed(gaps_s=ONE_NAN[1:]), "not-a-number", "transit times"),
    ],
    rival_scores: [
        (lambda: rival_scores(ONE_NAN, (SIDE, SIDE)), "not-a-number", "log-odds: number 1"),
        (lambda: rival_scores(HALVES, (SIDE, ROW)), "wrong-shape", "sides"),
    ],
    motion_between: [
        (lambda: motion_between(STATES, STATES, ONE_NAN), "not-a-number", "gaps: number 1"),
        (lambda: motion_between(STATES[:1], STATES, HALVES), "wrong-shape", "exits of 2 pairs are [1, 4]"),
        (lambda: motion_between(STATES, STATES[:, :2], HALVES), "wrong-shape", "entries of 2 pairs are [2, 2]"),
    ],
    **{
        learn: [
            (partial(learn, FLAT, ONE_NAN, HALVES), "not-a-number", "transit times: number 1"),
            (partial(learn, FLAT, HALVES, ONE_NAN), "not-a-number", "probabilities: number 1"),
            (partial(learn, FLAT, HALVES, HALVES * 4), "not-a-probability", "2.0"),
            (partial(learn, FLAT, HALVES[:1], HALVES), "wrong-shape", "transit times"),
            (partial(learn, FLAT - 1, HALVES, HALVES), "unknown-link", "pair 0"),
        ]
        for learn in (transit_tables, transit_scores)
    },
    expanded: [(lambda: expanded(FLAT, FLAT[:1]), "wrong-shape", "[2] ranges begin and [1] end")],
    link_histogram: [
        (lambda: link_histogram(replace(LEARNED, votes=ONE_NAN)), "not-a-number", "votes: number 1"),
        (lambda: link_histogram(replace(LEARNED, gaps_s=HALVES[:1])), "wrong-shape", "transit times"),
        (lambda: link_histogram(replace(LEARNED, peak_s=np.nan)), "not-a-number", "peak"),
        (lambda: link_histogram(NO_VOTES), "no-votes", "Link a -> b"),
    ],
    camera_graph: [
        (lambda: camera_graph("aba", []), "camera-twice", "Camera a"),
        (lambda: camera_graph("a", [LEARNED]), "unknown-camera", "camera b; the cameras are a"),
    ],
}
