"""The frame index: the list of presentation times that gives every picture its number."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from ml.types import Double1D, Progress, UserError, no_progress
from ml.video.container import Decoder, Threads, open_video, unreadable

_SAME_TIME_S = 1e-6


@dataclass(frozen=True, eq=False)
class FrameIndex:
    """Presentation times of a video's pictures, found by decoding it.

    times_s          [n] float64 seconds, first = 0, strictly increasing; row n is frame n
    corrupt_packets  packets or pictures that are damaged, most of them not shown; where there are any,
                     pictures are decoded in a slower way and always from the beginning, so that
                     what is concealed of the damage looks the same each time
    start_s          when the first picture is due on the container's own clock
    """

    times_s: Double1D
    corrupt_packets: int = 0
    start_s: float = 0.0

    def __len__(self) -> int:
        return len(self.times_s)

    def frame_at(self, time_s: float) -> int:
        """The frame on the screen at `time_s`: the last that is due; frame 0 before the start."""
        due = int(np.searchsorted(self.times_s, time_s + _SAME_TIME_S, side="right"))
        return max(due - 1, 0)

    def frame_due(self, time_s: float) -> int | None:
        """The frame due exactly (to a microsecond) at `time_s`, if there is one."""
        frame = self.frame_at(time_s)
        return frame if abs(self.times_s[frame] - time_s) <= _SAME_TIME_S else None

    @property
    def fps(self) -> float:
        """Average frames a second; 0 for a single picture."""
        return (len(self) - 1) / float(self.times_s[-1]) if len(self) > 1 else 0.0

    @property
    def duration_s(self) -> float:
        """From the first picture to the end of the last, which is taken to last the median step."""
        step = float(np.median(np.diff(self.times_s))) if len(self) > 1 else 0.0
        return float(self.times_s[-1]) + step

    @property
    def variable_frame_rate(self) -> bool:
        """Whether some step differs from the median one by more than a tenth of it.

        Clocks that tick in milliseconds round constant steps by up to one tick, hence the margin.
        """
        steps = np.diff(self.times_s)
        if len(steps) < 2:
            return False
        median = float(np.median(steps))
        return bool(np.any(np.abs(steps - median) > max(0.1 * median, 0.0011)))

    def with_damage_of(self, other: FrameIndex) -> FrameIndex:
        """This index with the damage that another pass over the same video met, where that is more."""
        return replace(self, corrupt_packets=max(self.corrupt_packets, other.corrupt_packets))

    def save(self, path: Path) -> None:
        """Write as one .npz file."""
        with path.open("wb") as file:
            np.savez(
                file,
                times_s=self.times_s,
                corrupt_packets=np.int64(self.corrupt_packets),
                start_s=np.float64(self.start_s),
            )

    @staticmethod
    def load(path: Path) -> FrameIndex:
        """Read what `save` wrote; UserError frame-index-unreadable if it is something else."""
        try:
            with np.load(path) as saved:
                return FrameIndex(
                    saved["times_s"].astype(np.float64), int(saved["corrupt_packets"]), float(saved["start_s"])
                )
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
            message = f"{path}: not a frame index ({error}); delete it and index the video again."
            raise UserError("frame-index-unreadable", message) from error


class IndexBuilder:
    """Collects presentation times while a video is being decoded."""

    def __init__(self) -> None:
        self._start: Fraction | None = None
        self._times: list[float] = []

    def __len__(self) -> int:
        return len(self._times)

    def add(self, time: Fraction) -> float:
        """Note the next picture's time on the container's clock; returns it counted from the first."""
        if self._start is None:
            self._start = time
        self._times.append(float(time - self._start))
        return self._times[-1]

    def finish(self, path: Path, corrupt_packets: int) -> FrameIndex:
        """The index; UserError video-unreadable if no picture was decoded."""
        if self._start is None:
            raise unreadable(path, "none of its pictures could be decoded")
        return FrameIndex(np.array(self._times, np.float64), corrupt_packets, float(self._start))


def index_frames(path: Path, progress: Progress = no_progress) -> FrameIndex:
    """The frame index of a video, by decoding all of it: headers are not to be trusted.

    A damaged video is decoded twice, the second time as `read_frames` will decode it.

    Raises UserError as `open_video`, and video-unreadable if no picture can be decoded.
    """
    index = _indexed(path, "AUTO", progress)
    if not index.corrupt_packets:
        return index
    return _indexed(path, "SLICE", counted_on(progress, len(index))).with_damage_of(index)


def counted_on(progress: Progress, before: int) -> Progress:
    """Progress of another pass over a video, after one that had `before` frames: it counts on from there."""

    def counted(done: int, total: int | None, unit: str) -> None:
        progress(before + done, None if total is None else before + total, unit)

    return counted


def _indexed(path: Path, threads: Threads, progress: Progress) -> FrameIndex:
    builder = IndexBuilder()
    with open_video(path, threads=threads) as (container, stream):
        total = stream.frames or None
        decoder = Decoder(container, stream)
        for time, _ in decoder.pictures():
            builder.add(time)
            progress(len(builder), total, "frames")
        return builder.finish(path, decoder.lost(path.stat().st_size))
