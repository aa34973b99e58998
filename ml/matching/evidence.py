"""How probable it is that two tracklets are one vehicle: independent pieces of evidence, added up as log-odds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from ml.matching.appearance import Usual, appearance_scores, camera_bias_removed, cosines
from ml.matching.checks import require_pairs
from ml.matching.columns import Codes, Columns
from ml.matching.graph.checks import require_column
from ml.matching.motion import Motion, motion_between
from ml.matching.transit import transit_scores
from ml.types import Bool1D, Double1D, Float1D, Int1D

WEIGHTS_FILE = Path(__file__).with_name("log_odds.yaml")
ROUNDS = 3  # of learning transit times; after that they hardly change
UNTELLING = 0.0  # heading that says nothing


@dataclass(frozen=True, slots=True)
class OrderedPairs:
    """m pairs by index: the later one's vehicle may be the earlier one's. Seconds from its end to the other's start."""

    earlier: Int1D
    later: Int1D
    gaps_s: Double1D


@dataclass(frozen=True, slots=True)
class Weights:
    """What each piece of evidence counts for, in log-odds.

    constant, same_camera   of any pair, and of a pair within one camera on top
    appearance              of one standard deviation more alike (`appearance_scores`)
    heading, speed          by class (`Motion`); heading counts at both ends
    transit                 of one unit of the learned transit-time ratio
    rivals                  of one unit of log(1 + the odds of the other candidates) of either tracklet
    first_*                 instead of transit before any transit time is learned: of log(1 + seconds)
    """

    constant: float
    same_camera: float
    appearance: float
    heading: tuple[float, ...]
    speed: tuple[float, ...]
    transit: float
    rivals: float
    first_constant: float
    first_gap: float
    first_gap_same: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted: weights of pairs whose places on the ground are known, of others; how alike vehicles look."""

    ground: Weights
    plain: Weights
    usual: Usual


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of m pairs: log_odds [m] float64 that both are one vehicle, and the terms that add up to it."""

    log_odds: Double1D
    distances: Float1D
    terms: Mapping[str, Float1D]

    def probabilities(self) -> Float1D:
        return sigmoid(self.log_odds).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Observed:
    """What is seen of m pairs before anything is learned: the input of `weigh`.

    appearance [m] scores         same  [m] bool, one camera         links  [m] number of (earlier, later camera)
    sides      two [m] numbers: the earlier tracklet and the later one's camera; the later one and the earlier's camera
    """

    appearance: Double1D
    distances: Float1D
    motion: Motion
    same: npt.NDArray[np.bool_]
    gaps_s: Double1D
    links: Int1D
    sides: tuple[Int1D, Int1D]


def evidence(columns: Columns, pairs: OrderedPairs, *, camera_bias: float) -> Evidence:
    """Appearance, motion on the ground, transit times and rivals of each pair, weighed.

    columns      tracklets of the cameras that are compared, usually two: looks are measured against all of them
    camera_bias  share of each camera's mean look that is subtracted first

    UserError as of `observe`.
    """
    calibration = shipped_calibration()
    seen = observe(columns, pairs, camera_bias=camera_bias, usual=calibration.usual)
    return weigh(seen, calibration, confirmed_pairs(columns, pairs))


def confirmed_pairs(columns: Columns, pairs: OrderedPairs) -> Bool1D:
    """[m] true where people said that both are one vehicle. UserError: wrong-shape, unknown-tracklet."""
    require_pairs(pairs.earlier, pairs.later, len(columns.confirmed))
    one, other = (columns.confirmed[rows] for rows in (pairs.earlier, pairs.later))
    return np.asarray((one > 0) & (one == other), np.bool_)


def observe(columns: Columns, pairs: OrderedPairs, *, camera_bias: float, usual: Usual) -> Observed:
    """What is seen of the pairs; arguments as of `evidence` and `appearance_scores`.

    UserError: wrong-shape, unknown-tracklet, broken-embedding, not-a-number, bad-configuration.
    """
    require_pairs(pairs.earlier, pairs.later, len(columns.cameras))
    require_column(pairs.gaps_s, len(pairs.earlier), "the gaps")
    earlier, later, cameras = pairs.earlier, pairs.later, columns.cameras
    looks = camera_bias_removed(columns, camera_bias)
    cosine = cosines(looks, earlier, later)
    count = np.int64(max(len(columns.names), 1))
    return Observed(
        appearance=appearance_scores(looks, cameras, cosine, earlier, later, usual=usual),
        distances=np.sqrt(np.maximum(2 - 2 * cosine, 0)).astype(np.float32),
        motion=motion_between(columns.exits[earlier], columns.entries[later], pairs.gaps_s),
        same=cameras[earlier] == cameras[later],
        gaps_s=pairs.gaps_s,
        links=_numbered(cameras[earlier] * count + cameras[later]),
        sides=(_numbered(earlier * count + cameras[later]), _numbered(later * count + cameras[earlier])),
    )


def weigh(seen: Observed, calibration: Calibration, confirmed: Bool1D) -> Evidence:
    """Log-odds of each pair.

    Transit times are learned from the probabilities, and those from them again, `ROUNDS` times. A pair that people
    `confirmed` [m] has a whole vote in it; what the machine thinks of the others is what few of them are added to.

    UserError: wrong-shape, not-a-number.
    """
    require_column(confirmed, len(seen.gaps_s), "what was confirmed")
    require_column(seen.appearance, len(seen.gaps_s), "the appearance scores")
    by_pair = _Chosen(calibration, seen.motion.known)
    terms = by_pair.base(seen)
    base = sum_of(terms)
    probabilities = sigmoid(base + by_pair.first(seen))
    for _ in range(ROUNDS):
        transit = by_pair["transit"] * transit_scores(seen.links, seen.gaps_s, np.maximum(probabilities, confirmed))
        rivals = by_pair["rivals"] * rival_scores(base + transit, seen.sides)
        probabilities = sigmoid(base + transit + rivals)
    terms = {**terms, "transit": transit, "rivals": rivals}
    kept = {name: term.astype(np.float32) for name, term in terms.items()}
    return Evidence(base + transit + rivals, seen.distances, kept)


def rival_scores(log_odds: Double1D, sides: tuple[Int1D, Int1D]) -> Double1D:
    """[m] sum over both tracklets of log(1 + sum of the odds of their other candidates in the other one's camera).

    sides  two [m] numbers from 0: pairs of one number are rivals    UserError: wrong-shape, not-a-number.
    """
    require_column(log_odds, len(log_odds), "the log-odds")
    for side in sides:
        require_column(side, len(log_odds), "the sides")
    odds = np.exp(np.clip(log_odds, -30, 30))
    others = [np.bincount(side, odds)[side] - odds if len(odds) else odds for side in sides]
    scores: Double1D = np.log1p(np.maximum(others[0], 0)) + np.log1p(np.maximum(others[1], 0))
    return scores


def sigmoid(log_odds: Double1D) -> Double1D:
    probability: Double1D = 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
    return probability


def sum_of(terms: Mapping[str, Double1D]) -> Double1D:
    total: Double1D = np.sum(list(terms.values()), axis=0)
    return total


@cache
def shipped_calibration() -> Calibration:
    """What comes with the library; `python -m tests.benchmarks.cross_camera.match_weights` fitted it."""
    content = yaml.safe_load(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return Calibration(weights_of(content["ground"]), weights_of(content["plain"]), Usual(**content["usual"]))


@cache
def calibration_digest() -> str:
    """sha256 of the shipped calibration."""
    return hashlib.sha256(WEIGHTS_FILE.read_bytes()).hexdigest()


def weights_of(values: Mapping[str, float | list[float]]) -> Weights:
    """Weights from plain data."""
    return Weights(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})  # type: ignore[arg-type]


class _Chosen:
    """For each pair the weights of its kind."""

    def __init__(self, calibration: Calibration, known: npt.NDArray[np.bool_]) -> None:
        self._ground, self._plain, self._known = calibration.ground, calibration.plain, known

    def __getitem__(self, name: str) -> Double1D:
        ground, plain = float(getattr(self._ground, name)), float(getattr(self._plain, name))
        return np.where(self._known, ground, plain)

    def base(self, seen: Observed) -> dict[str, Double1D]:
        heading, speed = np.array([*self._ground.heading, UNTELLING]), np.array(self._ground.speed)
        driven = heading[seen.motion.leaving] + heading[seen.motion.arriving] + speed[seen.motion.speed]
        return {
            "prior": self["constant"] + self["same_camera"] * seen.same,
            "appearance": self["appearance"] * seen.appearance,
            "motion": np.where(self._known, driven, 0.0),
        }

    def first(self, seen: Observed) -> Double1D:
        gap = np.log1p(np.maximum(seen.gaps_s, 0))
        first: Double1D = self["first_constant"] + gap * np.where(seen.same, self["first_gap_same"], self["first_gap"])
        return first


def _numbered(codes: Codes) -> Int1D:
    return np.unique(codes, return_inverse=True)[1].astype(np.int32)
