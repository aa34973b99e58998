"""Which settings decide what is detected."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ml.detection import DetectorConfig
from ml.types import UserError


@pytest.mark.parametrize(
    ("name", "change", "decides"),
    [
        ("nanodet", {"threads": 4}, False),
        ("nanodet", {"decode": "auto"}, False),
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
def test_only_settings_that_the_detector_reads_decide(name: str, change: dict[str, Any], decides: bool) -> None:
    config = DetectorConfig(name=name)
    changed = replace(config, **change)
    assert (changed.deciding() != config.deciding()) == decides


def test_decoding_by_what_there_is_not_is_refused() -> None:
    with pytest.raises(UserError, match=r"decode is 'gpu'; choose from cpu, auto, cuda"):
        DetectorConfig(decode="gpu")
