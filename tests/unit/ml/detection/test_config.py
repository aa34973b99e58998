"""Which settings decide what is detected."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ml.detection import DetectorConfig


@pytest.mark.parametrize(
    ("name", "change", "decides"),
    [
        ("nanodet", {"threads": 4}, False),
        ("nanodet", {"tiles": 2}, True),
        ("nanodet", {"second_look": 0.0}, True),
        ("nanodet", {"min_size": 400}, False),
        ("nanodet", {"masks": True}, False),
        ("maskrcnn-resnet50", {"min_size": 400}, True),
        ("maskrcnn-resnet50", {"masks": True}, True),
        ("maskrcnn-resnet50", {"mixed_precision": True}, True),
        ("maskrcnn-resnet50", {"second_look": 0.0}, False),
    ],
)
def test_only_settings_that_the_detector_reads_decide(name: str, change: dict[str, object], decides: bool) -> None:
    config = DetectorConfig(name=name)
    changed = replace(config, **change)  # type: ignore[arg-type]
    assert (changed.deciding() != config.deciding()) == decides
