"""What both strategies refuse, and how they say it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ml.matching import MatcherConfig, links_from_cameras, synchronise
from ml.matching.graph.regroup import STRATEGIES
from ml.types import CameraTracklet, UserError
from tests.unit.ml.matching.scene import tracklet

SCENE = [tracklet(7, "a", 0, 5), tracklet(8, "b", 10, 15)]


def refusal(scene: list[CameraTracklet], strategy: str, **decisions: Any) -> UserError:
    with pytest.raises(UserError) as caught:
        synchronise(scene, links_from_cameras("ab"), config=MatcherConfig(strategy=strategy), **decisions)
    return caught.value


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("times", [{"start_s": np.nan}, {"end_s": np.inf}, {"end_s": 9.0}])
def test_times_that_cannot_be_are_refused_by_the_tracklets_name(strategy: str, times: dict[str, Any]) -> None:
    refused = refusal([SCENE[0], replace(SCENE[1], **times)], strategy)
    assert refused.code == "broken-times"
    assert "Tracklet 8 of camera b" in str(refused)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("name", ["must_links", "cannot_links"])
@pytest.mark.parametrize(
    "pairs",
    [
        np.array([[0, 2]]),
        np.array([[-1, 0]]),
        np.array([[1, 1]]),
        np.array([0, 1]),
        np.zeros((1, 3), int),
        np.ones((1, 2)),
    ],
)
def test_decisions_about_what_is_not_there_are_refused(strategy: str, name: str, pairs: np.ndarray) -> None:
    refused = refusal(SCENE, strategy, **{name: pairs})

    assert refused.code == "bad-decisions"
    assert name in str(refused)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_looks_that_are_no_numbers_or_of_two_models_are_refused(strategy: str) -> None:
    broken = replace(SCENE[1], mean=np.full(2, np.nan, np.float32), views=np.full((1, 2), np.nan, np.float32))
    longer = replace(SCENE[1], mean=np.ones(3, np.float32), views=np.ones((1, 3), np.float32))

    assert refusal([SCENE[0], broken], strategy).code == "broken-embedding"
    assert refusal([SCENE[0], longer], strategy).code == "mixed-embeddings"


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_scene_without_tracklets_is_no_mistake(strategy: str) -> None:
    result = synchronise([], links_from_cameras("ab"), config=MatcherConfig(strategy=strategy))

    assert len(result.labels) == len(result.pairs.left) == 0
