"""What detections look like to a tracker: nothing, the detector's own features, or those of the ReID network."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from ml.pipeline.artefacts import load_arrays, save_arrays
from ml.pipeline.cache import StageCache, StageKey
from ml.reid import Embedder, EmbedderConfig, weights_checksum
from ml.reid.crops import crop
from ml.types import Detections, Float2D
from ml.video import read_frames
from tests.benchmarks.comparison.multi import View

FEATURES = "features.npz"


@dataclass(frozen=True)
class ReidLooks:
    """Embeds every detection that a tracker takes; kept in the cache, as it costs more than detecting."""

    embedder: Embedder
    config: EmbedderConfig
    cache: StageCache

    def of(self, view: View, least_score: float) -> View:
        """The view with its detections of `least_score` or better alone, as the ReID network sees them."""
        found = view.sequence.detections
        found = found.take(found.scores >= least_score)
        key = StageKey("detection-looks", 1, self._inputs(view, found), {"size": self.config.input_size})
        with self.cache.claim(key) as stage:
            if not stage.complete:
                save_arrays(stage.path / FEATURES, {"features": self._embedded(view, found)})
            folder = stage.path if stage.complete else stage.commit(key)
        features: Float2D = load_arrays(folder / FEATURES)["features"]
        return seeing(view, replace(found, features=features))

    def _inputs(self, view: View, found: Detections) -> dict[str, str]:
        boxes = hashlib.sha256(found.frames.tobytes() + found.boxes.tobytes()).hexdigest()
        first = str(view.sequence.first)
        return {
            "video": view.shot.video.sha256,
            "first": first,
            "boxes": boxes,
            "model": weights_checksum(self.config),
        }

    def _embedded(self, view: View, found: Detections) -> Float2D:
        first, count = view.sequence.first, view.sequence.frame_count
        frames = read_frames(view.shot.video.path, index=view.shot.video.index, first=first, stop=first + count)
        made = [np.zeros((0, self.embedder.size), np.float32)]
        for number, image in frames:
            boxes = found.boxes[found.frames == number - first]
            if len(boxes):
                made.append(self.embedder.embed([crop(image, box) for box in boxes]))
        return np.concatenate(made)


def blind(view: View) -> View:
    """The view with detections that look like nothing: only motion is left."""
    return seeing(view, replace(view.sequence.detections, features=None))


def seeing(view: View, detections: Detections) -> View:
    return replace(view, sequence=replace(view.sequence, detections=detections))
