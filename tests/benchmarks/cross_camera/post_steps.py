"""What the papers' post-processing steps bring to identities: ELECTRICITY's join rule on the distances after each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ml.matching import MatcherConfig, candidate_pairs
from ml.matching.distances import QueryGallery, query_gallery
from ml.matching.graph import conflicting_pairs, group_tracklets
from ml.matching.reranking.chain import Known
from ml.matching.reranking.checks import UNKNOWN
from ml.matching.reranking.post import apply_post, post_of
from ml.matching.strategies import default_links
from ml.matching.sync import joinable
from ml.types import Float2D, Int1D
from tests.benchmarks.cross_camera.city_tracklets import SceneTracklets, score
from tests.benchmarks.poststeps.tables import CLUSTER, NEAR, TABLES, filled

# Tracklets have looks, no pictures to be seen anew or by other models; and only other cameras' are compared as it is.
LEFT_OUT = {"views", "ensemble", "camera_verification", "camera_and_orientation_bias"}
CHOSEN = {NEAR.name: 0.4, CLUSTER.name: 0.6}  # docs/benchmarks/reranking.md, on the vehicles that the network learned
SHARES = (0.005, 0.01, 0.015, 0.02, 0.03, 0.05)  # of the pairs that are near enough to be joined
Scores = dict[str | None, dict[str, float]]  # by half, None the whole
PAPER = MatcherConfig(strategy="electricity", camera_bias=0.0)


@dataclass(frozen=True)
class StepScore:
    """threshold: both max_thresh and sync_thresh, chosen on the tune half."""

    table: str
    name: str
    threshold: float
    scores: Scores


def step_scores(found: SceneTracklets) -> Iterator[StepScore]:
    """Each of the `step_rows`."""
    split = query_gallery(found.matchable)
    known: dict[str, tuple[float, Scores]] = {}
    for table, name, steps in step_rows():
        key = repr(steps)
        known[key] = known.get(key) or best_joins(found, tracklet_distances(found, split, steps))
        yield StepScore(table, name, *known[key])


def step_rows() -> Iterator[tuple[str, str, list[Any]]]:
    """(table, row, its steps) of the papers' tables, where the steps differ here from those of the row before."""
    for table in TABLES[:4]:
        before: Sequence[Any] | None = None
        for row in table.rows:
            steps = filled([step for step in row.steps if _name(step) not in LEFT_OUT], CHOSEN, {})
            if steps != before:
                yield table.title, row.name, steps
            before = steps


def step_table(found: SceneTracklets) -> Iterator[str]:
    """A row for each step."""
    yield "| table | after | threshold | IDF1 | IDP | IDR | IDF1 tune | IDF1 test |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|"
    for each in step_scores(found):
        whole, tune, test = (each.scores[half] for half in (None, "tune", "test"))
        shown = " | ".join(f"{value:.3f}" for value in (*whole.values(), tune["idf1"], test["idf1"]))
        yield f"| {each.table.split(':')[0]} | {each.name.removeprefix('+ ')} | {each.threshold:.3f} | {shown} |"


def tracklet_distances(found: SceneTracklets, split: QueryGallery, steps: list[Any]) -> Float2D:
    """[n, n] from each tracklet's query to the nearest look of each tracklet, after the steps."""
    owners = np.repeat(np.arange(len(split.queries)), np.diff(split.starts))
    sides = (_known(found, np.arange(len(split.queries))), _known(found, owners))
    post = post_of({"steps": steps}, "the papers' tables")
    to_looks = apply_post(
        post, lambda model, views: (split.queries, split.gallery), model="", query=sides[0], gallery=sides[1]
    )
    nearest: Float2D = np.minimum.reduceat(to_looks, split.starts[:-1], axis=1)
    return nearest


def best_joins(found: SceneTracklets, distances: Float2D) -> tuple[float, Scores]:
    """The threshold with the best IDF1 on the tune half, the least of equals, and the scores with it."""
    links = found.scene.links or default_links(PAPER, found.cameras)
    pairs = candidate_pairs(found.matchable, links)
    forth, back = distances[pairs.left, pairs.right], distances[pairs.right, pairs.left]
    farther = np.maximum(forth, back)
    starts, ends = (np.array([getattr(one, name) for one in found.matchable]) for name in ("start_s", "end_s"))
    conflicts = conflicting_pairs([one.camera for one in found.matchable], starts, ends, links)

    def labels(threshold: float) -> Int1D:
        config = replace(PAPER, max_thresh=threshold, sync_thresh=threshold)
        good = joinable(found.matchable, pairs, forth, back, config)
        edges = np.column_stack((pairs.left, pairs.right))[good]
        return group_tracklets(len(found.matchable), edges, farther[good], conflicts=conflicts).labels

    thresholds = np.quantile(farther, SHARES).round(3).tolist()
    best = max(thresholds, key=lambda threshold: score(found, labels(threshold), "tune")["idf1"])
    return best, {half: score(found, labels(best), half) for half in (None, "tune", "test")}


def _known(found: SceneTracklets, rows: Int1D | np.ndarray[Any, np.dtype[np.int64]]) -> Known:
    cameras = np.unique([one.camera for one in found.matchable], return_inverse=True)[1].astype(np.int32)
    nothing = np.full(len(rows), UNKNOWN)
    return Known(cameras[rows], rows.astype(np.int64), np.full(len(rows), np.nan), nothing, nothing)


def _name(step: Any) -> str:
    return step if isinstance(step, str) else str(next(iter(step)))
