"""The currency of the library: detections, tracklets and embeddings as packed arrays.

Conventions that hold everywhere in `ml`:

* boxes are pixels, xyxy, float32, right and bottom exclusive, in the full decoded frame;
* frame numbers are 0-based indices into the video's list of presentation times (`FrameIndex`);
  files with 1-based frames (CityFlow, MOTChallenge) are converted at the border, in `ml.datasets`;
* times are seconds; a camera's scene time is `start offset + presentation time`;
* the ground is metres, x east, y north, unless a calibration says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

Float1D = npt.NDArray[np.float32]
Float2D = npt.NDArray[np.float32]
Double1D = npt.NDArray[np.float64]
Double2D = npt.NDArray[np.float64]
Int1D = npt.NDArray[np.int32]
Bool1D = npt.NDArray[np.bool_]
Image = npt.NDArray[np.uint8]  # [h, w, 3] RGB
Mask = npt.NDArray[np.bool_]  # [h, w]


class UserError(Exception):
    """Something a person can put right: the message says what, where and what to do.

    code  a short kebab-case name, stable for programs ("video-unreadable").
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def require_setting(stage: str, holds: bool, name: str, value: float, rule: str) -> None:
    """UserError bad-configuration where setting `name` of a stage breaks its `rule`."""
    if not holds:
        raise UserError("bad-configuration", f"{stage} setting {name} is {value}; it must be {rule}")


class Progress(Protocol):
    """Called by long work as it goes on; may raise to cancel it."""

    def __call__(self, done: int, total: int | None, unit: str) -> None: ...


def no_progress(done: int, total: int | None, unit: str) -> None:
    """A `Progress` that reports to nobody."""


@dataclass(frozen=True, slots=True)
class Detections:
    """Detections of one frame or of many, one row a box.

    frames    [n] int32, 0-based frame of each row, never decreasing
    boxes     [n, 4] float32 xyxy pixels
    scores    [n] float32 in 0..1
    classes   [n] int32, COCO category ids as in `ml.detection.classes` (3 car, 6 bus, 8 truck)
    features  [n, d] float32, pooled from the detector's own backbone, or None
    masks     [n, m, m] uint8, how surely (255 for certain) the vehicle covers each cell of its box, or None
    """

    frames: Int1D
    boxes: Float2D
    scores: Float1D
    classes: Int1D
    features: Float2D | None = None
    masks: npt.NDArray[np.uint8] | None = None

    def __len__(self) -> int:
        return len(self.frames)

    def take(self, rows: npt.NDArray[np.intp] | Bool1D) -> Detections:
        """The detections at `rows` (indices or a boolean mask)."""
        features = None if self.features is None else self.features[rows]
        masks = None if self.masks is None else self.masks[rows]
        return Detections(self.frames[rows], self.boxes[rows], self.scores[rows], self.classes[rows], features, masks)

    @staticmethod
    def empty(feature_size: int | None = None) -> Detections:
        """No detections at all; `feature_size` keeps concatenation with others possible."""
        features = None if feature_size is None else np.zeros((0, feature_size), np.float32)
        return Detections(
            np.zeros(0, np.int32),
            np.zeros((0, 4), np.float32),
            np.zeros(0, np.float32),
            np.zeros(0, np.int32),
            features,
        )

    @staticmethod
    def concatenate(parts: list[Detections]) -> Detections:
        """The rows of all `parts`, in their order; masks are kept if every part with rows has them."""
        if not parts:
            return Detections.empty()
        masks = [part.masks for part in parts if part.masks is not None]
        with_masks = masks and all(part.masks is not None for part in parts if len(part))
        with_features = all(part.features is not None for part in parts)
        return Detections(
            np.concatenate([part.frames for part in parts]),
            np.concatenate([part.boxes for part in parts]),
            np.concatenate([part.scores for part in parts]),
            np.concatenate([part.classes for part in parts]),
            np.concatenate([part.features for part in parts if part.features is not None]) if with_features else None,
            np.concatenate(masks) if with_masks else None,
        )

    def by_frame(self, first: int, last: int) -> Iterator[tuple[int, Detections]]:
        """(frame, its detections) for every frame in first..last, empty ones included."""
        starts = np.searchsorted(self.frames, np.arange(first, last + 2))
        for offset in range(last - first + 1):
            rows = np.arange(starts[offset], starts[offset + 1])
            yield first + offset, self.take(rows)


@dataclass(frozen=True, slots=True)
class Tracklet:
    """One vehicle in one camera.

    number    unique within its camera's result, from 1
    frames    [n] int32, strictly increasing, 0-based; gaps are allowed
    boxes     [n, 4] float32 xyxy pixels
    scores    [n] float32
    category  COCO category id, the vote of its detections weighted by score
    """

    number: int
    frames: Int1D
    boxes: Float2D
    scores: Float1D
    category: int = 3

    def __len__(self) -> int:
        return len(self.frames)

    @property
    def first_frame(self) -> int:
        return int(self.frames[0])

    @property
    def last_frame(self) -> int:
        return int(self.frames[-1])


@dataclass(frozen=True, slots=True)
class Attributes:
    """Which type and which colour a vehicle probably has; each sums to 1.

    types    [12] float32, in the order of `ml.reid.attributes.VEHICLE_TYPES`
    colours  [11] float32, in the order of `ml.reid.attributes.COLOURS`
    """

    types: Float1D
    colours: Float1D


@dataclass(frozen=True, slots=True)
class TrackletEmbedding:
    """What a tracklet looks like: a few views and their mean.

    number      the tracklet's
    frames      [v] int32, the frames of the views, chosen for size, sharpness and spread
    views       [v, d] float32, L2-normalised, one row a view
    mean        [d] float32, L2-normalised mean of the views
    crops       v JPEG pictures, one a view, for people to look at
    attributes  over all views; None where the embedder reads none
    """

    number: int
    frames: Int1D
    views: Float2D
    mean: Float1D
    crops: list[bytes] = field(default_factory=list)
    attributes: Attributes | None = None


@dataclass(frozen=True, slots=True)
class CameraTracklet:
    """A tracklet as the matcher sees it: where and when, and what it looks like.

    key              any unique integer (a database id, or a running number)
    camera           camera name
    start_s, end_s   scene time of its first and last frame, seconds
    mean, views      [d] and [v, d] float32, L2-normalised
    entry, exit      [4] float64 x, y, vx, vy on the ground, metres and metres a second, at its first and last frame;
                     None where the camera has no calibration
    attributes       its probable type and colour; None where nothing read them
    confirmed        tracklets with the same number above 0 are one vehicle, people said; 0 where nobody said anything
    """

    key: int
    camera: str
    start_s: float
    end_s: float
    mean: Float1D
    views: Float2D
    entry: Double1D | None = None
    exit: Double1D | None = None
    attributes: Attributes | None = None
    confirmed: int = 0


@dataclass(frozen=True, slots=True)
class CameraLink:
    """Vehicles leaving camera `source` may appear in `target` after min_s..max_s seconds.

    The transit time runs from the end of one tracklet to the start of the other; negative where views overlap.
    """

    source: str
    target: str
    min_s: float
    max_s: float
