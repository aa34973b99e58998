"""Speed and memory of a piece of work in a process of its own.

Rates are by processor time, all threads together: a busy machine hardly changes them.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ml.detection import DetectorConfig, create_detector
from ml.pipeline.embed import embed_part
from ml.pipeline.video import IndexedVideo, VideoFile
from ml.reid import EmbedderConfig, create_embedder
from ml.types import Detections, Tracklet
from ml.video import index_frames, probe, read_frames
from tests.benchmarks.comparison.contenders import Contender
from tests.benchmarks.comparison.search import Settings
from tests.benchmarks.comparison.sequences import Sequence

REPEATS = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """Frames a processor second of each stage, and the peak resident memory of the process in MiB."""

    frames_per_cpu_second: dict[str, float]
    peak_mib: float


def detector_cost(video: Path, config: DetectorConfig, frames: int) -> Cost:
    """Decoding and detecting the first `frames` of a video; the median frame counts, loading the network does not."""
    return _apart(_detector_cost, video, config, frames)


def tracker_cost(contender: Callable[[], Contender], settings: Settings, sequence: Sequence) -> Cost:
    """Tracking the sequence, the median of `REPEATS` passes."""
    return _apart(_tracker_cost, contender, settings, sequence.detections, sequence.frame_count)


def decoder_cost(video: Path, frames: int) -> Cost:
    """Decoding the first `frames` of a video, nothing else in the process."""
    return _apart(_decoder_cost, video, frames)


def embedder_cost(video: Path, tracklets: list[Tracklet], config: EmbedderConfig) -> Cost:
    """Embedding the tracklets, numbered as the video's frames are, in one pass over the frames that they span."""
    return _apart(_embedder_cost, video, tracklets, config)


def _apart(work: Callable[..., Cost], *arguments: object) -> Cost:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(work, *arguments).result()


def _detector_cost(video: Path, config: DetectorConfig, frames: int) -> Cost:
    index, detector = index_frames(video), create_detector(config, device="cpu")
    numbered = read_frames(video, index=index, stop=frames)
    decoding, detecting = [], []
    started = time.process_time()
    for _, image in numbered:
        decoded = time.process_time()
        detector.detect([image])
        done = time.process_time()
        decoding.append(decoded - started)
        detecting.append(done - decoded)
        started = done
    rates = {name: 1 / statistics.median(spent) for name, spent in (("decode", decoding), ("detect", detecting))}
    return Cost(rates, _peak_mib())


def _decoder_cost(video: Path, frames: int) -> Cost:
    index, seconds = index_frames(video), []
    numbered = read_frames(video, index=index, stop=frames)
    started = time.process_time()
    for _ in numbered:
        seconds.append(time.process_time() - started)
        started = time.process_time()
    return Cost({"decode": 1 / statistics.median(seconds)}, _peak_mib())


def _embedder_cost(video: Path, tracklets: list[Tracklet], config: EmbedderConfig) -> Cost:
    embedder, info = create_embedder(config, device="cpu"), probe(video)
    indexed = IndexedVideo(VideoFile.at(video), index_frames(video), info.width, info.height)
    started = time.process_time()
    embed_part(indexed, tracklets, embedder, config)
    spent = time.process_time() - started
    span = max(each.last_frame for each in tracklets) + 1 - min(each.first_frame for each in tracklets)
    return Cost({"embed": span / spent}, _peak_mib())


def _tracker_cost(make: Callable[[], Contender], settings: Settings, detections: Detections, frame_count: int) -> Cost:
    contender = make()
    seconds = []
    for _ in range(REPEATS):
        started = time.process_time()
        contender.track(detections, frame_count, settings)
        seconds.append(time.process_time() - started)
    return Cost({"track": frame_count / statistics.median(seconds)}, _peak_mib())


def _peak_mib() -> float:
    """The largest resident size of this process so far."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
