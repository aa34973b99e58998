"""Training a re-identification network on a set of pictures, epoch by epoch, with checkpoints that it goes on from.

Every picture and every step draws from a generator of its own, seeded by the recipe's seed and its place; so a training
that was killed and goes on gives the same weights as one that was not (on a CPU to the last bit).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from ml.datasets.reid import ReidSet, ReidTable
from ml.datasets.reid.mined import MINED
from ml.datasets.reid.table import UNKNOWN
from ml.detection.networks import device_named
from ml.evaluation.ranking import RankingScore
from ml.locks import alone_in
from ml.reid.models import Outputs, ReidNetwork
from ml.reid.models.backbones import PUBLISHED, RANDOM
from ml.reid.models.network import ALL, BEFORE, VEHICLE
from ml.reid.models.weights import WeightsCard, fill, save_network
from ml.reid.training.adapting import adapt, never
from ml.reid.training.checkpoint import BEST, WEIGHTS, Place, Trained, TrainingFolder
from ml.reid.training.kept import KeptLooks, KeptPictures
from ml.reid.training.labels import Labelled, classed_like
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
from ml.reid.training.recipe import IDENTITY, ReidRecipe
from ml.reid.training.scoring import embedded, nearest_is_of_class, query_and_gallery, score_with
from ml.reid.training.together import ALONE, Together, joined
from ml.threads import cpu_threads
from ml.types import Float2D, Progress, UserError, no_progress


def train_reid(
    data: ReidSet,
    recipe: ReidRecipe,
    out: Path,
    *,
    device: str = "auto",
    progress: Progress = no_progress,
    enough: Callable[[], bool] = never,
) -> dict[str, object]:
    """Train, score, and write weights.safetensors, report.json and metrics.jsonl into `out`; returns the report.

    Goes on from the checkpoint in `out` where there is one. After an epoch at whose end `enough()` no other begins, nor
    another fit of `adapt`.
    Of several processes (`ml.reid.training.together`) the first alone writes and scores; the others return nothing.

    Raises UserError as of `choose_pictures` and `alone_in`, no-such-device, training-differs, training-diverged, and
    for weights.
    """
    place = device_named(device)
    if threads := cpu_threads(recipe.threads):
        torch.set_num_threads(threads)
    pictures = choose_pictures(data, recipe)
    with joined(place) as (together, own):
        if not together.first:
            folder = _folder(out, recipe, pictures, together)
            _run(Training(recipe, pictures, folder, own, together=together, enough=enough), enough)
            return {}
        with alone_in(out):
            folder = _folder(out, recipe, pictures, together)
            training = Training(recipe, pictures, folder, own, progress, together, enough)
            _run(training, enough, progress)
            return _result(data, recipe, pictures, out, training)


def _folder(out: Path, recipe: ReidRecipe, pictures: Pictures, together: Together) -> TrainingFolder:
    return TrainingFolder(out, recipe, pictures.digest(), writes=together.first)


def _run(training: Training, enough: Callable[[], bool], progress: Progress = no_progress) -> None:
    while training.goes_on and not training.together.agreed(enough()):
        training.run_epoch(progress)


def _result(data: ReidSet, recipe: ReidRecipe, pictures: Pictures, out: Path, training: Training) -> dict[str, object]:
    if recipe.keep_best:
        fill(training.network, out / BEST)
    save_network(training.network, training.card, out / WEIGHTS)
    report = _report(data, recipe, pictures, training)
    training.folder.report(report)
    return {**report, "weights": str(out / WEIGHTS)}


class Training:
    """A network being trained.

    place  where it stands        card  what its file of weights says of itself        together  who trains it
    weight  what a picture counts beside one of the prior's; None where none is added to
    """

    def __init__(
        self,
        recipe: ReidRecipe,
        pictures: Pictures,
        folder: TrainingFolder,
        device: torch.device,
        progress: Progress = no_progress,
        together: Together = ALONE,
        enough: Callable[[], bool] = never,
    ) -> None:
        self.recipe, self._pictures, self.folder, self._device = recipe, pictures, folder, device
        self.together, self._part = together, together.part(recipe.batch.identities * recipe.batch.pictures)
        self.card = WeightsCard(recipe.model, recipe.input_size, recipe=recipe.name, data=folder.data)
        self.weight: float | None = None
        torch.manual_seed(recipe.seed)
        self.network = _starting(recipe).to(device).to(memory_format=torch.channels_last)  # a third faster on CPUs
        together.with_shared_statistics(self.network, device)
        self._objective = Objective(self.network, Labelled.of(pictures.learned).classes, recipe.loss).to(device)
        self._optimizing = Optimizing(self.network, self._objective, recipe.optimizer, recipe.schedule)
        self._mixed = recipe.mixed_precision and device.type == "cuda"
        scaler = torch.amp.GradScaler(device.type, enabled=self._mixed)
        self._trained = Trained(self.network, self._objective, self._optimizing.optimizer, scaler)
        self._kept = KeptLooks(self.network, recipe, device) if recipe.kept_looks else None
        self.place = folder.load(self._trained) or self._begin(progress, lambda: together.agreed(enough()))
        folder.forget_after(self.place.step)
        self._sampler = sampler_of(pictures.learned, recipe)
        self._source = self._pictures_source(progress)

    @property
    def goes_on(self) -> bool:
        """Whether there is an epoch left."""
        return self.place.epoch < self.recipe.schedule.epochs

    def _pictures_source(self, progress: Progress) -> Dataset[Any]:
        learned, recipe = self._pictures.learned, self.recipe
        if self._kept is None:
            return VariedPictures(learned, recipe, self.network.backbone)
        return KeptPictures(learned, self._kept.varied(learned, progress), recipe.seed)

    def _begin(self, progress: Progress, enough: Callable[[], bool]) -> Place:
        """The first place of all, with the linear layer fitted and what there is scored where the recipe wants it."""
        recipe, device = self.recipe, self._device
        if recipe.projection.fit:
            learned = self._pictures.learned
            project(self.network, learned, recipe.projection, side=recipe.input_size, device=device, progress=progress)
        if recipe.adapt.prior is not None:
            return self._adapted(progress, enough)
        if recipe.projection.fit or recipe.keep_best:
            self.folder.forget_after(-1)
            self.folder.note({"step": 0, "epoch": 0, **self._held(0)})
        return Place()

    def _adapted(self, progress: Progress, enough: Callable[[], bool]) -> Place:
        """The first place, with the linear layer fitted to the pictures and the prior; a line for each weight tried."""
        recipe, learned = self.recipe, self._pictures.learned
        self.folder.forget_after(-1)

        def note(place: int, weight: float, score: RankingScore) -> None:
            self.folder.note({"step": place, "weight": weight, "held": _figures(score)})

        self.weight = adapt(
            self.network,
            learned,
            recipe.adapt,
            side=recipe.input_size,
            device=self._device,
            note=note,
            enough=enough,
            progress=progress,
        )
        return Place(step=len(recipe.adapt.weights) - 1)

    def run_epoch(self, progress: Progress) -> None:
        """The rest of the epoch that the training stands in, its score where one is due, and a checkpoint."""
        epoch, started, first = self.place.epoch, time.monotonic(), self.place.batch
        self._optimizing.begin_epoch(epoch)
        total = len(self._sampler) * self.recipe.schedule.epochs
        for images, labels in self._batches(epoch, first):
            self._take_step(self._on_device(images), labels.to(self._device, non_blocking=True))
            progress(self.place.step, total, "steps")
        steps = len(self._sampler) - first
        size = self.recipe.batch.identities * self.recipe.batch.pictures
        rate = round(steps * size / (time.monotonic() - started), 1)
        self.folder.note(
            {"step": self.place.step, "epoch": epoch + 1, "images_per_second": rate, **self._held(epoch + 1)}
        )
        self.place = Place(epoch + 1, 0, self.place.step)
        self.folder.save(self.place, self._trained)

    def _batches(self, epoch: int, first: int) -> Iterator[tuple[Tensor, Tensor]]:
        rows, pin = self._sampler.epoch(epoch), self._device.type == "cuda"
        workers = self.recipe.workers
        return batches(self._source, rows, epoch=epoch, first=first, workers=workers, pin=pin, part=self._part)

    def _on_device(self, images: Tensor) -> Tensor:
        form = torch.preserve_format if self._kept else torch.channels_last
        return images.to(self._device, non_blocking=True, memory_format=form)

    def _take_step(self, images: Tensor, labels: Tensor) -> None:
        recipe, here = self.recipe, self.place
        torch.manual_seed(recipe.seed * 1_000_003 + here.step)
        rate = self._optimizing.set_rate(here.epoch + here.batch / len(self._sampler))
        with torch.autocast(self._device.type, enabled=self._mixed):
            pooled = images if self._kept else self.network.pooled(images)
            seen: Outputs = self.network.from_pooled(self.together.gathered(pooled))
        outputs, labels = seen.in_full(), self.together.gathered(labels)
        parts = self._objective(outputs, labels)
        loss = self._objective.total(parts)
        values = {name: float(value.detach()) for name, value in {"loss": loss, **parts}.items()}
        self._require_finite(values["loss"])
        self._optimizing.step(loss, self._trained.scaler, self.together)
        self._objective.after_step(outputs, labels)
        self.place = Place(here.epoch, here.batch + 1, here.step + 1)
        self.folder.note({"step": self.place.step, "learning_rate": rate, **values})
        inside = self.place.batch < len(self._sampler)
        if inside and self.place.step % recipe.checkpoint_every == 0:
            self.folder.save(self.place, self._trained)

    def _held(self, done: int) -> dict[str, object]:
        """The score on the held identities, where one is due after `done` epochs."""
        last = done == self.recipe.schedule.epochs
        due = last or done % self.recipe.validate_every == 0
        if not self.together.first or not len(self._pictures.held) or not due:
            return {}
        if self.recipe.data.classes != IDENTITY:
            return {"held": self.classes_found([self._pictures.held])}
        query, gallery = query_and_gallery(self._pictures.held)
        score = self.score(query, gallery)
        if self.recipe.keep_best and score.map_all > self.folder.best_map():
            save_network(self.network, self.card, self.folder.path / BEST)
        return {"held": _figures(score)}

    def score(self, query: ReidTable, gallery: ReidTable) -> RankingScore:
        """The rankings of `gallery` by cosine distance to each row of `query`."""
        return score_with(self.features, query, gallery)

    def classes_found(self, tables: Sequence[ReidTable]) -> dict[str, object] | None:
        """Over those pictures of `tables` whose class (`data.classes`) is known and was learned: the share whose
        nearest learned picture is of it. None without any.
        """
        learned = self._pictures.learned
        known = [classed_like(table, learned, self.recipe.data.classes) for table in tables if len(table)]
        count = sum(map(len, known))
        if not count:
            return None
        theirs = self.features(learned)
        found = [nearest_is_of_class(self.features(part), part.identity, theirs, learned.identity) for part in known]
        return {"pictures": count, "same_class": float(np.concatenate(found).mean())}

    def features(self, table: ReidTable) -> Float2D:
        """[n, d] L2-normalised, of the pictures as they are."""
        if self._kept is not None:
            return self._kept.plain(table)
        return embedded(self.network, table, side=self.recipe.input_size, device=self._device)

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


def _report(data: ReidSet, recipe: ReidRecipe, pictures: Pictures, training: Training) -> dict[str, object]:
    learned, held = pictures.learned, pictures.held
    of = "vehicles" if recipe.data.classes == IDENTITY else "classes"
    return {
        "data": data.name,
        "recipe": asdict(recipe),
        "parameters": sum(weight.numel() for weight in training.network.parameters()),
        "learned": {
            "pictures": len(learned),
            of: len(learned.dense_identities()[1]),
            "numbers": learned_vehicles(data, recipe),
            "mined": int((learned.domain == learned.domains.index(MINED)).sum()) if MINED in learned.domains else 0,
        },
        "weight": training.weight,
        "held": {"pictures": len(held), of: len(held.dense_identities()[1])},
        "test": _test(data, training),
    }


def _test(data: ReidSet, training: Training) -> dict[str, object] | None:
    """The score on the set's own queries and gallery, None where it has none or keeps back which vehicles they show; of
    a network with branches by either signature, of one that learned cameras or orientations by these.
    """
    if training.recipe.data.classes != IDENTITY:
        return training.classes_found((data.query, data.gallery))
    if any(not len(table) or (table.identity == UNKNOWN).any() for table in (data.query, data.gallery)):
        return None

    def scored() -> dict[str, float]:
        return _figures(training.score(data.query, data.gallery))

    network = training.network
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
