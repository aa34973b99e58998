"""What the vision library's results look like from here: any object with these attributes will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt


class TrackletLike(Protocol):
    """frames [n] int32 0-based increasing, boxes [n, 4] float32 xyxy pixels, scores [n] float32."""

    @property
    def number(self) -> int: ...
    @property
    def category(self) -> int: ...
    @property
    def frames(self) -> npt.NDArray[np.int32]: ...
    @property
    def boxes(self) -> npt.NDArray[np.float32]: ...
    @property
    def scores(self) -> npt.NDArray[np.float32]: ...


class EmbeddingLike(Protocol):
    """frames [v], views [v, d] and mean [d] float32 L2-normalised, crops v JPEG pictures."""

    @property
    def number(self) -> int: ...
    @property
    def frames(self) -> npt.NDArray[np.int32]: ...
    @property
    def views(self) -> npt.NDArray[np.float32]: ...
    @property
    def mean(self) -> npt.NDArray[np.float32]: ...
    @property
    def crops(self) -> Sequence[bytes]: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network reads of a tracklet: type and colour by name, and how probable each is, 0..1."""

    type: str
    type_chance: float
    colour: str
    colour_chance: float
