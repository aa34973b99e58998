"""Pictures a second out of a video beside its peers: `python -m tests.benchmarks.decode_speed [VIDEO]`.

Every reader gives each picture as an RGB array: ours as they come and decoded ahead in a thread; the plain loop
that PyAV's manual shows; and OpenCV's VideoCapture. The second and third table give each picture to a consumer that
needs about as long as decoding does, on the same processor or waiting for another: what decoding ahead is for.
The readers take turns, and a ratio is the median over the turns of ours to the peer in the same turn.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy.typing as npt

from ml.video import FrameIndex, index_frames, prefetched, read_frames

VIDEO = Path(__file__).resolve().parents[2] / "fixtures" / "demo" / "S01" / "c002" / "vdo.mp4"
PICTURES, AHEAD = 150, 8
Picture = npt.NDArray[Any]
Reader = Callable[[Path, FrameIndex], Iterable[Picture]]


def ours(path: Path, index: FrameIndex) -> Iterator[Picture]:
    return (picture for _, picture in read_frames(path, index=index))


def ours_ahead(path: Path, index: FrameIndex) -> Iterator[Picture]:
    return (picture for _, picture in prefetched(read_frames(path, index=index), depth=AHEAD))


def plain_pyav(path: Path, index: FrameIndex) -> Iterator[Picture]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24")


def opencv(path: Path, index: FrameIndex) -> Iterator[Picture]:
    capture = cv2.VideoCapture(str(path))
    while True:
        read, picture = capture.read()
        if not read:
            capture.release()
            return
        yield cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


READERS: dict[str, Reader] = {
    "read_frames": ours,
    "read_frames, ahead": ours_ahead,
    "PyAV, plain loop": plain_pyav,
    "cv2.VideoCapture": opencv,
}
PEERS = ("PyAV, plain loop", "cv2.VideoCapture")


def rate(reader: Reader, path: Path, index: FrameIndex, work: Callable[[Picture], object]) -> float:
    """Pictures a second over the first PICTURES."""
    start, count = time.perf_counter(), 0
    for picture in islice(reader(path, index), PICTURES):
        work(picture)
        count += 1
    return count / (time.perf_counter() - start)


def compared(path: Path, work: Callable[[Picture], object], turns: int) -> dict[str, object]:
    """Median rates, and our readers' ratios to each peer."""
    index = index_frames(path)
    rates: dict[str, list[float]] = {name: [] for name in READERS}
    for _ in range(turns):
        for name, reader in READERS.items():
            rates[name].append(rate(reader, path, index, work))
    ratios = {
        f"{name} / {peer}": round(statistics.median(a / b for a, b in zip(rates[name], rates[peer], strict=True)), 2)
        for name in READERS
        if name not in PEERS
        for peer in PEERS
    }
    medians = {name: round(statistics.median(values), 1) for name, values in rates.items()}
    return {"pictures_a_second": medians, "ratios": ratios}


def no_work(picture: Picture) -> None:
    """A consumer that takes no time."""


def blurred(picture: Picture) -> object:
    """A consumer that takes about as long as decoding, outside Python's lock as detectors do."""
    return cv2.GaussianBlur(picture, (9, 9), 0)


def awaited(picture: Picture) -> None:
    """A consumer that waits for a graphics card about as long as decoding takes."""
    time.sleep(0.005)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("video", nargs="?", type=Path, default=VIDEO)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    figures = {
        "video": options.video.name,
        "decoding_alone": compared(options.video, no_work, options.turns),
        "with_a_consumer_on_the_cpu": compared(options.video, blurred, options.turns),
        "with_a_consumer_elsewhere": compared(options.video, awaited, options.turns),
    }
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
