"""The labels of a set as packed arrays in one file: the same labels are the same bytes, so a checksum vouches for them.

Frames are 0-based, boxes xyxy pixels of the full frame.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FORMAT, FORMAT_WITH_AROUND = 1, 2  # the same labels, the second with what was around them
READ = (FORMAT, FORMAT_WITH_AROUND)
_COLUMNS = (
    "video", "identity", "number", "category", "colour", "human", "held", "ends", "frames", "boxes", "scores",
)  # fmt: skip
_OTHER, _REGION = "other_", "region_"  # what the arrays of `around` are called


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
class Around:
    """What else people saw when the set was made: a detector must not take it for background.

    tracklets  all that are not labelled; `human`: people drew or changed its boxes
    regions    place in the content's `videos` -> the region outside of which nothing is followed, as a PNG or JPEG,
               white = valid; a video without one is followed everywhere
    """

    tracklets: tuple[LabelledTracklet, ...]
    regions: Mapping[int, bytes]


@dataclass(frozen=True, slots=True, eq=False)
class LabelContent:
    """All labels of a set, by identity, video and first frame. `around`: None where it is unknown or was not read."""

    videos: tuple[LabelledVideo, ...]
    tracklets: tuple[LabelledTracklet, ...]
    around: Around | None = None

    def identities(self) -> dict[int, list[LabelledTracklet]]:
        """Identity number -> its tracklets."""
        found: dict[int, list[LabelledTracklet]] = {}
        for tracklet in self.tracklets:
            found.setdefault(tracklet.identity, []).append(tracklet)
        return found

    def to_bytes(self) -> bytes:
        """The file; `content_from_bytes` reads it back."""
        others = self.around.tracklets if self.around else ()
        colours = sorted({each.colour for each in (*self.tracklets, *others)})
        about = {
            "format": FORMAT_WITH_AROUND if self.around else FORMAT,
            "videos": [asdict(video) for video in self.videos],
            "colours": colours,
        }
        columns = _columns(self.tracklets, colours)
        if self.around is not None:
            columns |= {_OTHER + name: column for name, column in _columns(others, colours).items()}
            columns |= {
                f"{_REGION}{video}": np.frombuffer(file, np.uint8) for video, file in self.around.regions.items()
            }
        made = io.BytesIO()
        text = json.dumps(about, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        np.savez_compressed(made, about=np.frombuffer(text, np.uint8), **columns)
        return made.getvalue()


def content_from_bytes(data: bytes, *, with_around: bool = False) -> LabelContent:
    """What `LabelContent.to_bytes` wrote. `with_around`: read `around` as well, which may be far more than the labels.

    Raises ValueError for a file of another format.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        about = json.loads(stored["about"].tobytes())
        if about["format"] not in READ:
            raise ValueError(f"labels of format {about['format']}; this version reads formats 1 to {READ[-1]}")
        videos = tuple(LabelledVideo(**each) for each in about["videos"])
        tracklets = _tracklets(stored, "", about["colours"])
        if not with_around or about["format"] == FORMAT:
            return LabelContent(videos, tracklets)
        regions = {
            place: stored[f"{_REGION}{place}"].tobytes()
            for place in range(len(videos))
            if f"{_REGION}{place}" in stored
        }
        return LabelContent(videos, tracklets, Around(_tracklets(stored, _OTHER, about["colours"]), regions))


def _tracklets(
    stored: Mapping[str, npt.NDArray[Any]], prefix: str, colours: Sequence[str]
) -> tuple[LabelledTracklet, ...]:
    arrays = {name: stored[prefix + name] for name in _COLUMNS}
    return tuple(_tracklet(arrays, row, colours) for row in range(len(arrays["video"])))


def _columns(tracklets: Sequence[LabelledTracklet], colours: Sequence[str]) -> dict[str, Any]:
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
