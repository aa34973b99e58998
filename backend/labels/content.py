"""The labels of a set as packed arrays in one file: the same labels are the same bytes, so a checksum vouches for them.

Frames are 0-based, boxes xyxy pixels of the full frame.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FORMAT = 1


@dataclass(frozen=True, slots=True)
class LabelledVideo:
    """A video as it was when it was labelled. `video`: its id, `start_s`: scene time of its first frame."""

    video: int
    camera: str
    sha256: str
    width: int
    height: int
    fps: float
    frame_count: int
    start_s: float


@dataclass(frozen=True, slots=True, eq=False)
class LabelledTracklet:
    """One vehicle in one video.

    video   place in the content's `videos`      number  of the tracklet, as people read it
    human   people confirmed whose it is; if not, the machine's joins did
    held    its identity is kept back for evaluation
    frames [n] int32 increasing, boxes [n, 4] float32, scores [n] float32
    """

    video: int
    identity: int
    number: int
    category: int
    colour: str
    human: bool
    held: bool
    frames: npt.NDArray[np.int32]
    boxes: npt.NDArray[np.float32]
    scores: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class LabelContent:
    """All labels of a set, by identity, video and first frame."""

    videos: tuple[LabelledVideo, ...]
    tracklets: tuple[LabelledTracklet, ...]

    def identities(self) -> dict[int, list[LabelledTracklet]]:
        """Identity number -> its tracklets."""
        found: dict[int, list[LabelledTracklet]] = {}
        for tracklet in self.tracklets:
            found.setdefault(tracklet.identity, []).append(tracklet)
        return found

    def to_bytes(self) -> bytes:
        """The file; `content_from_bytes` reads it back."""
        about = {
            "format": FORMAT,
            "videos": [asdict(video) for video in self.videos],
            "colours": sorted({each.colour for each in self.tracklets}),
        }
        columns = _columns(self.tracklets, about["colours"])
        made = io.BytesIO()
        text = json.dumps(about, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        np.savez_compressed(made, about=np.frombuffer(text, np.uint8), **columns)
        return made.getvalue()


def content_from_bytes(data: bytes) -> LabelContent:
    """What `LabelContent.to_bytes` wrote. Raises ValueError for a file of another format."""
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        arrays = dict(stored)
    about = json.loads(arrays["about"].tobytes())
    if about["format"] != FORMAT:
        raise ValueError(f"labels of format {about['format']}; this version reads format {FORMAT}")
    videos = tuple(LabelledVideo(**each) for each in about["videos"])
    return LabelContent(videos, tuple(_tracklet(arrays, row, about["colours"]) for row in range(len(arrays["video"]))))


def _columns(tracklets: Sequence[LabelledTracklet], colours: Any) -> dict[str, Any]:
    place = {colour: row for row, colour in enumerate(colours)}
    lengths = [len(each.frames) for each in tracklets]
    return {
        "video": np.array([each.video for each in tracklets], "<i4"),
        "identity": np.array([each.identity for each in tracklets], "<i4"),
        "number": np.array([each.number for each in tracklets], "<i4"),
        "category": np.array([each.category for each in tracklets], "<i4"),
        "colour": np.array([place[each.colour] for each in tracklets], "<i4"),
        "human": np.array([each.human for each in tracklets], np.bool_),
        "held": np.array([each.held for each in tracklets], np.bool_),
        "ends": np.cumsum(lengths, dtype="<i8"),
        "frames": np.concatenate([np.zeros(0, "<i4"), *(each.frames for each in tracklets)]).astype("<i4"),
        "boxes": np.concatenate([np.zeros((0, 4), "<f4"), *(each.boxes for each in tracklets)]).astype("<f4"),
        "scores": np.concatenate([np.zeros(0, "<f4"), *(each.scores for each in tracklets)]).astype("<f4"),
    }


def _tracklet(arrays: dict[str, npt.NDArray[Any]], row: int, colours: Sequence[str]) -> LabelledTracklet:
    ends = arrays["ends"]
    rows = slice(int(ends[row - 1]) if row else 0, int(ends[row]))
    return LabelledTracklet(
        video=int(arrays["video"][row]),
        identity=int(arrays["identity"][row]),
        number=int(arrays["number"][row]),
        category=int(arrays["category"][row]),
        colour=colours[int(arrays["colour"][row])],
        human=bool(arrays["human"][row]),
        held=bool(arrays["held"][row]),
        frames=arrays["frames"][rows],
        boxes=arrays["boxes"][rows],
        scores=arrays["scores"][rows],
    )
