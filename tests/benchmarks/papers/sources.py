"""What takes the place of a set's rendered pictures: what stands for VehicleNet's sources beside CityFlow, rendered
vehicles that are others in each; or the same pictures in another style.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ml.cli.main import main as ml_command
from ml.datasets.reid import ReidSet, read_reid
from ml.datasets.reid.beside import with_beside
from ml.types import UserError
from tests.benchmarks.papers.styled import STYLED, with_styled
from tests.benchmarks.papers.table import SMALL


@dataclass(frozen=True)
class Source:
    """vehicles                       those of the set's own rendered ones that it has in the small form, by their order
    seed, identities, views, first    what `python -m ml synth crops` draws for it in the full form
    """

    vehicles: slice
    seed: int
    identities: int
    views: int
    first: int


# In the order of the published sizes (1 : 2.8 : 4.5).
SOURCES = {
    "veri": Source(slice(0, 20), seed=3101, identities=100, views=20, first=21001),
    "compcars": Source(slice(20, 60), seed=3102, identities=280, views=20, first=22001),
    "vehicleid": Source(slice(60, 120), seed=3103, identities=450, views=20, first=23001),
}


def with_sources(data: ReidSet, names: Sequence[str], *, form: str, folder: Path, device: str) -> ReidSet:
    """The set with the rendered pictures of `names` in place of its own, where there are any names."""
    if not names:
        return data
    if STYLED in names:
        return with_styled(data, form=form, folder=folder, device=device)
    if form == SMALL:
        numbers = np.unique(data.synthetic.identity)
        wanted = np.concatenate([numbers[SOURCES[name].vehicles] for name in names])
        return replace(data, synthetic=data.synthetic.take(np.isin(data.synthetic.identity, wanted)))
    nothing = data.synthetic.take(np.zeros(0, np.int64))
    return with_beside(replace(data, synthetic=nothing), [read_reid(folder / name) for name in names])


def draw(names: Iterable[str], folder: Path, models: Path | None) -> None:
    """Render those that are not there. UserError "sources-missing" where the data factory could not.

    models  where the vehicle models were unpacked; None where they are installed
    """
    for name in names:
        of, out = SOURCES[name], folder / name
        if (out / "sys_train_label.xml").is_file():
            continue
        asked = {"seed": of.seed, "identities": of.identities, "views": of.views, "first": of.first}
        options = [word for option, value in asked.items() for word in (f"--{option}", str(value))]
        where = ["--models", str(models)] if models else []
        if ml_command(["synth", "crops", "--out", str(out), *options, *where]):
            raise UserError("sources-missing", f"{out} could not be rendered; what it needs is in docs/synthesis.md.")
