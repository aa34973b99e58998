"""From a clean picture to what a street camera delivers: colour, sharpness, vignette, noise and rain."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ml.types import Image

_SLACK = 64  # pixels by which the stored noise is larger than a picture, so that it can be shifted


@dataclass(frozen=True)
class SensorLook:
    """gain      exposure, 1 for none                      balance  gains of red, green and blue
    saturation  1 for none                                blur     standard deviation, pixels
    noise     standard deviation, 0..255                  vignette what the corners lose, 0..1
    quality   of H.264, constant rate factor              rain     how dense streaks are, 0..1
    """

    gain: float = 1.0
    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    saturation: float = 1.0
    blur: float = 0.5
    noise: float = 1.5
    vignette: float = 0.1
    quality: int = 25
    rain: float = 0.0


def drawn_sensor(generator: np.random.Generator, *, dark: bool = False, rain: float = 0.0) -> SensorLook:
    """A camera of the street; in the dark it makes more noise."""
    warm = float(generator.normal(0, 0.04))
    return SensorLook(
        gain=float(generator.uniform(0.92, 1.12)),
        balance=(1 + warm, 1.0 + float(generator.normal(0, 0.01)), 1 - warm),
        saturation=float(generator.uniform(0.8, 1.12)),
        blur=float(generator.uniform(0.4, 0.85)),
        noise=float(generator.uniform(1.0, 2.4)) * (2.2 if dark else 1.0),
        vignette=float(generator.uniform(0.03, 0.22)),
        quality=int(generator.integers(24, 30)),
        rain=rain,
    )


class Sensor:
    """Turns clean pictures of one camera into delivered ones; the same seed and picture number, the same noise."""

    def __init__(self, look: SensorLook, size: tuple[int, int], seed: list[int]) -> None:
        width, height = size
        generator = np.random.default_rng(seed)
        self._look, self._size, self._seed = look, size, seed
        self._colour = _colour_matrix(look)
        y, x = np.mgrid[0:height, 0:width]
        radius = ((x - width / 2) ** 2 + (y - height / 2) ** 2) / ((width / 2) ** 2 + (height / 2) ** 2)
        self._vignette = np.repeat(np.round((1 - look.vignette * radius) * 255).astype(np.uint8)[..., None], 3, axis=2)
        shape = (height + _SLACK, width + _SLACK)
        grain = generator.normal(0, 0.6 * look.noise, (*shape, 3)) + generator.normal(0, 0.8 * look.noise, (*shape, 1))
        self._noise = np.round(grain + (_streaks(shape, look.rain, generator) if look.rain else 0)).astype(np.int16)

    def __call__(self, picture: Image, number: int) -> Image:
        """Picture `number` [h, w, 3] RGB as it is delivered."""
        width, height = self._size
        seen = cv2.transform(cv2.GaussianBlur(picture, (0, 0), self._look.blur), self._colour)
        shaded = cv2.multiply(seen, self._vignette, scale=1 / 255)
        down, across = np.random.default_rng([*self._seed, number]).integers(0, _SLACK, 2)
        noise = self._noise[down : down + height, across : across + width]
        return np.asarray(cv2.add(shaded, noise, dtype=cv2.CV_8U))


def _colour_matrix(look: SensorLook) -> np.ndarray:
    """[3, 3]: saturation about the grey of the same brightness, then gain and white balance."""
    grey = np.tile([0.299, 0.587, 0.114], (3, 1))
    mixed = look.saturation * np.eye(3) + (1 - look.saturation) * grey
    return np.asarray(np.diag(look.balance) @ mixed * look.gain, np.float32)


def _streaks(shape: tuple[int, int], density: float, generator: np.random.Generator) -> np.ndarray:
    """[h, w, 1] brightness that falling drops add."""
    layer = np.zeros(shape, np.float32)
    for _ in range(round(density * shape[0] * shape[1] / 1500)):
        x, y, length = generator.integers(0, shape[1]), generator.integers(0, shape[0]), generator.integers(6, 26)
        end = (int(x) + int(length) // 6, int(y) + int(length))
        cv2.line(layer, (int(x), int(y)), end, float(generator.uniform(6, 26)), 1, cv2.LINE_AA)
    return layer[..., None]
