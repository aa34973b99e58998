"""Trackers by name, ours and the peers', behind one interface: detections in, tracklets out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ml.config import load_preset
from ml.tracking import TrackerConfig, create_tracker
from ml.types import Detections, Tracklet
from tests.benchmarks.comparison.search import Between, Settings, Space

Track = Callable[[Detections, int, Settings], Sequence[Tracklet]]  # detections, frames, settings


@dataclass(frozen=True, slots=True)
class Contender:
    """A tracker of the table. `space` is what the search sets; what it does not name keeps its default."""

    name: str
    peer: bool
    space: Space
    track: Track


SCORE = Between(0.1, 0.6)  # where the scores of the light detectors lie; the same for every threshold of every tracker
CLEAN_UP: Space = {"min_length": Between(1, 15), "interpolate_gap": Between(0, 40), "smoothing": Between(0.0, 3.0)}
_COMMON: Space = {
    "min_score": SCORE,
    "confirm_hits": Between(2, 4),
    "max_cosine_distance": Between(0.1, 0.5),
    "max_iou_distance": Between(0.5, 0.9),
    **CLEAN_UP,
}
PRESET = "cpu-light"  # the tracker of the light preset as it is: nothing is searched
OWN_SPACES: dict[str, Space] = {
    "deepsort": {**_COMMON, "max_age": Between(5, 40)},
    "jde": {**_COMMON, "max_age": Between(5, 40), "appearance_momentum": Between(0.8, 0.98)},
    PRESET: {},
    "stitched": {
        **_COMMON,
        "begin_score": SCORE,
        "max_age": Between(4, 12),
        "stitch_gap": Between(40, 120),
        "stitch_motion": Between(1.0, 3.0),
    },
}


def own(name: str) -> Contender:
    """A tracker of the registry, or the light preset's as it is."""
    base = load_preset(PRESET).tracker if name == PRESET else TrackerConfig.of(name=name)

    def track(detections: Detections, frame_count: int, settings: Settings) -> list[Tracklet]:
        tracker = create_tracker(replace(base, **settings))  # type: ignore[arg-type]
        for frame, found in detections.by_frame(0, frame_count - 1):
            tracker.update(frame, found)
        return tracker.flush()

    return Contender(name, False, OWN_SPACES[name], track)
