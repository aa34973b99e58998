"""What all formats of labels are written from and read to: tracks of vehicles, camera by camera."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ml.detection.classes import CAR, NAMES
from ml.types import Float2D, Int1D, UserError

CATEGORY_OF = {name: category for category, name in NAMES.items()}
TAKEN_AS_CAR = ("vehicle", "van", "suv", "pickup", "sedan", "taxi", "minivan")


@dataclass(frozen=True, slots=True, eq=False)
class LabelTrack:
    """One vehicle in one camera.

    number    of the track in its camera        identity  of the vehicle in the scene; None where a file does not say
    category  COCO category id                  colour    "" where unknown
    frames    [n] int32, 0-based, increasing    boxes     [n, 4] float32 xyxy
    """

    number: int
    identity: int | None
    category: int
    colour: str
    frames: Int1D
    boxes: Float2D


@dataclass(frozen=True, slots=True, eq=False)
class CameraLabels:
    """The tracks of one camera by number. width, height in pixels, frame_count and fps 0 where a file does not say."""

    name: str
    tracks: tuple[LabelTrack, ...]
    width: int = 0
    height: int = 0
    frame_count: int = 0
    fps: float = 0.0
    start_s: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """What was read. `dropped`: what the files hold that has no place here, and how often."""

    cameras: tuple[CameraLabels, ...]
    dropped: dict[str, int]


@dataclass
class TrackBuilder:
    """Gathers boxes of one camera into tracks.

    `where` in errors is the place in the file that the box came from.
    """

    camera: str
    dropped: Counter[str] = field(default_factory=Counter)
    _boxes: dict[int, dict[int, tuple[float, float, float, float]]] = field(default_factory=dict)
    _about: dict[int, tuple[int | None, int, str]] = field(default_factory=dict)

    def about(self, number: int, *, identity: int | None, label: str, colour: str, where: str) -> bool:
        """Say what a track is; False where it is no vehicle, which is dropped. UserError for a second opinion."""
        category = self._category(label)
        if category is None:
            self.dropped[f"tracks or boxes of {label!r}, which is no vehicle"] += 1
            return False
        known = self._about.setdefault(number, (identity, category, colour))
        if known != (identity, category, colour):
            raise UserError(
                "malformed-file", f"{where}: track {number} has another identity, type or colour than before."
            )
        return True

    def add(self, number: int, frame: int, box: tuple[float, float, float, float], where: str) -> None:
        """One box. UserError for a second one of the track in this frame, and for one without area."""
        boxes = self._boxes.setdefault(number, {})
        if frame in boxes:
            raise UserError("malformed-file", f"{where}: track {number} has two boxes in frame {frame}.")
        with np.errstate(over="ignore"):
            left, top, right, bottom = np.array(box, np.float32)
        if not (np.isfinite([left, top, right, bottom]).all() and left < right and top < bottom):
            raise UserError("malformed-file", f"{where}: a box must have a width and a height above 0.")
        boxes[frame] = box

    def camera_labels(self, *, width: int = 0, height: int = 0, frame_count: int = 0, fps: float = 0.0) -> CameraLabels:
        """All that was gathered."""
        tracks = tuple(self._track(number) for number in sorted(self._boxes))
        return CameraLabels(self.camera, tracks, width, height, frame_count, fps)

    def _track(self, number: int) -> LabelTrack:
        identity, category, colour = self._about[number]
        rows = sorted(self._boxes[number].items())
        frames: npt.NDArray[np.int32] = np.array([frame for frame, _ in rows], np.int32)
        return LabelTrack(number, identity, category, colour, frames, np.array([box for _, box in rows], np.float32))

    def _category(self, label: str) -> int | None:
        name = label.strip().lower()
        if name in TAKEN_AS_CAR:
            self.dropped[f"the type {label!r}, taken as a car"] += 1
            return CAR
        return CATEGORY_OF.get(name)


def merged(parts: Iterable[tuple[CameraLabels, Counter[str]]]) -> Labels:
    """The cameras of all parts by name, and what was dropped anywhere."""
    listed = list(parts)
    dropped: Counter[str] = sum((part[1] for part in listed), Counter())
    return Labels(
        tuple(sorted((part[0] for part in listed), key=lambda each: each.name)), dict(sorted(dropped.items()))
    )
