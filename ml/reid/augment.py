"""Pictures of vehicles as a network learns from them: shrunk, mirrored, shifted, recoloured, partly erased.

Everything random is drawn from a generator that the caller seeds for the picture, so that a picture looks the same
whichever process makes it and whenever. Pictures are [h, w, 3] uint8 RGB; none is changed in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from ml.reid.trained import stretched
from ml.types import Double1D, Image, Mask, require_setting

_TRIES = 10  # at a rectangle that fits the picture

_require = partial(require_setting, "augment")


@dataclass(frozen=True, slots=True)
class AugmentConfig:
    """How pictures are varied; a probability of 0 leaves a step out.

    flip          probability of a mirror image
    pad           pixels added on each side before a part of the old size is cut out at random; 0 for none
    erase         probability of random erasing (Zhong et al. 2020)
    erase_area    least and largest share of the picture that it covers
    erase_aspect  least ratio of height to width of what it covers; the largest is its inverse
    colour        how much brightness, contrast and each channel vary: 0.2 for a fifth up or down
    shrink        probability of random shrink (multi-guided learning, section 3.3), for pictures larger than the input
    shrink_to     least and largest factor of it
    background    probability of another picture's background (the same section), of pictures beside which a mask lies
    """

    flip: float = 0.5
    pad: int = 10
    erase: float = 0.5
    erase_area: tuple[float, float] = (0.02, 0.4)
    erase_aspect: float = 0.3
    colour: float = 0.0
    shrink: float = 0.0
    shrink_to: tuple[float, float] = (0.4, 0.6)
    background: float = 0.0

    def __post_init__(self) -> None:
        for name in ("flip", "erase", "shrink", "background"):
            _require(0 <= getattr(self, name) <= 1, name, getattr(self, name), "within 0..1")
        for name in ("erase_area", "shrink_to"):
            least, largest = getattr(self, name)
            _require(0 < least <= largest <= 1, name, least, "rising, above 0 and at most 1")
        _require(0 < self.erase_aspect <= 1, "erase_aspect", self.erase_aspect, "above 0 and at most 1")
        _require(0 <= self.colour < 1, "colour", self.colour, "at least 0 and below 1")
        _require(self.pad >= 0, "pad", self.pad, "0 or more")


def augmented(
    picture: Image, side: int, config: AugmentConfig, draw: np.random.Generator, *, fill: tuple[float, float, float]
) -> Image:
    """[side, side, 3]: the picture varied and stretched to the network's input.

    fill  RGB of what is added around it and of what is erased: the mean, which the network sees as 0
    """
    made = picture
    if draw.random() < config.shrink:
        made = shrunk(made, side, draw.uniform(*config.shrink_to))
    made = stretched(made, side)
    if draw.random() < config.flip:
        made = mirrored(made)
    if config.pad:
        column, line = (int(place) for place in draw.integers(0, 2 * config.pad + 1, 2))
        made = shifted(made, column - config.pad, line - config.pad, fill)
    if config.colour:
        brightness, contrast, *channels = draw.uniform(1 - config.colour, 1 + config.colour, 5)
        made = recoloured(made, brightness, contrast, np.array(channels))
    if draw.random() < config.erase:
        made = erased(made, erased_part(side, config, draw), fill)
    return made


def shrunk(picture: Image, side: int, factor: float) -> Image:
    """A picture of more pixels than the input loses its detail: scaled by `factor` and back."""
    height, width = picture.shape[:2]
    if height * width <= side * side:
        return picture
    small = (max(1, round(width * factor)), max(1, round(height * factor)))
    less = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(less, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def on_background(picture: Image, mask: Mask, other: Image, other_mask: Mask | None) -> Image:
    """The vehicle of `picture`, where `mask` [h, w] is true, before the background of `other` (of any size).

    The other's vehicle, where its mask is known, takes the mean colour of what is around it.
    """
    behind = other
    if other_mask is not None and other_mask.any() and not other_mask.all():
        behind = other.copy()
        behind[other_mask] = np.round(other[~other_mask].mean(axis=0))
    height, width = picture.shape[:2]
    behind = np.asarray(cv2.resize(behind, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    return np.where(mask[:, :, None], picture, behind)


def mirrored(picture: Image) -> Image:
    """Left and right exchanged."""
    return np.ascontiguousarray(picture[:, ::-1])


def shifted(picture: Image, right: int, down: int, fill: tuple[float, float, float]) -> Image:
    """The picture moved by whole pixels (negative: to the left, up); `fill` where it came from.

    The same as padding it on all sides and cutting out a part of the old size.
    """
    height, width = picture.shape[:2]
    made = np.empty_like(picture)
    made[:] = np.round(fill)
    to = (slice(max(down, 0), height + min(down, 0)), slice(max(right, 0), width + min(right, 0)))
    of = (slice(max(-down, 0), height - max(down, 0)), slice(max(-right, 0), width - max(right, 0)))
    made[to] = picture[of]
    return made


def recoloured(picture: Image, brightness: float, contrast: float, channels: Double1D) -> Image:
    """((x * brightness - m) * contrast + m) * channel, m the mean of the brightened picture, clipped to 0..255."""
    brighter = picture.astype(np.float32) * np.float32(brightness)
    mean = brighter.mean(dtype=np.float64)
    made = ((brighter - mean) * contrast + mean) * channels
    return np.asarray(np.clip(np.round(made), 0, 255), np.uint8)


Part = tuple[int, int, int, int]  # left, top, width, height, pixels


def erased_part(side: int, config: AugmentConfig, draw: np.random.Generator) -> Part | None:
    """A rectangle of random area, shape and place inside a square of `side`; None where none fitted."""
    for _ in range(_TRIES):
        area = draw.uniform(*config.erase_area) * side * side
        aspect = np.exp(draw.uniform(np.log(config.erase_aspect), -np.log(config.erase_aspect)))
        width, height = round(float(np.sqrt(area / aspect))), round(float(np.sqrt(area * aspect)))
        if 0 < width <= side and 0 < height <= side:
            left, top = (int(draw.integers(0, side - length + 1)) for length in (width, height))
            return left, top, width, height
    return None


def erased(picture: Image, part: Part | None, fill: tuple[float, float, float]) -> Image:
    """The picture with `part` covered by one colour."""
    if part is None:
        return picture
    left, top, width, height = part
    made = picture.copy()
    made[top : top + height, left : left + width] = np.round(fill)
    return made
