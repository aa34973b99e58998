"""The trackers of roboflow's `trackers` (Apache-2.0), each with the search space that its authors publish.

What they make of each frame is theirs; since tracking here is not live, they are then given the same clean-up as
ours, by the same code: short tracks dropped, gaps filled, boxes smoothed, as the search finds best for each.
The cameras do not move, so BoT-SORT's compensation of camera motion is off; none of them takes appearance features.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.tracking import TrackerConfig
from ml.tracking.cleanup import cleaned
from ml.types import Detections, Tracklet
from tests.benchmarks.comparison.contenders import CLEAN_UP, SCORE, Contender
from tests.benchmarks.comparison.search import Between, Settings

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("CROSSTRACK_DATA", ROOT / ".crosstrack")) / "peers"  # filled by .make/bench
CLASSES = {
    "SORT": "SORTTracker",
    "ByteTrack": "ByteTrackTracker",
    "OC-SORT": "OCSORTTracker",
    "BoT-SORT": "BoTSORTTracker",
    "C-BIoU": "CBIoUTracker",
}
FIXED: dict[str, dict[str, object]] = {"BoT-SORT": {"enable_cmc": False}}
_THRESHOLDS = ("track_activation_threshold", "high_conf_det_threshold")
_NOT_HERE = ("cmc_downscale",)
_REFERENCE_RATE = 30.0  # at it a buffer of n means n frames
Boxes = npt.NDArray[np.float32]
Row = tuple[int, Boxes, float]  # frame, box, score


def peer_names(folder: Path = FOLDER) -> list[str]:
    """The peers that can be made: all, or none where they are not set up (tests/benchmarks/peers.txt)."""
    if not (folder / "trackers").is_dir():
        return []
    if str(folder) not in sys.path:
        sys.path.append(str(folder))  # at the end: what the product has goes before what the peers brought along
    return list(CLASSES)


def peers_version(folder: Path = FOLDER) -> str:
    """The version of the peers' package, "" where it is not set up."""
    return version("trackers") if peer_names(folder) else ""


def peer(name: str) -> Contender:
    """One peer with its search space; its score thresholds are drawn where our detectors' scores lie."""
    peer_names()
    kind, given = getattr(import_module("trackers"), CLASSES[name]), import_module("supervision").Detections
    published = {key: _between(entry) for key, entry in kind.search_space.items() if key not in _NOT_HERE}
    space = {**published, **{key: SCORE for key in _THRESHOLDS if key in published}, **CLEAN_UP}

    def track(detections: Detections, frame_count: int, settings: Settings) -> list[Tracklet]:
        chosen = {key: value for key, value in settings.items() if key not in CLEAN_UP}
        tracker = kind(frame_rate=_REFERENCE_RATE, **FIXED.get(name, {}), **chosen)
        found = followed(tracker, detections, frame_count, given)
        tracklets = [cleaned(tracklet, clean_up(settings)) for tracklet in found]
        return [tracklet for tracklet in tracklets if tracklet is not None]

    return Contender(name, True, space, track)


def followed(tracker: Any, detections: Detections, frame_count: int, given: Callable[..., Any]) -> list[Tracklet]:
    """What a peer's tracker says of each frame, by identity; -1 is nobody yet. `given` makes what it takes."""
    rows: dict[int, list[Row]] = {}
    for frame, found in detections.by_frame(0, frame_count - 1):
        result = tracker.update(given(xyxy=found.boxes, confidence=found.scores, class_id=found.classes))
        for number, box, score in _named(result):
            rows.setdefault(number, []).append((frame, box, score))
    return [_tracklet(place, listed) for place, listed in enumerate(rows.values(), start=1)]


def clean_up(settings: Settings) -> TrackerConfig:
    """The part of the settings that our clean-up reads."""
    chosen = {name: value for name, value in settings.items() if name in CLEAN_UP}
    return TrackerConfig(**chosen)  # type: ignore[arg-type]


def _named(result: Any) -> Iterator[tuple[int, Boxes, float]]:
    if result.tracker_id is None:
        return
    for number, box, score in zip(result.tracker_id.tolist(), result.xyxy, result.confidence.tolist(), strict=True):
        if number >= 0:
            yield number, box, score


def _tracklet(number: int, rows: list[Row]) -> Tracklet:
    frames, boxes, scores = zip(*rows, strict=True)
    return Tracklet(number, np.array(frames, np.int32), np.array(boxes, np.float32), np.array(scores, np.float32))


def _between(entry: dict[str, Any]) -> Between:
    low, high = entry["range"]
    return Between(int(low), int(high) - 1) if entry["type"] == "randint" else Between(float(low), float(high))
