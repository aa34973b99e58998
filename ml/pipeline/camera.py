"""The stages of one camera's video, each made of the ones before it, from the cache or anew."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from ml.config import PipelineConfig
from ml.pipeline.cache import StageCache, StageKey
from ml.pipeline.detect import detect_key, detect_video
from ml.pipeline.embed import embed_key, embed_video
from ml.pipeline.look import look_key, look_video
from ml.pipeline.models import Models
from ml.pipeline.track import track_key, track_video
from ml.pipeline.video import IndexedVideo, VideoFile, index_video
from ml.tracking.config import REID
from ml.types import Mask, Progress, no_progress


class CameraStages:
    """Asking for a stage's folder runs what is missing of it and of the stages it needs.

    roi  [h, w] true where vehicles count, or None: everywhere
    """

    def __init__(
        self, file: VideoFile, *, config: PipelineConfig, models: Models, cache: StageCache, roi: Mask | None = None
    ) -> None:
        self._file = file
        self._config = config
        self._models = models
        self._cache = cache
        self._roi = roi
        self._video: IndexedVideo | None = None

    def video(self, progress: Progress = no_progress) -> IndexedVideo:
        """The video with its frame index."""
        if self._video is None:
            self._video = index_video(self._file, self._cache, progress=progress)
        return self._video

    def detections(self, progress: Progress = no_progress) -> Path:
        """The detect stage's folder."""
        found = self._cache.find(self._detect_key)
        return found or detect_video(
            self.video(progress),
            key=self._detect_key,
            detector=self._models.detector,
            cache=self._cache,
            decode=self._config.detector.decode,
            progress=progress,
        )

    def looks(self, progress: Progress = no_progress) -> Path:
        """The folder of detections that the tracker reads: the look stage's where it goes by ReID features."""
        if not self._with_looks:
            return self.detections(progress)
        found = self._cache.find(self._look_key)
        return found or look_video(
            self.video(progress),
            self.detections(progress),
            key=self._look_key,
            tracker=self._config.tracker,
            roi=self._roi,
            embedder=self._models.embedder,
            cache=self._cache,
            progress=progress,
        )

    def tracklets(self, progress: Progress = no_progress) -> Path:
        """The track stage's folder."""
        found = self._cache.find(self._track_key)
        return found or track_video(
            self.looks(progress),
            key=self._track_key,
            frame_count=len(self.video(progress).index),
            config=self._config.tracker,
            roi=self._roi,
            cache=self._cache,
            progress=progress,
        )

    def embeddings(self, progress: Progress = no_progress) -> Path:
        """The embed stage's folder."""
        found = self._cache.find(self._embed_key)
        return found or embed_video(
            self.video(progress),
            self.tracklets(progress),
            key=self._embed_key,
            config=self._config.embedder,
            embedder=self._models.embedder,
            cache=self._cache,
            roi=self._roi,
            progress=progress,
        )

    @cached_property
    def _detect_key(self) -> StageKey:
        return detect_key(self._file.sha256, self._config.detector, self._models.detector_checksum)

    @property
    def _with_looks(self) -> bool:
        return self._config.tracker.features == REID

    @cached_property
    def _look_key(self) -> StageKey:
        embedder, checksum = self._config.embedder, self._models.embedder_checksum
        return look_key(self._detect_key, self._config.tracker, self._roi, embedder, checksum)

    @cached_property
    def _track_key(self) -> StageKey:
        seen = self._look_key if self._with_looks else self._detect_key
        return track_key(seen, self._config.tracker, self._roi)

    @cached_property
    def _embed_key(self) -> StageKey:
        models = self._models
        return embed_key(self._track_key, self._config.embedder, models.embedder_checksum, models.attributes_checksum)
