"""Scenes of two cameras and few vehicles, cut out of the benchmark city."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from ml.matching import MatcherConfig
from ml.matching.candidates import NEIGHBOURS
from ml.pipeline.match import identities_of
from tests.benchmarks.cross_camera.city_tracklets import TUNE_S, SceneTracklets


@dataclass(frozen=True)
class PairCounts:
    """Of the pairs of tracklets that are joined or should be: right, wrong, missing."""

    right: int = 0
    wrong: int = 0
    missing: int = 0

    def __add__(self, other: PairCounts) -> PairCounts:
        return PairCounts(self.right + other.right, self.wrong + other.wrong, self.missing + other.missing)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(2 * self.right + self.wrong + self.missing, 1)


def small_scenes(
    found: SceneTracklets, sizes: Iterable[int], seeds: Sequence[int], half: str = "tune"
) -> Iterator[SceneTracklets]:
    """For each size, seed and two cameras near each other: so many vehicles in either, drawn at random.

    Of the second camera first those of the first that come there too, so that as many are in both as would be.
    """
    names = np.array([one.camera for one in found.matchable])
    starts, ends = (np.array([getattr(one, name) for one in found.matchable]) for name in ("start_s", "end_s"))
    inside = (ends < TUNE_S if half == "tune" else starts >= TUNE_S) & (found.identities > 0)
    near = [(i, j) for i, j in combinations(range(len(found.cameras)), 2) if j - i <= NEIGHBOURS]
    for size in sizes:
        for seed in seeds:
            for i, j in near:
                rng = np.random.default_rng([seed, size, i, j])
                one, other = (inside & (names == found.cameras[place]) for place in (i, j))
                first = rng.permutation(np.unique(found.identities[one]))[:size]
                second = _rather(first, np.unique(found.identities[other]), size, rng)
                drawn = (one & np.isin(found.identities, first)) | (other & np.isin(found.identities, second))
                yield found.take(np.flatnonzero(drawn))


def joins(scene: SceneTracklets, config: MatcherConfig) -> PairCounts:
    """What a match of the scene makes of its pairs."""
    names = sorted({one.camera for one in scene.matchable})
    groups = identities_of(scene.matchable, names, None, config)[0]
    one, other = np.triu_indices(len(groups), 1)
    true, given = (each[one] == each[other] for each in (scene.identities, groups))
    return PairCounts(int((true & given).sum()), int((given & ~true).sum()), int((true & ~given).sum()))


def _rather(
    wanted: npt.NDArray[np.int64], there: npt.NDArray[np.int64], size: int, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """`size` of those that are there, the wanted ones first."""
    shared = np.intersect1d(wanted, there)
    return np.concatenate((shared, rng.permutation(np.setdiff1d(there, shared))[: size - len(shared)]))
