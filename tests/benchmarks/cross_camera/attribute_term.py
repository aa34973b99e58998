"""Whether type and colour, as the network reads them, say more of two tracklets than their looks already do.

Fitted as `match_weights` does, on the benchmark city's pairs of the first 50 seconds, with one more column for each:
log sum_k p_i(k) p_j(k) / p(k), by how much likelier both readings are of one vehicle than of two, p the scene's mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.matching import MatcherConfig
from ml.matching.columns import Columns
from ml.matching.evidence import sigmoid
from ml.matching.graph import conflicting_pairs, regroup
from ml.matching.graph.growth import join_weights
from ml.matching.motion import SPEED_EDGES
from ml.matching.results import SyncedPairs
from ml.matching.strategies import default_links
from ml.pipeline.match import identities_of
from ml.types import Bool1D, Double1D, Double2D, Int1D
from tests.benchmarks.cross_camera import match_weights
from tests.benchmarks.cross_camera.city_tracklets import TUNE_S, SceneTracklets, score

LEAST = 1e-3  # of a probability under a quotient


@dataclass(frozen=True, slots=True)
class Term:
    """log_loss by half: sum over its pairs with known vehicles; weights of the added columns."""

    title: str
    tune: float
    test: float
    weights: list[float]


def attribute_terms(found: SceneTracklets) -> list[Term]:
    """The looks and motion alone, and with type, colour and both beside them."""
    columns, ids = Columns.of(found.matchable), found.identities
    links = found.scene.links or default_links(match_weights.CONFIG, found.cameras)
    parts = list(match_weights._observed(columns, links, match_weights.usual_look(found)))
    earlier, later = (np.concatenate([part[place] for part in parts]) for place in (1, 2))
    seen, same = match_weights.joined([part[0] for part in parts]), ids[earlier] == ids[later]
    known = (ids[earlier] > 0) & (ids[later] > 0)
    tune = known & (columns.ends_s[earlier] < TUNE_S) & (columns.ends_s[later] < TUNE_S)
    base = np.column_stack(
        (
            seen.appearance,
            seen.same,
            match_weights._both_headings(seen),
            np.eye(len(SPEED_EDGES) + 1)[seen.motion.speed],
        )
    )
    types, colours = (ratios(table)[earlier, later] for table in _readings(found))
    data = match_weights.Judged(same, tune.astype(np.float64))
    terms = []
    for title, added in (("neither", []), ("type", [types]), ("colour", [colours]), ("both", [types, colours])):
        table = np.column_stack((base, *added))
        constant, weights = match_weights.regression(data, table, np.zeros(len(table)))
        odds = constant + table @ weights
        losses = {name: _log_loss(odds, same, half) for name, half in (("tune", tune), ("test", known & ~tune))}
        terms.append(Term(title, losses["tune"], losses["test"], weights[base.shape[1] :].tolist()))
    return terms


@dataclass(frozen=True, slots=True)
class Gain:
    """IDF1 of the whole, the tune and the test half with a term beside the matcher's own evidence; its weights."""

    title: str
    idf1: tuple[float, float, float]
    weights: list[float]


def attribute_gains(found: SceneTracklets, config: MatcherConfig) -> list[Gain]:
    """What type, colour and both bring: added to the log-odds of each pair, weights and a constant fitted to tune."""
    ids, ends = found.identities, np.array([one.end_s for one in found.matchable])
    sync = identities_of(found.matchable, found.cameras, found.scene.links, config)[1]
    assert sync.pairs.probability is not None
    left, right, odds = sync.pairs.left, sync.pairs.right, join_weights(sync.pairs.probability, 0.5)
    tune = (ids[left] > 0) & (ids[right] > 0) & (np.maximum(ends[left], ends[right]) < TUNE_S)
    data = match_weights.Judged(ids[left] == ids[right], tune.astype(np.float64))
    types, colours = (ratios(table)[left, right] for table in _readings(found))
    gains = [Gain("as matched", _scores(found, sync.labels), [])]
    for title, added in (("a constant", []), ("type", [types]), ("colour", [colours]), ("both", [types, colours])):
        table = np.array(added).reshape(len(added), len(odds)).T
        constant, weights = match_weights.regression(data, table, odds)
        labels = _grouped(found, sync.pairs, sigmoid(odds + constant + table @ weights), config)
        gains.append(Gain(title, _scores(found, labels), [constant, *weights.tolist()]))
    return gains


def _scores(found: SceneTracklets, labels: Int1D) -> tuple[float, float, float]:
    whole, tune, test = (score(found, labels, half)["idf1"] for half in (None, "tune", "test"))
    return whole, tune, test


def _grouped(found: SceneTracklets, pairs: SyncedPairs, probabilities: Double1D, config: MatcherConfig) -> Int1D:
    one, links = found.matchable, found.scene.links or default_links(config, found.cameras)
    starts, ends = np.array([each.start_s for each in one]), np.array([each.end_s for each in one])
    return regroup(
        len(one),
        np.column_stack((pairs.left, pairs.right)),
        distances=pairs.distance_ab,
        eligible=pairs.eligible,
        probabilities=probabilities.astype(np.float32),
        strategy=config.strategy,
        join_probability=config.join_probability,
        conflicts=conflicting_pairs([each.camera for each in one], starts, ends, links),
    ).labels


def ratios(readings: Double2D) -> Double2D:
    """[n, n] log sum_k p_i(k) p_j(k) / p(k) of n readings [n, k]."""
    scaled = readings / np.sqrt(np.maximum(readings.mean(axis=0), LEAST))
    found: Double2D = np.log(scaled @ scaled.T + LEAST)
    return found


def _readings(found: SceneTracklets) -> tuple[Double2D, Double2D]:
    read = [one.attributes for one in found.matchable]
    assert all(each is not None for each in read), "embed with attributes"
    kept = [each for each in read if each is not None]
    return (
        np.array([each.types for each in kept], np.float64),
        np.array([each.colours for each in kept], np.float64),
    )


def _log_loss(odds: Double1D, same: Bool1D, rows: Bool1D) -> float:
    return float(np.logaddexp(0, -np.where(same, odds, -odds))[rows].sum())
