"""The look stage: detections in, the same with the ReID network's features out, for a tracker that goes by them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from ml.detection import inside_roi
from ml.pipeline.artefacts import load_detections, part_path
from ml.pipeline.cache import StageCache, StageKey
from ml.pipeline.detect import FRAMES_A_PART, KIND, Numbered, fill_parts, first_missing, part_count, pictures_from
from ml.pipeline.track import roi_checksum, widened
from ml.pipeline.video import IndexedVideo
from ml.reid import Embedder, EmbedderConfig
from ml.reid.crops import crop
from ml.tracking import TrackerConfig
from ml.types import Detections, Mask, Progress, no_progress

VERSION = 1


def look_key(
    detections: StageKey, tracker: TrackerConfig, roi: Mask | None, embedder: EmbedderConfig, model_checksum: str
) -> StageKey:
    """The detections, which of them the tracker takes, and the network that looks at them decide."""
    inputs = {"detections": detections.digest, "roi": roi_checksum(roi), "model": model_checksum}
    taken = {"min_score": tracker.min_score, "roi_margin": tracker.roi_margin}
    seen = {"embedder": embedder.name, "input_size": embedder.input_size}
    return StageKey("look", VERSION, inputs, {**taken, **seen})


def look_video(
    video: IndexedVideo,
    detections: Path,
    *,
    key: StageKey,
    tracker: TrackerConfig,
    roi: Mask | None,
    embedder: Callable[[], Embedder],
    cache: StageCache,
    progress: Progress = no_progress,
) -> Path:
    """Embed every detection that the tracker takes; returns a folder that reads like the detect stage's.

    The video is decoded once more, some pictures at a time. A killed or cancelled call leaves its whole parts behind;
    the next goes on after them.
    """
    total = len(video.index)
    with cache.claim(key, progress) as stage:
        if stage.complete:
            progress(total, total, "frames")
            return stage.path
        first = first_missing(stage.path, total)
        if first < part_count(total):
            looking = _Looking(detections, tracker, widened(roi, tracker.roi_margin), embedder())
            with closing(pictures_from(video, first * FRAMES_A_PART, 0, "cpu", progress)) as pictures:
                fill_parts(pictures, total, stage.path, first, looking.at, looking.embedder.size, progress)
        return stage.commit(key)


class _Looking:
    """The detections of a folder as the embedder sees them; one part of them is kept at a time."""

    def __init__(self, folder: Path, tracker: TrackerConfig, roi: Mask | None, embedder: Embedder) -> None:
        self.embedder = embedder
        self._folder = folder
        self._least_score = tracker.min_score
        self._roi = roi
        self._part = -1
        self._detections = Detections.empty()

    def at(self, pictures: list[Numbered]) -> list[Detections]:
        """The detections of each picture with their features."""
        found = [self._of(number) for number, _ in pictures]
        pairs = zip(pictures, found, strict=True)
        crops = [crop(image, box) for (_, image), detections in pairs for box in detections.boxes]
        features = self.embedder.embed(crops) if crops else np.zeros((0, self.embedder.size), np.float32)
        ends = np.cumsum([len(detections) for detections in found])[:-1]
        parts = zip(found, np.split(features, ends), strict=True)
        return [replace(detections, features=of_one) for detections, of_one in parts]

    def _of(self, number: int) -> Detections:
        part = number // FRAMES_A_PART
        if part != self._part:
            loaded = load_detections(part_path(self._folder, KIND, part))
            taken = (loaded.scores >= self._least_score) & inside_roi(loaded.boxes, self._roi)
            self._part, self._detections = part, loaded.take(taken)
        return self._detections.take(self._detections.frames == number)
