"""The detect stage: a video in, parts of detections out; memory does not depend on the video's length."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import groupby, islice
from pathlib import Path

import numpy as np

from ml.detection import Detector, DetectorConfig
from ml.pipeline.artefacts import load_detections, part_path, save_detections
from ml.pipeline.cache import StageCache, StageKey
from ml.pipeline.video import IndexedVideo, index_key
from ml.types import Detections, Image, Progress, no_progress
from ml.video import prefetched, read_frames

VERSION = 3
KIND = "detections"
FRAMES_A_PART = 200
BATCH = 4

Numbered = tuple[int, Image]  # frame number and picture
Find = Callable[[list[Numbered]], list[Detections]]  # each picture's, carrying its number


def detect_key(video_sha256: str, config: DetectorConfig, model_checksum: str) -> StageKey:
    """The video's content and frame numbers, the settings that the detector reads and its weights decide."""
    inputs = {"index": index_key(video_sha256).digest, "model": model_checksum}
    return StageKey("detect", VERSION, inputs, config.deciding())


def detect_video(
    video: IndexedVideo,
    *,
    key: StageKey,
    detector: Callable[[], Detector],
    cache: StageCache,
    decode: str = "cpu",
    progress: Progress = no_progress,
) -> Path:
    """Detect vehicles in every frame, decoded where `decode` says; returns the stage's folder.

    A killed or cancelled call leaves its whole parts behind; the next goes on after them, with the same
    result. `detector` is only called when something is left to do. `progress` may raise to cancel.
    """
    total = len(video.index)
    with cache.claim(key, progress) as stage:
        if stage.complete:
            progress(total, total, "frames")
            return stage.path
        first = first_missing(stage.path, total)
        if first < part_count(total):
            made = detector()
            with closing(pictures_from(video, first * FRAMES_A_PART, made.ahead, decode, progress)) as pictures:
                find = partial(_detect_batch, made)
                fill_parts(pictures, total, stage.path, first, find, made.feature_size, progress)
        return stage.commit(key)


def read_detections(folder: Path, frame_count: int) -> Iterator[tuple[int, int, Detections]]:
    """(first frame, last frame, their detections) part by part."""
    for part in range(part_count(frame_count)):
        first = part * FRAMES_A_PART
        last = min(first + FRAMES_A_PART, frame_count) - 1
        yield first, last, load_detections(part_path(folder, KIND, part))


def part_count(frame_count: int) -> int:
    return -(-frame_count // FRAMES_A_PART)


def first_missing(folder: Path, frame_count: int) -> int:
    """The first part of detections that is not there yet; the number of parts where all are."""
    numbered = range(part_count(frame_count))
    return next((part for part in numbered if not part_path(folder, KIND, part).is_file()), len(numbered))


def pictures_from(
    video: IndexedVideo, first: int, ahead: int, decode: str, progress: Progress
) -> Generator[Numbered, None, None]:
    """The video's pictures from `first` on, up to `ahead` of them decoded before they are asked for.

    A damaged video is decoded from its beginning, which takes its time: `progress` hears of it, from this thread, and
    so nothing is decoded ahead.
    """
    read = partial(read_frames, video.path, index=video.index, first=first, decode=decode)
    if video.index.corrupt_packets:
        return prefetched(read(skipping=progress), depth=0)
    return prefetched(read(), depth=ahead)


def fill_parts(
    frames: Iterable[Numbered],
    total: int,
    folder: Path,
    first_part: int,
    find: Find,
    feature_size: int | None,
    progress: Progress,
) -> None:
    """Save what `find` finds in the frames, part by part from `first_part` on; parts of no frame are empty."""
    part = first_part
    for shown, numbered in groupby(frames, key=lambda entry: entry[0] // FRAMES_A_PART):
        _save_empty(folder, range(part, shown), feature_size)
        found = [Detections.empty(feature_size)]
        while batch := list(islice(numbered, BATCH)):
            found += find(batch)
            progress(batch[-1][0] + 1, total, "frames")
        save_detections(part_path(folder, KIND, shown), Detections.concatenate(found))
        part = shown + 1
    _save_empty(folder, range(part, part_count(total)), feature_size)


def _detect_batch(detector: Detector, batch: list[Numbered]) -> list[Detections]:
    """Detections of a batch, carrying their frames' numbers."""
    found = detector.detect([image for _, image in batch])
    numbers = [number for number, _ in batch]
    return [
        replace(detections, frames=np.full(len(detections), number, np.int32))
        for number, detections in zip(numbers, found, strict=True)
    ]


def _save_empty(folder: Path, numbers: range, feature_size: int | None) -> None:
    """Parts none of whose frames could be decoded."""
    for part in numbers:
        save_detections(part_path(folder, KIND, part), Detections.empty(feature_size))
