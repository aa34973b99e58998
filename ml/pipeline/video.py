"""A video as the stages take it: its file, its checksum and its frame index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ml.pipeline.artefacts import load_arrays, save_arrays
from ml.pipeline.cache import StageCache, StageKey
from ml.types import Progress, no_progress
from ml.video import FrameIndex, index_frames, probe, sha256_of

INDEX_VERSION = 2
INDEX_FILE = "index.npz"
SIZE_FILE = "size.npz"


class VideoFile:
    """A video's file and checksum, each found when first asked for: the file may have to be fetched from afar."""

    def __init__(self, fetch: Callable[[], Path], sha256: str | None = None) -> None:
        self._fetch = fetch
        self._sha256 = sha256

    @staticmethod
    def at(path: Path) -> VideoFile:
        """The file at `path`, checksum unknown."""
        return VideoFile(lambda: path)

    @cached_property
    def path(self) -> Path:
        return self._fetch()

    @cached_property
    def sha256(self) -> str:
        return self._sha256 or sha256_of(self.path)


@dataclass(frozen=True)
class IndexedVideo:
    """file; index of its frames; width and height of a decoded frame in pixels."""

    file: VideoFile
    index: FrameIndex
    width: int
    height: int

    @property
    def path(self) -> Path:
        return self.file.path

    @property
    def sha256(self) -> str:
        return self.file.sha256


def index_video(file: VideoFile, cache: StageCache, *, progress: Progress = no_progress) -> IndexedVideo:
    """The video with its index, decoded once for each content."""
    key = index_key(file.sha256)
    with cache.claim(key, progress) as stage:
        if stage.complete:
            return _load(file, stage.path)
        info, index = probe(file.path), index_frames(file.path, progress)
        _save(stage.path, index, info.width, info.height)
        return _load(file, stage.commit(key))


def keep_index(cache: StageCache, sha256: str, index: FrameIndex, *, width: int, height: int) -> None:
    """Store an index that was found while taking the video in, so that no stage decodes for it again."""
    key = index_key(sha256)
    with cache.claim(key) as stage:
        if not stage.complete:
            _save(stage.path, index, width, height)
            stage.commit(key)


def index_key(sha256: str) -> StageKey:
    """The video's content and the way its frames are numbered decide the index, and with it every stage's frames."""
    return StageKey("index", INDEX_VERSION, {"video": sha256}, {})


def _save(folder: Path, index: FrameIndex, width: int, height: int) -> None:
    index.save(folder / INDEX_FILE)
    save_arrays(folder / SIZE_FILE, {"size": np.array([width, height], np.int32)})


def _load(file: VideoFile, folder: Path) -> IndexedVideo:
    width, height = load_arrays(folder / SIZE_FILE)["size"].tolist()
    return IndexedVideo(file, FrameIndex.load(folder / INDEX_FILE), width, height)
