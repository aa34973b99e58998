"""Training a Mask R-CNN on a labelled scene, step by step, with checkpoints that it goes on from exactly.

Every step draws from generators of its own, seeded by the recipe's seed and the step's number; so a training that
was stopped and goes on gives the same weights as one that was not (on a CPU to the last bit).
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ml.datasets.scene import SceneFolder
from ml.detection.networks import device_named
from ml.detection.training.augment import Target, example
from ml.detection.training.checkpoint import WEIGHTS, TrainingFolder
from ml.detection.training.held import score_held
from ml.detection.training.ignoring import IGNORED, leave_out_ignored
from ml.detection.training.narrowing import narrowed
from ml.detection.training.recalibration import recalibrate
from ml.detection.training.recipe import ADAMW, DetectorRecipe
from ml.detection.training.samples import Sample, Samples, read_samples
from ml.detection.training.start import starting_network
from ml.locks import alone_in
from ml.threads import cpu_threads
from ml.types import Progress, UserError, no_progress

FRAMES = ".frames"  # in the training's folder while it goes on: the pictures learned from and held


def train_detector(
    scene: SceneFolder,
    recipe: DetectorRecipe,
    out: Path,
    *,
    device: str = "auto",
    progress: Progress = no_progress,
) -> dict[str, object]:
    """Train, score on the held frames, and write weights.safetensors, report.json and metrics.jsonl into `out`.

    Goes on from the checkpoint in `out` where there is one. Returns the report.

    Raises UserError training-runs, no-training-data, no-such-device, training-differs, training-diverged, and for
    weights.
    """
    place = device_named(device)
    if threads := cpu_threads(recipe.threads):
        torch.set_num_threads(threads)
    with alone_in(out), emptied(out / FRAMES) as frames:
        start = starting_network(recipe)
        samples = read_samples(scene, recipe, frames, progress)
        folder = TrainingFolder(out, recipe, samples.digest())
        training = Training(start.network, recipe, samples, folder, place)
        while training.step < recipe.steps:
            training.take_step()
            progress(training.step, recipe.steps, "steps")
        score = training.score()
        report = {"started_from": start.words, **_report(scene, recipe, samples, score)}
        folder.finish(training.network, start.anchors, report)
    return {**report, "weights": str(out / WEIGHTS)}


@contextmanager
def emptied(folder: Path) -> Iterator[Path]:
    """A folder without what a killed call left in it, deleted at the end."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


class Training:
    """A network being trained; it goes on from the folder's checkpoint. step  the next to do, from 0"""

    def __init__(
        self,
        network: Any,
        recipe: DetectorRecipe,
        samples: Samples,
        folder: TrainingFolder,
        device: torch.device,
    ) -> None:
        self.recipe = recipe
        self.step = 0
        self._samples = samples.learned
        self._held = samples.held
        self._folder = folder
        self._device = device
        state = folder.load()
        self.network = network.to(device).train()
        leave_out_ignored(self.network)
        self._mask_pool = network.roi_heads.mask_roi_pool
        self._learned = [weight for weight in network.parameters() if weight.requires_grad]
        self._optimizer = _optimizer(self._learned, recipe)
        scaled = recipe.mixed_precision and device.type == "cuda"  # 16 bits of a GPU, not of a CPU, can underflow
        self._scaler = torch.amp.GradScaler(device.type, enabled=scaled)
        if state is not None:
            self._restore(state)
        folder.forget_after(self.step)

    def take_step(self) -> None:
        """One step of gradient descent, noted; a score on the held frames and a checkpoint where they are due."""
        torch.manual_seed(self.recipe.seed * 1_000_003 + self.step)
        pictures, targets = self._batch(self.step)
        rate = self.recipe.learning_rate_at(self.step)
        losses = self._learn(pictures, targets, rate)
        self._folder.note({"step": self.step, "learning_rate": rate, **losses})
        self.step += 1
        if self.recipe.score_every and self.step % self.recipe.score_every == 0 and self.step < self.recipe.steps:
            self._folder.note({"step": self.step - 1, "held": self.score()})
        if self.step % self.recipe.checkpoint_every == 0 or self.step == self.recipe.steps:
            self._folder.save(self.step, self.network, self._optimizer, self._scaler)

    def score(self) -> dict[str, object]:
        """Scores on the held frames."""
        if self.recipe.recalibrate:
            steps = range(self.step, self.step + self.recipe.recalibrate)
            recalibrate(self.network, (self._batch(step)[0] for step in steps), self.recipe, self._device)
        return score_held(self.network, self._held, self.recipe, self._device)

    def _batch(self, step: int) -> tuple[list[torch.Tensor], list[Target]]:
        draw = np.random.default_rng([self.recipe.seed, step])
        rows = rows_of_step(step, self.recipe.batch, len(self._samples), self.recipe.seed)
        examples = [example(self._samples[row], self.recipe, draw) for row in rows]
        self._scale_pictures(draw)
        pictures = [picture.to(self._device) for picture, _ in examples]
        targets = [{name: value.to(self._device) for name, value in target.items()} for _, target in examples]
        return pictures, targets

    def _scale_pictures(self, draw: np.random.Generator) -> None:
        """Whole pictures are scaled by the network, squares were scaled before they were cut out."""
        recipe, transform = self.recipe, self.network.transform
        factor = draw.uniform(*recipe.scale_jitter)
        sides = (recipe.crop, recipe.crop) if recipe.crop else (recipe.min_size * factor, recipe.max_size * factor)
        transform.min_size, transform.max_size = (max(1, round(sides[0])),), max(1, round(sides[1]))

    def _learn(self, pictures: list[torch.Tensor], targets: list[Target], rate: float) -> dict[str, float]:
        # Masks are learned from batches that have them for every vehicle that counts; torchvision knows no half.
        with_masks = all("masks" in target for target in targets if (target["labels"] != IGNORED).any())
        with_masks = with_masks and any("masks" in target for target in targets)
        self.network.roi_heads.mask_roi_pool = self._mask_pool if with_masks else None
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        with narrowed(self._device, self.recipe):
            losses: Mapping[str, torch.Tensor] = self.network(pictures, _complete(pictures, targets, with_masks))
            loss = sum(losses.values(), torch.zeros((), device=self._device))
        values = {"loss": float(loss.detach()), **{name: float(value.detach()) for name, value in losses.items()}}
        self._require_finite(values["loss"])
        self._optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(self._scaler.scale(loss))
        self._scaler.unscale_(self._optimizer)
        torch.nn.utils.clip_grad_norm_(self._learned, self.recipe.clip)
        self._scaler.step(self._optimizer)
        self._scaler.update()
        return values

    def _require_finite(self, loss: float) -> None:
        if not math.isfinite(loss):
            raise UserError(
                "training-diverged",
                f"The loss is {loss} at step {self.step}: lower learning_rate or clip, or lengthen warmup, and choose "
                "another --out.",
            )

    def _restore(self, state: Mapping[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._scaler.load_state_dict(state["scaler"])
        self.step = int(state["step"])


def _optimizer(weights: list[torch.nn.Parameter], recipe: DetectorRecipe) -> torch.optim.Optimizer:
    rate, decay = recipe.learning_rate, recipe.weight_decay
    if recipe.optimizer == ADAMW:
        return torch.optim.AdamW(weights, lr=rate, weight_decay=decay)
    return torch.optim.SGD(weights, lr=rate, momentum=recipe.momentum, weight_decay=decay)


def rows_of_step(step: int, batch: int, count: int, seed: int) -> list[int]:
    """Which of `count` samples step number `step` takes: one shuffled round through all of them after another."""
    places = range(step * batch, (step + 1) * batch)
    return [int(np.random.default_rng([seed, 1, at // count]).permutation(count)[at % count]) for at in places]


def _complete(pictures: list[torch.Tensor], targets: list[Target], with_masks: bool) -> list[Target]:
    """Pictures without a vehicle have no masks: give them none of the right shape."""
    if not with_masks:
        return targets
    empty = [picture.new_zeros((0, *picture.shape[1:]), dtype=torch.uint8) for picture in pictures]
    return [{"masks": none, **target} for none, target in zip(empty, targets, strict=True)]


def _report(
    scene: SceneFolder, recipe: DetectorRecipe, samples: Samples, score: Mapping[str, object]
) -> dict[str, object]:
    return {
        "scene": scene.name,
        "recipe": asdict(recipe),
        "truth": [str(source.relative_to(scene.path)) for source in samples.sources],
        "learned": _counted(samples.learned),
        "held": _counted(samples.held),
        "score": dict(score),
    }


def _counted(samples: Sequence[Sample]) -> dict[str, int]:
    with_masks = sum(sample.truth.masks is not None for sample in samples)
    vehicles = sum(len(sample.truth.boxes) for sample in samples)
    ignored = sum(len(sample.truth.ignored) for sample in samples)
    return {"frames": len(samples), "vehicles": vehicles, "ignored": ignored, "frames_with_masks": with_masks}
