"""Training a re-identification network on a set of pictures, epoch by epoch, with checkpoints that it goes on from.

Every picture and every step draws from a generator of its own, seeded by the recipe's seed and its place; so a training
that was killed and goes on gives the same weights as one that was not (on a CPU to the last bit).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from ml.datasets.reid import ReidSet
from ml.datasets.reid.mined import MINED
from ml.datasets.reid.table import UNKNOWN
from ml.detection.networks import device_named
from ml.evaluation.ranking import RankingScore
from ml.locks import alone_in
from ml.reid.models import Outputs, ReidNetwork
from ml.reid.models.backbones import PUBLISHED, RANDOM
from ml.reid.models.network import ALL, BEFORE, VEHICLE
from ml.reid.models.weights import WeightsCard, fill, save_network
from ml.reid.training.checkpoint import WEIGHTS, Place, Trained, TrainingFolder
from ml.reid.training.labels import Labelled
from ml.reid.training.objective import Objective
from ml.reid.training.optimizing import Optimizing
from ml.reid.training.pictures import (
    Pictures,
    VariedPictures,
    batches,
    choose_pictures,
    learned_vehicles,
    sampler_of,
)
from ml.reid.training.projecting import project
from ml.reid.training.recipe import ReidRecipe
from ml.reid.training.scoring import query_and_gallery, score_network
from ml.threads import cpu_threads
from ml.types import Progress, UserError, no_progress


def train_reid(
    data: ReidSet, recipe: ReidRecipe, out: Path, *, device: str = "auto", progress: Progress = no_progress
) -> dict[str, object]:
    """Train, score, and write weights.safetensors, report.json and metrics.jsonl into `out`; returns the report.

    Goes on from the checkpoint in `out` where there is one.

    Raises UserError as of `choose_pictures` and `alone_in`, no-such-device, training-differs, training-diverged, and
    for weights.
    """
    place = device_named(device)
    if threads := cpu_threads(recipe.threads):
        torch.set_num_threads(threads)
    pictures = choose_pictures(data, recipe)
    with alone_in(out):
        return _train(data, recipe, pictures, out, place, progress)


def _train(
    data: ReidSet, recipe: ReidRecipe, pictures: Pictures, out: Path, place: torch.device, progress: Progress
) -> dict[str, object]:
    content = pictures.digest()
    folder = TrainingFolder(out, recipe, content)
    training = Training(recipe, pictures, folder, place, progress)
    while training.place.epoch < recipe.schedule.epochs:
        training.run_epoch(progress)
    card = WeightsCard(model=recipe.model, input_size=recipe.input_size, recipe=recipe.name, data=content)
    save_network(training.network, card, out / WEIGHTS)
    report = _report(data, recipe, pictures, training, place)
    folder.report(report)
    return {**report, "weights": str(out / WEIGHTS)}


class Training:
    """A network being trained. place  where it stands"""

    def __init__(
        self,
        recipe: ReidRecipe,
        pictures: Pictures,
        folder: TrainingFolder,
        device: torch.device,
        progress: Progress = no_progress,
    ) -> None:
        self._recipe, self._pictures, self._folder, self._device = recipe, pictures, folder, device
        torch.manual_seed(recipe.seed)
        self.network = _starting(recipe).to(device).to(memory_format=torch.channels_last)  # a third faster on CPUs
        self._objective = Objective(self.network, Labelled.of(pictures.learned).classes, recipe.loss).to(device)
        self._optimizing = Optimizing(self.network, self._objective, recipe.optimizer, recipe.schedule)
        self._mixed = recipe.mixed_precision and device.type == "cuda"
        scaler = torch.amp.GradScaler(device.type, enabled=self._mixed)
        self._trained = Trained(self.network, self._objective, self._optimizing.optimizer, scaler)
        self.place = folder.load(self._trained) or self._begin(progress)
        folder.forget_after(self.place.step)
        self._sampler = sampler_of(pictures.learned, recipe)
        self._source = VariedPictures(pictures.learned, recipe, self.network.backbone)

    def _begin(self, progress: Progress) -> Place:
        """The first place of all, with the linear layer fitted and scored where the recipe wants it."""
        recipe, device = self._recipe, self._device
        if recipe.projection.fit:
            learned = self._pictures.learned
            project(self.network, learned, recipe.projection, side=recipe.input_size, device=device, progress=progress)
            self._folder.forget_after(-1)
            self._folder.note({"step": 0, "epoch": 0, **self._held(0)})
        return Place()

    def run_epoch(self, progress: Progress) -> None:
        """The rest of the epoch that the training stands in, its score where one is due, and a checkpoint."""
        epoch, started, first = self.place.epoch, time.monotonic(), self.place.batch
        self._optimizing.begin_epoch(epoch)
        total = len(self._sampler) * self._recipe.schedule.epochs
        for images, labels in self._batches(epoch, first):
            images = images.to(self._device, non_blocking=True, memory_format=torch.channels_last)
            self._take_step(images, labels.to(self._device, non_blocking=True))
            progress(self.place.step, total, "steps")
        steps = len(self._sampler) - first
        size = self._recipe.batch.identities * self._recipe.batch.pictures
        rate = round(steps * size / (time.monotonic() - started), 1)
        self._folder.note(
            {"step": self.place.step, "epoch": epoch + 1, "images_per_second": rate, **self._held(epoch + 1)}
        )
        self.place = Place(epoch + 1, 0, self.place.step)
        self._folder.save(self.place, self._trained)

    def _batches(self, epoch: int, first: int) -> Iterator[tuple[Tensor, Tensor]]:
        rows, pin = self._sampler.epoch(epoch), self._device.type == "cuda"
        return batches(self._source, rows, epoch=epoch, first=first, workers=self._recipe.workers, pin=pin)

    def _take_step(self, images: Tensor, labels: Tensor) -> None:
        recipe, here = self._recipe, self.place
        torch.manual_seed(recipe.seed * 1_000_003 + here.step)
        rate = self._optimizing.set_rate(here.epoch + here.batch / len(self._sampler))
        with torch.autocast(self._device.type, enabled=self._mixed):
            seen: Outputs = self.network(images)
        outputs = seen.in_full()
        parts = self._objective(outputs, labels)
        loss = self._objective.total(parts)
        values = {name: float(value.detach()) for name, value in {"loss": loss, **parts}.items()}
        self._require_finite(values["loss"])
        self._optimizing.step(loss, self._trained.scaler)
        self._objective.after_step(outputs, labels)
        self.place = Place(here.epoch, here.batch + 1, here.step + 1)
        self._folder.note({"step": self.place.step, "learning_rate": rate, **values})
        inside = self.place.batch < len(self._sampler)
        if inside and self.place.step % recipe.checkpoint_every == 0:
            self._folder.save(self.place, self._trained)

    def _held(self, done: int) -> dict[str, object]:
        """The score on the held identities, where one is due after `done` epochs."""
        last = done == self._recipe.schedule.epochs
        if not len(self._pictures.held) or not (last or done % self._recipe.validate_every == 0):
            return {}
        query, gallery = query_and_gallery(self._pictures.held)
        score = score_network(self.network, query, gallery, side=self._recipe.input_size, device=self._device)
        return {"held": _figures(score)}

    def _require_finite(self, loss: float) -> None:
        if not math.isfinite(loss):
            raise UserError(
                "training-diverged",
                f"The loss is {loss} at step {self.place.step}: lower optimizer.learning_rate, lengthen "
                "schedule.warmup or set optimizer.clip, and choose another --out.",
            )


def _starting(recipe: ReidRecipe) -> ReidNetwork:
    if recipe.start in (PUBLISHED, RANDOM):
        return ReidNetwork(recipe.model, start=recipe.start)
    network = ReidNetwork(recipe.model)
    fill(network, Path(recipe.start))
    return network


def _report(
    data: ReidSet, recipe: ReidRecipe, pictures: Pictures, training: Training, device: torch.device
) -> dict[str, object]:
    learned, held = pictures.learned, pictures.held
    return {
        "data": data.name,
        "recipe": asdict(recipe),
        "parameters": sum(weight.numel() for weight in training.network.parameters()),
        "learned": {
            "pictures": len(learned),
            "vehicles": len(learned.dense_identities()[1]),
            "numbers": learned_vehicles(data, recipe),
            "mined": int((learned.domain == learned.domains.index(MINED)).sum()) if MINED in learned.domains else 0,
        },
        "held": {"pictures": len(held), "vehicles": len(held.dense_identities()[1])},
        "test": _test(data, training.network, recipe.input_size, device),
    }


def _test(data: ReidSet, network: ReidNetwork, side: int, device: torch.device) -> dict[str, object] | None:
    """The score on the set's own queries and gallery, None where it has none or keeps back which vehicles they show; of
    a network with branches by either signature.
    """
    if any(not len(table) or (table.identity == UNKNOWN).any() for table in (data.query, data.gallery)):
        return None

    def scored() -> dict[str, float]:
        return _figures(score_network(network, data.query, data.gallery, side=side, device=device))

    counts = {"queries": len(data.query), "gallery": len(data.gallery)}
    if not network.config.branches or network.config.retrieve == BEFORE:
        return {**counts, **scored()}
    by = {}
    for network.signature in (VEHICLE, ALL):
        by[network.signature] = scored()
    network.signature = network.config.signature
    return {**counts, **by[network.signature], "signatures": by}


def _figures(score: RankingScore) -> dict[str, float]:
    ranks = {f"rank{rank}": share for rank, share in score.cmc.items()}
    return {"map": score.map_all, **ranks, "minp": score.minp}
