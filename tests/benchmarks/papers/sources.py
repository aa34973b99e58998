"""The rendered sets that stand for VehicleNet's other sources: drawn once, by the data factory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ml.cli.main import main as ml_command
from ml.types import UserError


@dataclass(frozen=True)
class Rendered:
    """What `python -m ml synth crops` is asked for; numbers are apart from each other's and from those of the set."""

    seed: int
    identities: int
    views: int
    first: int


# In the order of the published sizes, 1 : 2 : 3.3 (published 1 : 2.8 : 4.5); of each other vehicles, cameras and light.
SOURCES = {
    "veri": Rendered(seed=3101, identities=30, views=8, first=21001),
    "compcars": Rendered(seed=3102, identities=60, views=8, first=22001),
    "vehicleid": Rendered(seed=3103, identities=100, views=8, first=23001),
}


def draw(names: Iterable[str], folder: Path, models: Path | None) -> None:
    """Render those that are not there. UserError "sources-missing" where the data factory could not.

    models  where the vehicle models were unpacked; None where they are installed
    """
    for name in names:
        of, out = SOURCES[name], folder / name
        if (out / "sys_train_label.xml").is_file():
            continue
        asked = {"seed": of.seed, "identities": of.identities, "views": of.views, "first": of.first, "workers": 1}
        options = [word for option, value in asked.items() for word in (f"--{option}", str(value))]
        where = ["--models", str(models)] if models else []
        if ml_command(["synth", "crops", "--out", str(out), *options, *where]):
            raise UserError("sources-missing", f"{out} could not be rendered; what it needs is in docs/synthesis.md.")
