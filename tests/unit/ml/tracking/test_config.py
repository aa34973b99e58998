"""Each tracker's own defaults."""

from dataclasses import replace
from typing import Any

import pytest

from ml.config import PipelineConfig, load_preset
from ml.tracking import TrackerConfig
from ml.tracking.config import OWN_DEFAULTS
from ml.tracking.registry import TRACKERS
from ml.types import UserError

PAPERS = {"max_age": 20, "interpolate_gap": 0, "smoothing": 0.0, "stitch_gap": 0, "min_length": 8}
OURS = {"max_age": 6, "interpolate_gap": 40, "smoothing": 1.5, "stitch_gap": 100, "min_length": 8}


def chosen(config: TrackerConfig) -> dict[str, Any]:
    return {name: getattr(config, name) for name in PAPERS}


@pytest.mark.parametrize(("name", "expected"), [("deepsort", PAPERS), ("jde", PAPERS), ("stitched", OURS)])
def test_a_configuration_that_names_a_tracker_gets_its_defaults(name: str, expected: dict[str, Any]) -> None:
    tracker = PipelineConfig.from_dict({"tracker": {"name": name, "min_score": 0.25}}).tracker

    assert (tracker.name, tracker.min_score) == (name, 0.25)
    assert chosen(tracker) == expected


def test_what_a_configuration_states_goes_before_the_trackers_defaults() -> None:
    tracker = PipelineConfig.from_dict({"tracker": {"name": "deepsort", "max_age": 6, "smoothing": 1.5}}).tracker

    assert chosen(tracker) == {**PAPERS, "max_age": 6, "smoothing": 1.5}


def test_without_a_name_the_defaults_are_those_of_the_default_tracker() -> None:
    assert PipelineConfig.from_dict({"tracker": {}}).tracker == TrackerConfig() == TrackerConfig.of(name="stitched")


def test_another_tracker_brings_its_own_memory_and_keeps_the_rest() -> None:
    light, close = (load_preset(name).tracker for name in ("cpu-light", "cpu-close"))

    assert replace(light, min_score=0.2).with_tracker("jde") == TrackerConfig.of(name="jde", min_score=0.2)
    assert chosen(close.with_tracker("stitched")) == {**OURS, "min_length": close.min_length}
    assert close.with_tracker("deepsort") is close


def test_every_tracker_has_its_defaults() -> None:
    assert set(OWN_DEFAULTS) == set(TRACKERS)


def test_an_unknown_kind_of_features_is_refused() -> None:
    with pytest.raises(UserError, match="features is 'roi'; choose from detector, reid, none"):
        PipelineConfig.from_dict({"tracker": {"features": "roi"}})


def test_boxes_cannot_be_smoothed_over_all_time() -> None:
    with pytest.raises(UserError, match="smoothing is inf; it must be finite"):
        TrackerConfig(smoothing=float("inf"))
