"""The lasting looks of one vehicle: the same in every camera and at every time, drawn from seed and number alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.synthesis.light import Colour
from ml.synthesis.mesh import Mesh, Surface, box, joined
from ml.synthesis.models.catalogue import HEAVY, TYPES, Entry, catalogue, of_kind
from ml.synthesis.paint import COLOURS, drawn_colour, shade_of
from ml.synthesis.wraps import LARGE, SMALL, TAXI, Wrap, drawn_wrap

_RIMS: tuple[Colour, ...] = (
    (0.55, 0.55, 0.56), (0.40, 0.41, 0.43), (0.22, 0.22, 0.23), (0.03, 0.03, 0.033), (0.62, 0.60, 0.55),
    (0.30, 0.27, 0.22),
)  # fmt: skip
_TINTS: tuple[Colour, ...] = ((0.012, 0.015, 0.018), (0.03, 0.036, 0.04), (0.06, 0.07, 0.075), (0.004, 0.004, 0.005))
_TAXI_COLOURS = ("yellow", "black", "beige")


@dataclass(frozen=True)
class Looks:
    """number   the vehicle's identity, from 1      model   of the catalogue
    colour   its name; paint its shade, linear  scale   of its length, width and height
    rim, glass  linear colours                  gloss, dirt  0..1
    wrap, load  what is laid on the paint, what is on the roof; notes says both in words
    """

    number: int
    model: str
    colour: str
    paint: Colour
    scale: tuple[float, float, float]
    rim: Colour
    glass: Colour
    gloss: float
    dirt: float
    wrap: Wrap | None = None
    load: str | None = None
    load_paint: Colour = (0.5, 0.5, 0.5)
    notes: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        return catalogue()[self.model].type

    @property
    def type_number(self) -> int:
        return TYPES[self.type]

    @property
    def colour_number(self) -> int:
        return COLOURS[self.colour]


def drawn_model(generator: np.random.Generator, *, evenness: float = 0.0) -> str:
    """A vehicle model by its share in the traffic; evenness 1 draws all alike."""
    entries = of_kind("vehicles")
    shares = np.array([entry.share for entry in entries]) ** (1 - evenness)
    return entries[int(generator.choice(len(entries), p=shares / shares.sum()))].name


def drawn_looks(seed: int, number: int, model: str) -> Looks:
    """The looks of vehicle `number` of `model` under `seed`."""
    generator = np.random.default_rng([seed, number])
    entry = catalogue()[model]
    heavy = entry.type in HEAVY
    taxi = not heavy and entry.roof is not None and generator.random() < 0.04
    colour = str(generator.choice(_TAXI_COLOURS)) if taxi else entry.colour or drawn_colour(generator, heavy=heavy)
    wrap, notes = drawn_wrap(generator, {TAXI: 1.0} if taxi else LARGE if heavy else SMALL)
    load = "taxi sign" if taxi else _drawn_load(generator, entry)
    scale = generator.uniform(0.96, 1.04) * (1 + generator.uniform(-0.012, 0.012, 3))
    return Looks(
        number=number,
        model=model,
        colour=colour,
        paint=shade_of(colour, generator),
        scale=(float(scale[0]), float(scale[1]), float(scale[2])),
        rim=_RIMS[int(generator.choice(len(_RIMS), p=[0.30, 0.25, 0.15, 0.15, 0.08, 0.07]))],
        glass=_TINTS[int(generator.choice(len(_TINTS), p=[0.4, 0.3, 0.15, 0.15]))],
        gloss=float(generator.choice([0.35, 0.8, 1.0], p=[0.1, 0.3, 0.6])),
        dirt=float(np.clip(generator.beta(1.3, 2.6), 0.03, 0.9)),
        wrap=wrap,
        load=load,
        load_paint=(0.75, 0.7, 0.45)
        if taxi
        else shade_of(str(generator.choice(["black", "gray", "white"])), generator),
        notes=(*notes, *([load] if load else [])),
    )


def _drawn_load(generator: np.random.Generator, entry: Entry) -> str | None:
    roll = generator.random()
    if entry.roof is None:
        return None
    if entry.type == "van":
        return "ladder" if roll < 0.25 else None
    return "roof box" if roll < 0.08 else "roof rack" if roll < 0.16 else None


def _rack() -> list[Mesh]:
    dark = (0.1, 0.1, 0.1)
    bars = [box((x, -0.56, 0), (x + 0.06, 0.56, 0.1), dark, Surface.PLAIN) for x in (-0.5, 0.4)]
    rails = [box((-0.85, y, 0), (0.75, y + 0.05, 0.08), (1, 1, 1), Surface.PAINT) for y in (-0.58, 0.53)]
    return [*bars, *rails]


def roof_loads() -> dict[str, Mesh]:
    """What a roof can carry, by name: the origin is the roof's middle."""
    white, rungs = (1, 1, 1), np.arange(-1.5, 1.2, 0.32)
    ladder = [box((-1.6, y, 0.1), (1.2, y + 0.06, 0.17), white, Surface.PAINT) for y in (-0.42, 0.0)]
    ladder += [box((float(x), -0.42, 0.1), (float(x) + 0.05, 0.06, 0.16), white, Surface.PAINT) for x in rungs]
    cover = box((-0.85, -0.38, 0.1), (0.75, 0.38, 0.42), white, Surface.PAINT, taper=0.1)
    return {
        "roof box": joined([cover, *_rack()[:2]]),
        "roof rack": joined(_rack()),
        "taxi sign": box((-0.12, -0.36, 0.02), (0.12, 0.36, 0.22), white, Surface.PAINT, taper=0.03),
        "ladder": joined(ladder),
    }
