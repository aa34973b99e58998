"""What the functions of matching make of nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Sized

import numpy as np

from ml.matching import (
    Pairs,
    appearance,
    candidate_pairs,
    constrained_sync,
    electricity_sync,
    evidence,
    links_from_cameras,
    roomy_links,
    synchronise,
)
from ml.matching.blocks import block_of, block_pairs, blocks, compared_pairs, links_between, ordered_pairs
from ml.matching.columns import Columns
from ml.matching.distances import query_distances, query_gallery
from ml.matching.evidence import confirmed_pairs, observe, rival_scores, shipped_calibration, weigh
from ml.matching.graph import (
    NO_PAIRS,
    attached,
    chances_between,
    conflicting_pairs,
    expected_changes,
    group_tracklets,
    meetings,
    regroup,
    review_order,
    settled_pairs,
    stable_numbers,
)
from ml.matching.links import learned_links
from ml.matching.motion import motion_between
from ml.matching.ranges import expanded
from ml.matching.search import nearest, nearest_tracklets
from ml.matching.strategies import default_links
from ml.matching.sync import joinable
from ml.matching.transit import transit_scores, transit_tables
from tests.unit.ml.matching.cases import COLUMNS, FLAT, HALVES, LINKS, LOOK, LOOKS, NONE, OURS, PAPER, ROW, USUAL

NO_COLUMNS, NO_PLACES, NO_VALUES = Columns.of([]), np.zeros((0, 4)), HALVES[:0]
NO_ROWS, NO_LOOKS = ROW[:0], LOOKS[:0]
NOTHING: dict[Callable[..., object], Callable[[], Sized]] = {
    electricity_sync: lambda: electricity_sync([], LINKS, config=PAPER).labels,
    constrained_sync: lambda: constrained_sync([], LINKS, config=OURS).labels,
    synchronise: lambda: synchronise([], LINKS, config=OURS).labels,
    candidate_pairs: lambda: candidate_pairs([], LINKS),
    links_from_cameras: lambda: links_from_cameras([]),
    roomy_links: lambda: roomy_links(["a"]),
    default_links: lambda: default_links(OURS, []),
    learned_links: lambda: learned_links([], LINKS, OURS),
    conflicting_pairs: lambda: conflicting_pairs("", NO_VALUES, NO_VALUES, LINKS),
    meetings: lambda: meetings("", NO_VALUES, NO_VALUES, NO_ROWS).pairs,
    group_tracklets: lambda: group_tracklets(0, NO_PAIRS, NO_VALUES).labels,
    regroup: lambda: regroup(0, NO_PAIRS, distances=NO_VALUES, eligible=NO_VALUES > 0).labels,
    stable_numbers: lambda: stable_numbers(NO_ROWS, NO_ROWS),
    expected_changes: lambda: expected_changes(NO_VALUES, NO_ROWS, NO_ROWS, NO_ROWS > 0),
    settled_pairs: lambda: settled_pairs(NO_PAIRS, FLAT, NO_PAIRS, NO_PAIRS),
    chances_between: lambda: chances_between(NO_PAIRS, NO_VALUES, FLAT),
    review_order: lambda: review_order(NO_PAIRS, NO_VALUES, FLAT, NO_ROWS > 0),
    attached: lambda: attached([], []),
    nearest: lambda: nearest(LOOKS, NO_LOOKS, top=1).rows.ravel(),
    nearest_tracklets: lambda: nearest_tracklets(LOOK, [], top=1),
    Columns.of: lambda: Columns.of([]).looks,
    query_gallery: lambda: query_gallery([]).queries,
    query_distances: lambda: query_distances(query_gallery([]), NO_ROWS, NO_ROWS),
    joinable: lambda: joinable([], Pairs(NO_ROWS, NO_ROWS), NO_LOOKS[:, 0], NO_LOOKS[:, 0], PAPER),
    compared_pairs: lambda: compared_pairs(NO_COLUMNS, LINKS, OURS).left,
    blocks: lambda: list(blocks(NO_COLUMNS, LINKS, OURS)),
    block_of: lambda: block_of(NO_COLUMNS, LINKS, OURS).left,
    block_pairs: lambda: block_pairs(NO_COLUMNS, LINKS, OURS)[0],
    links_between: lambda: links_between([], LINKS),
    ordered_pairs: lambda: ordered_pairs(NO_COLUMNS, NO_ROWS, NO_ROWS).earlier,
    appearance.camera_bias_removed: lambda: appearance.camera_bias_removed(NO_COLUMNS, 0.5),
    appearance.cosines: lambda: appearance.cosines(NO_LOOKS, NO_ROWS, NO_ROWS),
    appearance.appearance_scores: lambda: appearance.appearance_scores(
        NO_LOOKS, NO_COLUMNS.cameras, NO_LOOKS[:, 0], NO_ROWS, NO_ROWS, usual=USUAL
    ),
    evidence.evidence: lambda: evidence.evidence(NO_COLUMNS, NONE, camera_bias=0.0).log_odds,
    confirmed_pairs: lambda: confirmed_pairs(NO_COLUMNS, NONE),
    observe: lambda: observe(NO_COLUMNS, NONE, camera_bias=0.0, usual=USUAL).distances,
    weigh: lambda: (
        weigh(observe(COLUMNS, NONE, camera_bias=0.0, usual=USUAL), shipped_calibration(), NO_ROWS > 0).log_odds
    ),
    rival_scores: lambda: rival_scores(NO_VALUES, (NO_ROWS, NO_ROWS)),
    motion_between: lambda: motion_between(NO_PLACES, NO_PLACES, NO_VALUES).speed,
    transit_tables: lambda: transit_tables(NO_ROWS, NO_VALUES, NO_VALUES)[0],
    transit_scores: lambda: transit_scores(NO_ROWS, NO_VALUES, NO_VALUES),
    expanded: lambda: expanded(FLAT[:0], FLAT[:0])[1],
}
