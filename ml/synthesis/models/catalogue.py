"""Which models there are, from catalogue.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

# Numbers of VeRi's label files; types that VeRi does not have follow after its own.
TYPES = {
    "sedan": 1, "suv": 2, "van": 3, "hatchback": 4, "mpv": 5, "bus": 7, "truck": 8,
    "coupe": 10, "convertible": 11, "mini": 12,
}  # fmt: skip
HEAVY = frozenset({"van", "truck", "bus"})


@dataclass(frozen=True)
class Entry:
    """One model of the catalogue.

    kind   vehicles, pedestrians or furniture       library  the .sh3f file that has it
    paint  materials in the body's colour           share    weight in the traffic
    roof   metres ahead of the middle where a roof load sits, None where it carries none
    colour the only colour it comes in, None for any        keep  part of its triangles that is kept
    """

    name: str
    kind: str
    library: str
    model: str
    paint: tuple[str, ...] = ()
    type: str = ""
    share: float = 0.0
    roof: float | None = None
    colour: str | None = None
    keep: float = 1.0


@cache
def catalogue() -> dict[str, Entry]:
    """All models by name."""
    text = Path(__file__).with_name("catalogue.yaml").read_text(encoding="utf-8")
    groups: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(text)
    return {
        name: Entry(name=name, kind=kind, **{**values, "paint": tuple(values.get("paint", ()))})
        for kind, entries in groups.items()
        for name, values in entries.items()
    }


def of_kind(kind: str) -> list[Entry]:
    """The catalogue's vehicles, pedestrians or furniture, in its order."""
    return [entry for entry in catalogue().values() if entry.kind == kind]
