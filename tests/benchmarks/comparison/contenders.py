"""Trackers by name, ours and the peers', behind one interface: detections in, tracklets out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ml.tracking import TrackerConfig, create_tracker
from ml.types import Detections, Tracklet
from tests.benchmarks.comparison.search import Between, Settings, Space

Track = Callable[[Detections, int, Settings], Sequence[Tracklet]]  # detections, frames, settings


@dataclass(frozen=True, slots=True)
class Contender:
    """A tracker of the table. `space` is what the search may set; a setting left out keeps its default."""

    name: str
    peer: bool
    space: Space
    track: Track


SCORE = Between(0.1, 0.6)  # where the scores of the light detectors lie; the same for every threshold of every tracker
LENGTH = Between(1, 15)
GAP = Between(0, 20)
DEEPSORT_SPACE = {
    "min_score": SCORE,
    "confirm_hits": Between(1, 4),
    "max_age": Between(5, 60),
    "max_cosine_distance": Between(0.05, 0.7),
    "max_iou_distance": Between(0.4, 0.95),
    "gate": Between(6.0, 40.0),
    "min_length": LENGTH,
}
OWN_SPACES: dict[str, Space] = {
    "deepsort": DEEPSORT_SPACE,
}


def own(name: str) -> Contender:
    """A tracker of the registry."""

    def track(detections: Detections, frame_count: int, settings: Settings) -> list[Tracklet]:
        tracker = create_tracker(replace(TrackerConfig(name=name), **settings))  # type: ignore[arg-type]
        for frame, found in detections.by_frame(0, frame_count - 1):
            tracker.update(frame, found)
        return tracker.flush()

    return Contender(name, False, OWN_SPACES[name], track)
