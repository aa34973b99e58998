"""The trackers of roboflow's `trackers` (Apache-2.0), each with the search space that its authors publish.

What they make of each frame is theirs; since tracking here is not live, they are then given the same clean-up as
ours: short tracks dropped, gaps filled in a straight line, both with settings of their own that the search finds.
The cameras do not move, so BoT-SORT's compensation of camera motion is off; none of them takes appearance features.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.types import Detections, Tracklet
from tests.benchmarks.comparison.contenders import GAP, LENGTH, SCORE, Contender
from tests.benchmarks.comparison.search import Between, Settings, Space, Value

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("CROSSTRACK_DATA", ROOT / ".crosstrack")) / "peers"  # filled by .make/bench
CLASSES = {
    "SORT": "SORTTracker",
    "ByteTrack": "ByteTrackTracker",
    "OC-SORT": "OCSORTTracker",
    "BoT-SORT": "BoTSORTTracker",
    "C-BIoU": "CBIoUTracker",
}
CLEAN_UP: Space = {"min_length": LENGTH, "max_gap": GAP}
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
    kind = getattr(import_module("trackers"), CLASSES[name])
    published = {key: _between(entry) for key, entry in kind.search_space.items() if key not in _NOT_HERE}
    space = {**published, **{key: SCORE for key in _THRESHOLDS if key in published}, **CLEAN_UP}

    def track(detections: Detections, frame_count: int, settings: Settings) -> list[Tracklet]:
        chosen = {key: value for key, value in settings.items() if key not in CLEAN_UP}
        tracker = kind(frame_rate=_REFERENCE_RATE, **FIXED.get(name, {}), **chosen)
        return cleaned(followed(tracker, detections, frame_count), settings)

    return Contender(name, True, space, track)


def followed(tracker: Any, detections: Detections, frame_count: int) -> list[Tracklet]:
    """What a peer's tracker says of each frame, by identity; -1 is nobody yet."""
    package = import_module("supervision")
    rows: dict[int, list[Row]] = {}
    for frame, found in detections.by_frame(0, frame_count - 1):
        given = package.Detections(xyxy=found.boxes, confidence=found.scores, class_id=found.classes)
        result = tracker.update(given)
        for number, box, score in _named(result):
            rows.setdefault(number, []).append((frame, box, score))
    return [_tracklet(place, listed) for place, listed in enumerate(rows.values(), start=1)]


def cleaned(tracklets: list[Tracklet], settings: Settings) -> list[Tracklet]:
    """Tracklets of `min_length` boxes or more, gaps of up to `max_gap` frames filled in a straight line."""
    long = [tracklet for tracklet in tracklets if len(tracklet) >= settings.get("min_length", 1)]
    return [filled(tracklet, settings.get("max_gap", 0)) for tracklet in long]


def filled(tracklet: Tracklet, max_gap: Value) -> Tracklet:
    """The tracklet with a box in every frame of each gap of up to `max_gap` frames."""
    steps = np.diff(tracklet.frames)
    every = np.arange(tracklet.first_frame, tracklet.last_frame + 1, dtype=np.int32)
    gap = np.concatenate((np.repeat(steps, steps) - 1, [0]))  # how long the gap is that each frame lies in
    frames = every[np.isin(every, tracklet.frames) | (gap <= max_gap)]
    boxes = np.stack([np.interp(frames, tracklet.frames, side) for side in tracklet.boxes.T], axis=1)
    scores = np.interp(frames, tracklet.frames, tracklet.scores)
    return Tracklet(tracklet.number, frames, boxes.astype(np.float32), scores.astype(np.float32), tracklet.category)


def _named(result: Any) -> Iterator[tuple[int, Boxes, float]]:
    if result.tracker_id is None or not len(result):
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
