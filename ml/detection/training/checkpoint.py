"""What a training keeps in its folder, so that it can be stopped at any moment and goes on exactly."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import safetensors.torch
import torch

from ml.datasets.text import write_lines
from ml.detection.networks import ANCHORS, Anchors
from ml.detection.training.recipe import DetectorRecipe
from ml.types import UserError

CHECKPOINT, METRICS, REPORT = "checkpoint.pt", "metrics.jsonl", "report.json"
WEIGHTS = "weights.safetensors"
_FREE = ("threads", "checkpoint_every")  # settings that may change between the parts of one training


class TrainingFolder:
    """One training's folder: its checkpoint, one line of metrics a step, and in the end its weights and report."""

    def __init__(self, path: Path, recipe: DetectorRecipe, data: str) -> None:
        """path  a folder that exists       data  what identifies the samples"""
        self.path = path
        self._identity = {"recipe": _fixed(recipe), "data": data}

    def load(self) -> Mapping[str, Any] | None:
        """The last checkpoint, or None: step (the next to do), network, optimizer, scaler.

        Raises UserError checkpoint-unreadable, or training-differs for one of another recipe or other data.
        """
        path = self.path / CHECKPOINT
        if not path.is_file():
            return None
        try:
            state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
            message = f"{path}: the checkpoint cannot be read ({error}); delete it to start again."
            raise UserError("checkpoint-unreadable", message) from error
        self._require_same(state["identity"])
        return state

    def save(self, step: int, network: Any, optimizer: torch.optim.Optimizer, scaler: Any) -> None:
        """Replace the checkpoint by one from which step number `step` is the next."""
        partial = self.path / f".{CHECKPOINT}.partial"
        torch.save(
            {
                "identity": self._identity,
                "step": step,
                "network": network.state_dict(),
                "optimizer": optimizer.state_dict(),
                "scaler": scaler.state_dict(),
            },
            partial,
        )
        partial.replace(self.path / CHECKPOINT)

    def forget_after(self, step: int) -> None:
        """Drop metrics of steps from `step` on: they will be done again."""
        write_lines(self.path / METRICS, [line for line in self._metrics() if json.loads(line)["step"] < step])

    def note(self, metrics: Mapping[str, object]) -> None:
        """One more line of metrics."""
        with (self.path / METRICS).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(metrics) + "\n")

    def finish(self, network: Any, anchors: Anchors, report: Mapping[str, object]) -> Path:
        """Write weights, with the anchors they belong to, and report; returns the weights' path."""
        weights = self.path / WEIGHTS
        partial = weights.with_suffix(".partial")
        state = {name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()}
        safetensors.torch.save_file(state, partial, {ANCHORS: json.dumps(anchors)})
        partial.replace(weights)
        write_lines(self.path / REPORT, json.dumps(report, indent=1).splitlines())
        return weights

    def _metrics(self) -> list[str]:
        """Whole lines; a kill can leave half of the last."""
        path = self.path / METRICS
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        return text[: text.rfind("\n") + 1].splitlines()

    def _require_same(self, found: Mapping[str, Any]) -> None:
        for name, reason in (("recipe", "another recipe"), ("data", "other frames or labels")):
            if found[name] != self._identity[name]:
                raise UserError(
                    "training-differs",
                    f"{self.path} holds a training with {reason}: choose another --out, or delete that folder.",
                )


def _fixed(recipe: DetectorRecipe) -> dict[str, Any]:
    settings = json.loads(json.dumps(asdict(recipe)))
    return {name: value for name, value in settings.items() if name not in _FREE}
