"""Fine-tuning NanoDet on labelled views, epoch by epoch, with checkpoints that it goes on from.

Every step draws from a generator of its own, seeded by the recipe's seed and the step's number; so a training that was
killed and goes on gives the same weights as one that was not (on a CPU to the last bit).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ml.detection.training.samples import Samples
from ml.detection.training.trainer import FRAMES, emptied, rows_of_step
from ml.detection.tuning.examples import batch_of, squares_as
from ml.detection.tuning.held import score_tuned, vehicle_mean
from ml.detection.tuning.losses import detection_loss
from ml.detection.tuning.network import Average, TunedNetwork
from ml.detection.tuning.places import grid_of
from ml.detection.tuning.recipe import HEADS, TuningRecipe
from ml.detection.tuning.samples import counted, sample_camera, tuning_samples
from ml.detection.tuning.views import LabelledView
from ml.locks import alone_in
from ml.reid.training.adapting import never
from ml.reid.training.checkpoint import BEST, WEIGHTS, Place, Trained, TrainingFolder
from ml.threads import cpu_threads
from ml.types import Mask, Progress, UserError, no_progress
from ml.weights.nanodet_tuned import Tensors, TunedNanoDet, read_tuned, save_tuned


def fine_tune(
    films: Sequence[LabelledView],
    recipe: TuningRecipe,
    folder: Path,
    *,
    progress: Progress = no_progress,
    enough: Callable[[], bool] = never,
) -> dict[str, object]:
    """Train, score, and write weights.safetensors, report.json and metrics.jsonl into `folder`; returns the report.

    Goes on from the checkpoint in `folder` where there is one. After an epoch at whose end `enough()` no other begins.
    The weights are those of the epoch with the best AP50 on held frames; the start counts as epoch 0.

    Raises UserError no-training-data, training-runs, training-differs, training-diverged, and for weights and videos.
    """
    if threads := cpu_threads(recipe.threads):
        torch.set_num_threads(threads)
    with alone_in(folder), emptied(folder / FRAMES) as frames:
        network = TunedNetwork(recipe)
        samples = tuning_samples(films, recipe, frames, progress)
        kept = TrainingFolder(folder, recipe, samples.digest())
        rois = {sample_camera(place, film): film.roi for place, film in enumerate(films) if film.roi is not None}
        training = Tuning(network, recipe, samples, rois, kept)
        while training.goes_on and not enough():
            training.run_epoch(progress)
        return training.finish()


class Tuning:
    """A network being fine-tuned. place  where it stands"""

    def __init__(
        self,
        network: TunedNetwork,
        recipe: TuningRecipe,
        samples: Samples,
        rois: Mapping[str, Mask],
        folder: TrainingFolder,
    ) -> None:
        """rois  where vehicles count, by the samples' camera"""
        self.recipe, self._samples, self._rois, self._folder = recipe, samples, rois, folder
        self.network = network
        self._average = Average(network.weights(), recipe.average)
        self._squares, self._grid = squares_as(recipe), grid_of(recipe.crop, recipe.crop)
        optimizer = torch.optim.AdamW(network.weights(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
        scaler = torch.amp.GradScaler("cpu", enabled=False)
        self._trained = Trained(network, self._average, optimizer, scaler)
        self.place = folder.load(self._trained) or self._begin()
        folder.forget_after(self.place.step)

    @property
    def goes_on(self) -> bool:
        """Whether there is an epoch left."""
        return self.place.epoch < self.recipe.schedule.epochs

    def _begin(self) -> Place:
        self._folder.forget_after(-1)
        self._note_score(Place(), {})
        return Place()

    def run_epoch(self, progress: Progress) -> None:
        """The rest of the epoch that the training stands in, its score, and a checkpoint."""
        started, first, schedule = time.monotonic(), self.place.batch, self.recipe.schedule
        while self.place.batch < schedule.steps:
            self._take_step()
            progress(self.place.step, schedule.epochs * schedule.steps, "steps")
        rate = (schedule.steps - first) * schedule.batch / (time.monotonic() - started)
        done = Place(self.place.epoch + 1, 0, self.place.step)
        self._note_score(done, {"images_per_second": round(rate, 1)})
        self.place = done
        self._folder.save(self.place, self._trained)

    def _take_step(self) -> None:
        recipe, here = self.recipe, self.place
        rows = rows_of_step(here.step, recipe.schedule.batch, len(self._samples.learned), recipe.seed)
        draw = np.random.default_rng([recipe.seed, 2, here.step])
        batch = batch_of([self._samples.learned[row] for row in rows], self._squares, self._grid, draw)
        found = self.network(batch.pictures)
        parts = detection_loss(
            found.scores, found.distances, self._grid, batch.places, batch.boxes, batch.classes, recipe.loss
        )
        values = {name: float(value.detach()) for name, value in parts.items()}
        self._require_finite(values["loss"])
        rate = recipe.learning_rate * recipe.schedule.share_at(here.step)
        self._learn(parts["loss"], rate)
        self.place = Place(here.epoch, here.batch + 1, here.step + 1)
        self._folder.note({"step": self.place.step, "learning_rate": rate, **values})
        if self.place.batch < recipe.schedule.steps and self.place.step % recipe.checkpoint_every == 0:
            self._folder.save(self.place, self._trained)

    def _learn(self, loss: torch.Tensor, rate: float) -> None:
        optimizer, weights = self._trained.optimizer, self.network.weights()
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(weights, self.recipe.clip)
        optimizer.step()
        self._average.follow(weights)

    def _note_score(self, place: Place, about: Mapping[str, object]) -> None:
        """A line with the score of what has been learned so far; kept as the best where it is."""
        tensors = self._tensors()
        score = score_tuned(tensors, self._samples.held, self._rois, self.recipe)
        best = max((float(line["held"]["ap50"]) for line in self._folder.scored()), default=-1.0)
        if score["ap50"] > best:
            card = {"recipe": self.recipe.name, "epoch": place.epoch, "data": self._folder.data}
            save_tuned(TunedNanoDet(tensors, self.network.vehicle_mean, card), self._folder.path / BEST)
        self._folder.note({"step": place.step, "epoch": place.epoch, **about, "held": score})

    def _tensors(self) -> Tensors:
        learned = zip(self.network.learned, self._average.means(), strict=True)
        return {**self.network.before, **{name: mean.numpy().copy() for name, mean in learned}}

    def finish(self) -> dict[str, object]:
        """Write the best epoch's weights, with their own features' mean, and the report."""
        best = read_tuned(self._folder.path / BEST)
        mean = best.vehicle_mean
        if self.recipe.learned != HEADS and best.card["epoch"]:
            mean = vehicle_mean(best.tensors, self._samples.learned, self.recipe)
        save_tuned(TunedNanoDet(best.tensors, mean, best.card), self._folder.path / WEIGHTS)
        report = self._report(best.card)
        self._folder.report(report)
        return {**report, "weights": str(self._folder.path / WEIGHTS)}

    def _report(self, card: Mapping[str, Any]) -> dict[str, object]:
        scores = {line["epoch"]: line["held"] for line in self._folder.scored()}
        return {
            "recipe": asdict(self.recipe),
            "parameters": sum(weight.numel() for weight in self.network.weights()),
            "learned": counted(self._samples.learned, self._rois),
            "held": counted(self._samples.held, self._rois),
            "start": scores[0],
            "best": {"epoch": card["epoch"], **scores[card["epoch"]]},
        }

    def _require_finite(self, loss: float) -> None:
        if not math.isfinite(loss):
            message = (
                f"The loss is {loss} at step {self.place.step}: lower learning_rate or clip, or lengthen "
                "schedule.warmup, and choose another --out."
            )
            raise UserError("training-diverged", message)
