"""Pictures of house fronts. Alpha is 0 on windows, so that a shader can light them at night."""

from __future__ import annotations

import cv2
import numpy as np

from ml.synthesis.models.textures import SIDE, Layer

WINDOWS = 4  # floors and columns of windows in one picture
TONES = (
    (150, 120, 100), (120, 60, 48), (170, 165, 155), (95, 100, 108), (185, 170, 140), (70, 75, 80),
)  # fmt: skip


def facade(generator: np.random.Generator, tone: tuple[int, int, int]) -> Layer:
    """Floors of windows in a wall of `tone` (0..255)."""
    wall = np.ones((SIDE, SIDE, 3)) * tone
    wall += 2 * cv2.GaussianBlur(generator.normal(0, 14, (SIDE, SIDE)).astype(np.float32), (0, 0), 4)[..., None]
    alpha = np.full((SIDE, SIDE), 255, np.uint8)
    cell = SIDE // WINDOWS
    across, up = (round(cell * generator.uniform(low, high)) for low, high in ((0.4, 0.85), (0.45, 0.7)))
    for left in range((cell - across) // 2, SIDE, cell):
        for top in range((cell - up) // 2, SIDE, cell):
            frame = (slice(max(top - 3, 0), top + up + 4), slice(max(left - 3, 0), left + across + 3))
            glass = (slice(top, top + up), slice(left, left + across))
            wall[frame] = np.array(tone) * 0.6 + 55
            shade = np.linspace(150, 60, up)[:, None, None] * np.array([0.75, 0.88, 1.0])
            wall[glass] = (shade * generator.uniform(0.4, 1.2))[: wall[glass].shape[0]]
            alpha[glass] = 0
            if generator.random() < 0.3:  # a blind
                blind = slice(top, top + round(up * generator.uniform(0.2, 0.8)))
                wall[blind, left : left + across] = generator.uniform(140, 210)
                alpha[blind, left : left + across] = 255
    return _layer(wall, alpha)


def shop_front(generator: np.random.Generator) -> Layer:
    """A ground floor: a sign above large windows."""
    picture = np.ones((SIDE, SIDE, 3)) * generator.uniform(60, 140) * generator.uniform(0.85, 1.15, 3)
    alpha = np.full((SIDE, SIDE), 255, np.uint8)
    picture[30:85] = generator.uniform(40, 180) * generator.uniform(0.7, 1.25, 3)
    for letter in range(int(generator.integers(4, 9))):
        left = 30 + 22 * letter
        cv2.rectangle(picture, (left, 42), (left + 13, 72), generator.uniform(170, 255, 3).tolist(), -1)
    for pane in range(4):
        left = pane * SIDE // 4 + 7
        glass = (slice(100, 242), slice(left, left + SIDE // 4 - 14))
        picture[glass] = np.linspace(110, 45, 142)[:, None, None] * np.array([0.85, 0.92, 1.0])
        picture[glass] *= generator.uniform(0.6, 1.4)
        alpha[glass] = 0
    return _layer(picture, alpha)


def _layer(picture: np.ndarray, alpha: np.ndarray) -> Layer:
    """Row 0 of a layer is the foot of the wall."""
    return np.ascontiguousarray(np.dstack([np.clip(picture, 0, 255), alpha])[::-1].astype(np.uint8))
