"""The track stage: parts of detections in, parts of tracklets out, in the order the tracklets end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from ml.detection import inside_roi
from ml.pipeline.artefacts import part_path, parts, save_tracklets
from ml.pipeline.cache import StageCache, StageKey
from ml.pipeline.detect import read_detections
from ml.tracking import TrackerConfig, create_tracker
from ml.tracking.config import NONE
from ml.types import Detections, Mask, Progress, Tracklet, no_progress

VERSION = 2
KIND = "tracklets"
TRACKLETS_A_PART = 128

Spans = Iterable[tuple[int, int, Detections]]  # (first frame, last frame, their detections)


def track_key(detections: StageKey, config: TrackerConfig, roi: Mask | None) -> StageKey:
    """The detections, the tracker's settings and the region of interest decide the tracklets.

    detections  the key of the detect stage, or of the look stage where that gives the features
    """
    inputs = {"detections": detections.digest, "roi": roi_checksum(roi)}
    # `detections` tells the kinds of features apart, but for none; so tracks made before there were kinds still count.
    settings = {name: value for name, value in asdict(config).items() if name != "features" or value == NONE}
    return StageKey("track", VERSION, inputs, settings)


def track_video(
    detections: Path,
    *,
    key: StageKey,
    frame_count: int,
    config: TrackerConfig,
    roi: Mask | None,
    cache: StageCache,
    progress: Progress = no_progress,
) -> Path:
    """Follow vehicles through a detect stage's folder; returns the track stage's folder.

    Detections whose bottom centre lies outside `roi` are not followed. Tracking is far quicker than
    detecting, so a killed call starts this stage again; its parts are overwritten with the same content.
    """
    with cache.claim(key, progress) as stage:
        if stage.complete:
            progress(frame_count, frame_count, "frames")
            return stage.path
        spans = read_detections(detections, frame_count)
        tracklets = track_detections(spans, config=config, roi=roi, total=frame_count, progress=progress)
        _save_parts(stage.path, tracklets)
        return stage.commit(key)


def track_detections(
    spans: Spans,
    *,
    config: TrackerConfig,
    roi: Mask | None = None,
    total: int | None = None,
    progress: Progress = no_progress,
) -> Iterator[Tracklet]:
    """Tracklets as they end; every frame of a span is shown to the tracker, empty ones too.

    What lies up to `roi_margin` pixels outside `roi` is followed as well, so that a vehicle on its border is not lost
    and found again all the time; the tracklets end where the region ends.
    """
    tracker = create_tracker(config)
    near = widened(roi, config.roi_margin)
    for first, last, detections in spans:
        counted = detections.take(inside_roi(detections.boxes, near))
        if config.features == NONE:
            counted = replace(counted, features=None)
        for frame, found in counted.by_frame(first, last):
            tracker.update(frame, found)
        yield from _within(tracker.finished(), roi, config.min_length)
        progress(last + 1, total, "frames")
    yield from _within(tracker.flush(), roi, config.min_length)


def widened(roi: Mask | None, margin: int) -> Mask | None:
    """The region and every pixel up to `margin` columns and rows away from it."""
    if roi is None or not margin:
        return roi
    import cv2

    side = 2 * margin + 1
    return cv2.dilate(roi.astype(np.uint8), np.ones((side, side), np.uint8)) > 0


def _within(tracklets: Iterable[Tracklet], roi: Mask | None, min_length: int) -> Iterator[Tracklet]:
    """The tracklets less their boxes outside `roi`; those with fewer than `min_length` detections left are dropped.

    Filled boxes, of score 0, are no detections.
    """
    for tracklet in tracklets:
        inside = inside_roi(tracklet.boxes, roi)
        if inside.all():
            yield tracklet
        elif np.count_nonzero(tracklet.scores[inside]) >= min_length:
            frames, boxes, scores = tracklet.frames[inside], tracklet.boxes[inside], tracklet.scores[inside]
            yield replace(tracklet, frames=frames, boxes=boxes, scores=scores)


def tracklet_parts(folder: Path) -> list[Path]:
    """The parts of a track stage's folder."""
    return parts(folder, KIND)


def _save_parts(folder: Path, tracklets: Iterator[Tracklet]) -> None:
    for stale in tracklet_parts(folder):
        stale.unlink()
    waiting: list[Tracklet] = []
    part = 0
    for tracklet in tracklets:
        waiting.append(tracklet)
        if len(waiting) == TRACKLETS_A_PART:
            save_tracklets(part_path(folder, KIND, part), waiting)
            waiting, part = [], part + 1
    if waiting:
        save_tracklets(part_path(folder, KIND, part), waiting)


def roi_checksum(roi: Mask | None) -> str:
    """Identifies a region of interest in cache keys."""
    if roi is None:
        return "none"
    shape = np.array(roi.shape, np.int64).tobytes()
    return hashlib.sha256(shape + np.packbits(roi).tobytes()).hexdigest()
