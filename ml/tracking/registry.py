"""Trackers by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ml.tracking.config import TrackerConfig
from ml.tracking.deepsort import DeepSort
from ml.tracking.jde import Jde
from ml.tracking.stitched import Stitched
from ml.types import Detections, Tracklet, UserError


class Tracker(Protocol):
    """Makes tracklets of one camera's detections, frame by frame, in memory that the video's length does not change."""

    def update(self, frame: int, detections: Detections) -> None:
        """Take the detections of `frame`; frames must increase."""

    def finished(self) -> list[Tracklet]:
        """Hand over the tracklets closed since the last call."""

    def flush(self) -> list[Tracklet]:
        """Close what is open and hand over the rest."""


TRACKERS: dict[str, Callable[[TrackerConfig], Tracker]] = {"deepsort": DeepSort, "jde": Jde, "stitched": Stitched}


def create_tracker(config: TrackerConfig) -> Tracker:
    """A fresh tracker by `config.name`. UserError "unknown-tracker" names those there are."""
    if config.name not in TRACKERS:
        raise UserError("unknown-tracker", f"there is no tracker {config.name!r}; choose from {', '.join(TRACKERS)}")
    return TRACKERS[config.name](config)
