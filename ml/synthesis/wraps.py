"""What is laid on over the paint: stripes, lettering, a second colour, stickers, a dark roof.

A wrap is four pictures of one size: the left side, the right side, from above, from behind. On the sides and from above
x runs from the rear bumper to the front; y from the ground up, from the right to the left.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from ml.synthesis.light import Colour
from ml.synthesis.paint import drawn_colour, shade_of

HEIGHT, WIDTH = 64, 256
Wrap = npt.NDArray[np.uint8]  # [4, HEIGHT, WIDTH, 4] RGBA, linear
LEFT, RIGHT, ABOVE, REAR = range(4)

_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)
_LETTERS = "ABCDEFGHIKLMNOPRSTUVZ"
_BRIGHT: tuple[Colour, ...] = (
    (0.62, 0.03, 0.03), (0.02, 0.08, 0.42), (0.03, 0.25, 0.08), (0.72, 0.45, 0.02), (0.65, 0.20, 0.01),
    (0.03, 0.03, 0.035), (0.80, 0.80, 0.80), (0.03, 0.28, 0.42), (0.25, 0.03, 0.28),
)  # fmt: skip


def _bright(generator: np.random.Generator) -> tuple[int, int, int]:
    return _bytes(_BRIGHT[generator.integers(len(_BRIGHT))])


def _bytes(colour: Colour) -> tuple[int, int, int]:
    red, green, blue = (round(255 * channel) for channel in colour)
    return red, green, blue


def _fill(
    wrap: Wrap, sides: tuple[int, ...], area: tuple[float, float, float, float], colour: tuple[int, int, int]
) -> None:
    """A rectangle: x from..to and y from..to as parts of the picture."""
    x0, x1, y0, y1 = area
    rows = slice(round(y0 * HEIGHT), max(round(y1 * HEIGHT), round(y0 * HEIGHT) + 1))
    columns = slice(round(x0 * WIDTH), max(round(x1 * WIDTH), round(x0 * WIDTH) + 1))
    for side in sides:
        wrap[side, rows, columns] = (*colour, 255)


def _write(
    wrap: Wrap, text: str, area: tuple[float, float, float, float], colour: tuple[int, int, int], font: int
) -> None:
    """Lettering on both sides, readable on both, filling a rectangle."""
    x0, x1, y0, y1 = area
    size = (max(8, round((x1 - x0) * WIDTH)), max(5, round((y1 - y0) * HEIGHT)))
    (width, height), base = cv2.getTextSize(text, font, 1.0, 3)
    drawn = np.zeros((height + base + 6, width + 8), np.uint8)
    cv2.putText(drawn, text, (4, height + 3), font, 1.0, 255, 3, cv2.LINE_AA)
    mask = cv2.resize(drawn, size, interpolation=cv2.INTER_AREA)[::-1].astype(np.float32)[..., None] / 255
    top, left = round(y0 * HEIGHT), round(x0 * WIDTH)
    for side, shown in ((LEFT, mask[:, ::-1]), (RIGHT, mask)):
        part = wrap[side, top : top + size[1], left : left + size[0]]
        shown = shown[: part.shape[0], : part.shape[1]]
        part[..., :3] = part[..., :3] * (1 - shown) + np.array(colour) * shown
        part[..., 3:] = np.maximum(part[..., 3:], shown * 255)


def _word(generator: np.random.Generator) -> str:
    return "".join(_LETTERS[letter] for letter in generator.integers(0, len(_LETTERS), generator.integers(3, 9)))


def _lettering(wrap: Wrap, generator: np.random.Generator) -> str:
    x0, y0 = generator.uniform(0.06, 0.3), generator.uniform(0.42, 0.55)
    area = (x0, x0 + generator.uniform(0.28, 0.5), y0, y0 + generator.uniform(0.16, 0.36))
    font = _FONTS[generator.integers(len(_FONTS))]
    if generator.random() < 0.6:
        _fill(wrap, (LEFT, RIGHT), area, _bright(generator))
    inner = (area[0] + 0.02, area[1] - 0.02, area[2] + 0.03, area[3] - 0.03)
    _write(wrap, _word(generator), inner, _bright(generator), font)
    return "lettering"


def _stripe(wrap: Wrap, generator: np.random.Generator) -> str:
    low = generator.uniform(0.28, 0.5)
    _fill(wrap, (LEFT, RIGHT), (0, 1, low, low + generator.uniform(0.04, 0.13)), _bright(generator))
    return "side stripe"


def _rear_part(wrap: Wrap, generator: np.random.Generator) -> str:
    colour, end = _bright(generator), generator.uniform(0.25, 0.55)
    slant = generator.uniform(-0.15, 0.15)
    for row in range(HEIGHT):
        edge = round((end + slant * (row / HEIGHT - 0.5)) * WIDTH)
        wrap[(LEFT, RIGHT), row, :edge] = (*colour, 255)
    _fill(wrap, (REAR,), (0, 1, 0, 1), colour)
    return "rear part in another colour"


def _lower_half(wrap: Wrap, generator: np.random.Generator) -> str:
    _fill(wrap, (LEFT, RIGHT, REAR), (0, 1, 0, generator.uniform(0.3, 0.5)), _bright(generator))
    return "lower half in another colour"


def _twin_stripes(wrap: Wrap, generator: np.random.Generator) -> str:
    colour, inner, broad = _bright(generator), generator.uniform(0.04, 0.09), generator.uniform(0.08, 0.14)
    _fill(wrap, (ABOVE,), (0, 1, 0.5 + inner, 0.5 + inner + broad), colour)
    _fill(wrap, (ABOVE,), (0, 1, 0.5 - inner - broad, 0.5 - inner), colour)
    return "twin stripes"


def _door_sign(wrap: Wrap, generator: np.random.Generator) -> str:
    x, y = generator.uniform(0.4, 0.6), generator.uniform(0.3, 0.4)
    area = (x, x + generator.uniform(0.1, 0.18), y, y + generator.uniform(0.18, 0.3))
    _fill(wrap, (LEFT, RIGHT), area, _bright(generator))
    _write(
        wrap,
        _word(generator)[:4],
        (area[0] + 0.01, area[1] - 0.01, area[2] + 0.04, area[3] - 0.04),
        _bright(generator),
        0,
    )
    return "door sign"


def _sticker(wrap: Wrap, generator: np.random.Generator) -> str:
    x, y = generator.uniform(0.15, 0.7), generator.uniform(0.45, 0.65)
    _fill(
        wrap, (REAR,), (x, x + generator.uniform(0.08, 0.2), y, y + generator.uniform(0.08, 0.18)), _bright(generator)
    )
    return "rear sticker"


def _other_bonnet(wrap: Wrap, generator: np.random.Generator) -> str:
    colour = _bytes(shade_of(drawn_colour(generator, heavy=False), generator))
    _fill(wrap, (LEFT, RIGHT, ABOVE), (generator.uniform(0.72, 0.8), 1, 0, 1), colour)
    return "bonnet in another colour"


def _dark_roof(wrap: Wrap, generator: np.random.Generator) -> str:
    colour = (2, 2, 2) if generator.random() < 0.75 else (190, 190, 186)
    _fill(wrap, (ABOVE,), (0.2, 0.62, 0, 1), colour)
    _fill(wrap, (LEFT, RIGHT, REAR), (0, 1, 0.88, 1), colour)
    return "contrast roof"


def _chequers(wrap: Wrap, generator: np.random.Generator) -> str:
    dark, light = (8, 8, 8), (190, 190, 190) if generator.random() < 0.5 else (200, 140, 5)
    for square in range(28):
        for row in range(2):
            x, y = 0.2 + square * 0.02, 0.40 + row * 0.04
            _fill(wrap, (LEFT, RIGHT), (x, x + 0.02, y, y + 0.04), dark if (square + row) % 2 else light)
    return "chequer band"


Drawing = Callable[[Wrap, np.random.Generator], str]
SMALL: dict[Drawing, float] = {
    _twin_stripes: 0.05, _door_sign: 0.07, _stripe: 0.07, _other_bonnet: 0.04, _sticker: 0.07, _dark_roof: 0.12,
}  # fmt: skip
LARGE: dict[Drawing, float] = {_lettering: 0.45, _stripe: 0.12, _rear_part: 0.12, _lower_half: 0.10, _sticker: 0.1}
TAXI = _chequers


def drawn_wrap(generator: np.random.Generator, chances: dict[Drawing, float]) -> tuple[Wrap | None, tuple[str, ...]]:
    """A wrap with each drawing at its chance, and what is on it; None where none came up."""
    chosen = [drawing for drawing, chance in chances.items() if generator.random() < chance]
    if not chosen:
        return None, ()
    wrap = np.zeros((4, HEIGHT, WIDTH, 4), np.uint8)
    return wrap, tuple(drawing(wrap, generator) for drawing in chosen)
