"""Training SPGAN on a set's rendered and real pictures, with checkpoints that it goes on from.

Each step draws its pictures by a generator seeded with the recipe's seed and the step's number, so that a training
that was killed and goes on gives the same weights as one that was not (on a CPU to the last bit).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ml.datasets.reid import ReidSet
from ml.detection.networks import device_named
from ml.locks import alone_in
from ml.reid.style.gan import StyleGan, StyleSteps
from ml.reid.style.pictures import Domains, domains, drawn
from ml.reid.style.recipe import StyleRecipe
from ml.reid.style.weights import StyleCard, save_generator
from ml.reid.training.checkpoint import WEIGHTS, Place, Trained, TrainingFolder
from ml.threads import cpu_threads
from ml.types import Progress, UserError, no_progress


def train_style(
    data: ReidSet, recipe: StyleRecipe, out: Path, *, device: str = "auto", progress: Progress = no_progress
) -> dict[str, object]:
    """Learn to give `data`'s rendered pictures the style of its own training pictures; identities are not looked at.

    Writes weights.safetensors (the generator that `ml style` translates with), report.json and metrics.jsonl into
    `out`, going on from the checkpoint there; returns the report.

    Raises UserError as of `domains` and `alone_in`, no-such-device, training-differs, training-diverged.
    """
    place = device_named(device)
    if threads := cpu_threads(recipe.threads):
        torch.set_num_threads(threads)
    pictures = domains(data)
    with alone_in(out):
        folder = TrainingFolder(out, recipe, pictures.digest())
        training = StyleTraining(recipe, pictures, folder, place)
        while training.step < recipe.steps:
            training.take_step()
            progress(training.step, recipe.steps, "steps")
        generator = training.gan.to_target
        card = StyleCard(recipe.width, recipe.blocks, recipe.residual, recipe.input_size, recipe.name, folder.data)
        save_generator(generator, card, out / WEIGHTS)
        report = {
            "data": data.name,
            "recipe": asdict(recipe),
            "parameters": sum(weight.numel() for weight in generator.parameters()),
            "learned": {"rendered": len(pictures.source), "real": len(pictures.target)},
        }
        folder.report(report)
    return {**report, "weights": str(out / WEIGHTS)}


class StyleTraining:
    """Networks being trained. gan  they themselves        step  steps done"""

    def __init__(self, recipe: StyleRecipe, pictures: Domains, folder: TrainingFolder, device: torch.device) -> None:
        self._recipe, self._pictures, self._folder, self._device = recipe, pictures, folder, device
        torch.manual_seed(recipe.seed)
        self.gan = StyleGan(recipe).to(device)
        self._steps = StyleSteps(self.gan, recipe)
        scaler = torch.amp.GradScaler(device.type, enabled=False)
        self._trained = Trained(self.gan, nn.Module(), self._steps.optimizer, scaler)
        self.step = (folder.load(self._trained) or Place()).step
        folder.forget_after(self.step)

    def take_step(self) -> None:
        """One step of all networks, noted, and a checkpoint where one is due."""
        recipe, draw = self._recipe, np.random.default_rng((self._recipe.seed, self.step))
        source, target = (
            drawn(table, draw, recipe).to(self._device) for table in (self._pictures.source, self._pictures.target)
        )
        rate = recipe.learning_rate_at(self.step)
        losses = self._steps.take(source, target, rate=rate)
        self._require_finite(losses)
        self.step += 1
        self._folder.note({"step": self.step, "learning_rate": rate, **losses})
        if self.step % recipe.checkpoint_every == 0 or self.step == recipe.steps:
            self._folder.save(Place(step=self.step), self._trained)

    def _require_finite(self, losses: Mapping[str, float]) -> None:
        wrong = {name: value for name, value in losses.items() if not math.isfinite(value)}
        if wrong:
            said = ", ".join(f"{name} is {value}" for name, value in wrong.items())
            message = f"Loss {said} at step {self.step}: lower learning_rate and choose another --out."
            raise UserError("training-diverged", message)
