"""Tracklets embedded in one pass over the frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ml.reid.attributes import together
from ml.reid.config import EmbedderConfig
from ml.reid.crops import crop, jpeg
from ml.reid.registry import Embedder, described
from ml.reid.views import choose_views
from ml.types import (
    Float1D,
    Float2D,
    Image,
    Mask,
    Progress,
    Tracklet,
    TrackletEmbedding,
    UserError,
    no_progress,
)


def embed_tracklets(
    frames: Iterator[tuple[int, Image]],
    tracklets: Sequence[Tracklet],
    *,
    embedder: Embedder,
    config: EmbedderConfig,
    frame_size: tuple[int, int],
    roi: Mask | None = None,
    progress: Progress = no_progress,
) -> list[TrackletEmbedding]:
    """One embedding a tracklet, in their order: chosen views as vectors and JPEG crops, and the views' mean; type and
    colour where the embedder reads them.

    frames      (number, RGB image) by rising number; read once and only as far as the last chosen view
    frame_size  (width, height) of the images in pixels
    Memory holds a batch of crops beside the result. UserError "frames-missing" where a chosen frame does not come.
    """
    wanted = _wanted(tracklets, config.views, frame_size, roi)
    gathered = [_Views() for _ in tracklets]
    batch = _Batch(embedder, config, gathered)
    for done, (number, image) in enumerate(_until_last(frames, wanted), start=1):
        for tracklet, box in wanted.pop(number, ()):
            batch.add(tracklet, number, crop(image, box))
        progress(done, None, "frames")
    batch.flush()
    _require_none_left(wanted)
    return [views.embedding(tracklet.number) for views, tracklet in zip(gathered, tracklets, strict=True)]


Wanted = dict[int, list[tuple[int, Float1D]]]  # frame -> (index of the tracklet, its box)


@dataclass(slots=True)
class _Views:
    """The views of one tracklet as they come in."""

    frames: list[int] = field(default_factory=list)
    vectors: list[Float1D] = field(default_factory=list)
    crops: list[bytes] = field(default_factory=list)
    readings: list[Float1D] = field(default_factory=list)

    def embedding(self, number: int) -> TrackletEmbedding:
        views: Float2D = np.stack(self.vectors)
        mean = views.mean(axis=0)
        normalised: Float1D = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)
        attributes = together(np.stack(self.readings)) if self.readings else None
        return TrackletEmbedding(number, np.array(self.frames, np.int32), views, normalised, self.crops, attributes)


class _Batch:
    """Crops wait here until there are enough for one call of the network."""

    def __init__(self, embedder: Embedder, config: EmbedderConfig, gathered: list[_Views]) -> None:
        self._embedder, self._config, self._gathered = embedder, config, gathered
        self._waiting: list[tuple[int, Image]] = []

    def add(self, tracklet: int, frame: int, picture: Image) -> None:
        views = self._gathered[tracklet]
        views.frames.append(frame)
        views.crops.append(jpeg(picture, longest_side=self._config.crop_side, quality=self._config.jpeg_quality))
        self._waiting.append((tracklet, picture))
        if len(self._waiting) >= self._config.batch:
            self.flush()

    def flush(self) -> None:
        if self._waiting:
            vectors, readings = described(self._embedder, [picture for _, picture in self._waiting])
            for place, (tracklet, _) in enumerate(self._waiting):
                self._gathered[tracklet].vectors.append(vectors[place])
                if readings is not None:
                    self._gathered[tracklet].readings.append(readings[place])
            self._waiting.clear()


def _wanted(tracklets: Sequence[Tracklet], count: int, frame_size: tuple[int, int], roi: Mask | None) -> Wanted:
    wanted: Wanted = {}
    for index, tracklet in enumerate(tracklets):
        chosen = choose_views(tracklet, count=count, frame_size=frame_size, roi=roi)
        for row in np.searchsorted(tracklet.frames, chosen).tolist():
            wanted.setdefault(int(tracklet.frames[row]), []).append((index, tracklet.boxes[row]))
    return wanted


def _until_last(frames: Iterator[tuple[int, Image]], wanted: Wanted) -> Iterator[tuple[int, Image]]:
    last = max(wanted, default=-1)
    if last < 0:
        return
    for number, image in frames:
        yield number, image
        if number >= last:
            return


def _require_none_left(wanted: Wanted) -> None:
    if wanted:
        frame = min(wanted)
        raise UserError(
            "frames-missing", f"frame {frame} has tracklets but was not decoded; index the video and track it again"
        )
