"""What a training keeps in its folder, so that it can be killed at any moment and goes on exactly.

A checkpoint is one safetensors file: tensors by name, everything else as JSON in its header. Nothing in it can run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from ml.datasets.text import write_lines
from ml.types import UserError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

CHECKPOINT, METRICS, REPORT, WEIGHTS = "checkpoint.safetensors", "metrics.jsonl", "report.json", "weights.safetensors"
BEST = "best.safetensors"
_FREE = ("threads", "workers", "checkpoint_every", "kept_in")  # may change between the parts of one training


@dataclass(frozen=True, slots=True)
class Place:
    """Where a training stands: the epoch and the batch in it that come next, and the steps done."""

    epoch: int = 0
    batch: int = 0
    step: int = 0


@dataclass(frozen=True, slots=True)
class Trained:
    """What changes while a training goes on."""

    network: nn.Module
    objective: nn.Module
    optimizer: torch.optim.Optimizer
    scaler: torch.amp.GradScaler


class TrainingFolder:
    """One training's folder: its checkpoint, a line of metrics a step, and in the end its weights and report."""

    def __init__(self, path: Path, recipe: DataclassInstance, data: str, *, writes: bool = True) -> None:
        """recipe  a training's settings
        data    what identifies the pictures        writes  whether this process does; of several one alone"""
        self.path, self.data, self._writes = path, data, writes
        settings = json.loads(json.dumps(asdict(recipe)))
        fixed = {name: value for name, value in settings.items() if name not in _FREE}
        self._identity = {"recipe": fixed, "data": data}
        path.mkdir(parents=True, exist_ok=True)

    def load(self, trained: Trained) -> Place | None:
        """Fill `trained` from the checkpoint; None where there is none.

        Raises UserError checkpoint-unreadable, or training-differs where the folder holds another training.
        """
        path = self.path / CHECKPOINT
        if not path.is_file():
            return None
        try:
            with safetensors.safe_open(path, framework="pt") as stored:
                notes = json.loads(stored.metadata()["notes"])
                tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
        except (safetensors.SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
            message = f"{path}: the checkpoint cannot be read ({error}); delete it to start again."
            raise UserError("checkpoint-unreadable", message) from None
        self._require_same(notes["identity"])
        _restore(trained, tensors, notes)
        return Place(**notes["place"])

    def save(self, place: Place, trained: Trained) -> None:
        """Replace the checkpoint by one that goes on at `place`."""
        if not self._writes:
            return
        partial = self.path / f".{CHECKPOINT}.partial"
        notes = {
            "identity": self._identity,
            "place": asdict(place),
            "scaler": trained.scaler.state_dict(),
            "optimizer": _numbers(trained.optimizer),
        }
        safetensors.torch.save_file(_tensors(trained), partial, metadata={"notes": json.dumps(notes)})
        partial.replace(self.path / CHECKPOINT)

    def forget_after(self, step: int) -> None:
        """Drop metrics of steps after `step`: they will be done again."""
        if not self._writes:
            return
        write_lines(self.path / METRICS, [line for line in self._metrics() if json.loads(line)["step"] <= step])

    def note(self, metrics: Mapping[str, object]) -> None:
        """One more line of metrics; "step" counts the steps done."""
        if not self._writes:
            return
        with (self.path / METRICS).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(metrics) + "\n")

    def best_map(self) -> float:
        """The best mAP on held vehicles that was noted so far; below any where none was."""
        return max((float(line["held"]["map"]) for line in self.scored()), default=-1.0)

    def scored(self) -> list[dict[str, Any]]:
        """The lines of metrics that have a score on what is held."""
        return [line for line in map(json.loads, self._metrics()) if line.get("held")]

    def report(self, report: Mapping[str, object]) -> None:
        """Write the report."""
        if not self._writes:
            return
        write_lines(self.path / REPORT, json.dumps(report, indent=1).splitlines())

    def _metrics(self) -> list[str]:
        """Whole lines; a kill can leave half of the last."""
        path = self.path / METRICS
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        return text[: text.rfind("\n") + 1].splitlines()

    def _require_same(self, found: Mapping[str, Any]) -> None:
        for name, reason in (("recipe", "another recipe"), ("data", "other pictures or labels")):
            if found[name] != self._identity[name]:
                raise UserError(
                    "training-differs",
                    f"{self.path} holds a training with {reason}: choose another --out, or delete that folder.",
                )


def _tensors(trained: Trained) -> dict[str, Tensor]:
    """Every tensor by a name that says whose it is."""
    tensors = {f"network.{name}": value for name, value in trained.network.state_dict().items()}
    tensors |= {f"objective.{name}": value for name, value in trained.objective.state_dict().items()}
    for weight, entries in trained.optimizer.state_dict()["state"].items():
        named = {f"optimizer.{weight}.{name}": value for name, value in entries.items() if torch.is_tensor(value)}
        tensors |= named
    return {name: value.detach().cpu().contiguous() for name, value in tensors.items()}


def _numbers(optimizer: torch.optim.Optimizer) -> dict[str, dict[str, Any]]:
    """What the optimizer keeps of each weight that is no tensor."""
    state = optimizer.state_dict()["state"]
    return {
        str(weight): {name: value for name, value in entries.items() if not torch.is_tensor(value)}
        for weight, entries in state.items()
    }


def _restore(trained: Trained, tensors: Mapping[str, Tensor], notes: Mapping[str, Any]) -> None:
    trained.network.load_state_dict(_below("network", tensors))
    trained.objective.load_state_dict(_below("objective", tensors))
    state: dict[int, dict[str, Any]] = {int(weight): dict(of) for weight, of in notes["optimizer"].items()}
    for name, value in _below("optimizer", tensors).items():
        weight, _, entry = name.partition(".")
        state[int(weight)][entry] = value
    groups = trained.optimizer.state_dict()["param_groups"]
    trained.optimizer.load_state_dict({"state": state, "param_groups": groups})
    if notes["scaler"]:  # empty where the training ran in 32 bits so far
        trained.scaler.load_state_dict(notes["scaler"])


def _below(owner: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.partition(".")[2]: value for name, value in tensors.items() if name.startswith(f"{owner}.")}
