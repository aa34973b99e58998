"""Pictures a second of the trainer beside those of its loader and of its steps alone: docs/benchmarks/loading.md.

`python -m tests.benchmarks.loading [--device cpu|cuda] [--recipe NAME] [--vehicles N] [--rounds N] [--dry]`. All
settings take turns in every round, so that a busy machine slows all of them alike; figures are medians over the rounds.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ml.config import config_from, read_yaml
from ml.datasets.reid import ReidSet, read_reid
from ml.detection.networks import device_named
from ml.reid.models.backbones import build_backbone
from ml.reid.training.checkpoint import TrainingFolder
from ml.reid.training.pictures import Pictures, VariedPictures, batches, choose_pictures, sampler_of
from ml.reid.training.recipe import ReidRecipe
from ml.reid.training.trainer import Training
from ml.types import no_progress

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "city_a_reid"
PAGE = ROOT / "docs" / "benchmarks" / "loading.md"
RECIPES = ROOT / "ml" / "reid" / "recipes"
LOADED = ("small", "dmt21")  # pictures of 144 and 384 pixels
WORKERS = (0, 1, 2)
CORES = len(os.sched_getaffinity(0))

Setting = tuple[str | int, int]  # recipe, or threads; workers
Rate = tuple[float, ...]
Rates = Mapping[Setting, Rate]


@dataclass
class Spent:
    """Seconds of a piece of work: on the clock, and of the processors, its ended child processes' among them."""

    clock: float = 0.0
    processors: float = 0.0


@contextmanager
def timed() -> Iterator[Spent]:
    spent, clock, processors = Spent(), time.perf_counter(), _processors()
    yield spent
    spent.clock, spent.processors = time.perf_counter() - clock, _processors() - processors


def _processors() -> float:
    return sum(os.times()[:4])


class FromMemory(Training):
    """A training whose first epoch is loaded as ever; the later ones take its steps on that one's batches, as kept."""

    def _batches(self, epoch: int, first: int) -> Iterator[tuple[Tensor, Tensor]]:
        if not epoch:
            self.kept = list[tuple[Tensor, Tensor]]()
            for batch in super()._batches(epoch, first):
                self.kept.append(batch)
                yield batch
        else:
            yield from self.kept


def recipe_named(name: str) -> ReidRecipe:
    """The recipe of that name with no vehicle held back, for two epochs."""
    path = RECIPES / f"{name}.yaml"
    recipe = config_from(ReidRecipe, read_yaml(path), str(path))
    return replace(recipe, data=replace(recipe.data, held=0.0), schedule=replace(recipe.schedule, epochs=2))


def few(data: ReidSet, vehicles: int) -> ReidSet:
    """The set with the pictures of so many of its training vehicles alone, the first."""
    wanted = np.unique(data.train.identity)[:vehicles]
    nothing = data.synthetic.take(np.zeros(len(data.synthetic), np.bool_))
    return replace(data, train=data.train.take(np.isin(data.train.identity, wanted)), synthetic=nothing)


def loaded(recipe: ReidRecipe, pictures: Pictures, workers: int) -> tuple[int, Spent]:
    """Pictures of an epoch, read, varied and put in batches that nobody learns from, and the time of it."""
    rows = sampler_of(pictures.learned, recipe).epoch(0)
    source = VariedPictures(
        pictures.learned, recipe, build_backbone(recipe.model.backbone, published=False, last_stride=1)
    )
    with timed() as spent:
        count = sum(len(images) for images, _ in batches(source, rows, epoch=0, first=0, workers=workers, pin=False))
    return count, spent


def trained(recipe: ReidRecipe, pictures: Pictures, device: torch.device, threads: int) -> tuple[Spent, Spent]:
    """An epoch as ever, and one whose batches lie in memory."""
    torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as folder:
        training = FromMemory(recipe, pictures, TrainingFolder(Path(folder), recipe, pictures.digest()), device)
        with timed() as whole:
            training.run_epoch(no_progress)
        with timed() as steps:
            training.run_epoch(no_progress)
    return whole, steps


def measure(data: ReidSet, recipe: ReidRecipe, device: torch.device, rounds: int) -> tuple[Rates, Rates]:
    """Medians: of the loader alone by recipe and workers, and of the training by threads."""
    loading, training = defaultdict[Setting, list[Rate]](list), defaultdict[Setting, list[Rate]](list)
    pictures, workers = choose_pictures(data, recipe), max(1, recipe.workers)
    for number in range(rounds):
        sys.stderr.write(f"round {number + 1} of {rounds}\n")
        for name in LOADED:
            wanted = recipe_named(name)
            for processes in WORKERS:
                count, spent = loaded(wanted, choose_pictures(data, wanted), processes)
                _add(loading[name, processes], (count / spent.clock, spent.processors / spent.clock))
        for threads in (1, CORES):
            count, alone = loaded(recipe, pictures, workers)
            whole, steps = trained(replace(recipe, workers=workers), pictures, device, threads)
            shares = [count / each.clock for each in (alone, steps, whole)]
            _add(training[threads, workers], (*shares, whole.processors / whole.clock))
    return _medians(loading), _medians(training)


def _add(rates: list[Rate], found: Rate) -> None:
    rates.append(found)
    sys.stderr.write(f"{found}\n")


def _medians(found: Mapping[Setting, Sequence[Rate]]) -> Rates:
    return {setting: tuple(map(statistics.median, zip(*rates, strict=True))) for setting, rates in found.items()}


def page(loading: Rates, training: Rates, recipe: ReidRecipe, device: torch.device, about: Mapping[str, int]) -> str:
    """The figures as a Markdown page; `about` has the numbers of vehicles and rounds."""
    where = torch.cuda.get_device_name(device) if device.type == "cuda" else "no GPU"
    return "\n".join(
        [
            INTRO.format(cores=CORES, machine=platform.machine(), where=where, **about),
            *(
                f"| `{name}` | {recipe_named(str(name)).input_size} | {workers} | {rate:.0f} | {cores:.2f} |"
                for (name, workers), (rate, cores) in loading.items()
            ),
            TRAINER.format(name=recipe.name, side=recipe.input_size),
            *(
                f"| {threads} | {workers} | {alone:.0f} | {steps:.1f} | {whole:.1f} | "
                f"{whole / min(alone, steps):.2f} | {cores:.2f} |"
                for (threads, workers), (alone, steps, whole, cores) in training.items()
            ),
            "",
        ]
    )


INTRO = """# The trainer and its loader

Pictures a second: read, varied and put in batches, with nobody learning from them (the loader alone); learned from
in batches that lie in memory (steps alone); and both, as a training does it. The first {vehicles} vehicles of
`city_a_reid`, one epoch each, {cores} cores ({machine}), {where}; medians of {rounds} rounds in which all settings
take turns. *Cores* is processor time over the clock's. *Both* begins with starting the worker process, which an epoch
of so few batches feels. A trainer is kept busy as long as its steps alone take fewer pictures a second than the loader
gives: a GPU wants as many worker processes as its pictures a second are those of one.
Made by `python -m tests.benchmarks.loading`; `--device cuda --recipe dmt21 --vehicles 100` measures a GPU in the
second table.

## The loader alone

| recipe | side | worker processes | pictures/s | cores |
|---|---:|---:|---:|---:|"""

TRAINER = """
## Recipe `{name}` ({side} pixels)

| threads | worker processes | loader alone | steps alone | both | both beside the slower one | cores |
|---:|---:|---:|---:|---:|---:|---:|"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cpu", help="cpu, cuda or auto")
    parser.add_argument("--recipe", default="small", help="that is trained (default small)")
    parser.add_argument("--vehicles", type=int, default=12, help="learned from (default 12): an epoch of a few batches")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dry", action="store_true", help="print the page, do not write it")
    options = parser.parse_args()
    recipe, device = recipe_named(options.recipe), device_named(options.device)
    found = measure(few(read_reid(DATA), options.vehicles), recipe, device, options.rounds)
    text = page(*found, recipe, device, {"vehicles": options.vehicles, "rounds": options.rounds})
    sys.stdout.write(text)
    if not options.dry:
        PAGE.write_text(text)


if __name__ == "__main__":
    main()
