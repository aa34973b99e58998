"""Trainings behind a backbone that stands still: each picture goes through it once, in a few looks.

What it pools of them is kept, and learned from in every epoch.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.utils.data import Dataset

from ml.datasets.reid import ReidTable, read_picture
from ml.reid.augment import augmented
from ml.reid.models import ReidNetwork
from ml.reid.trained import network_input, stretched
from ml.reid.training.labels import Labelled
from ml.reid.training.pictures import Key, file_sha256
from ml.reid.training.recipe import ReidRecipe
from ml.types import Float2D, Progress, no_progress

Looks = npt.NDArray[np.float16]  # [.., 1 + looks, channels]: of the picture as it is, then of its varied looks


class KeptLooks:
    """What the backbone pools of pictures, in 16 bits: half the room, and finer than what training differs by.

    A look is varied by a generator seeded with the picture's content and the look's number, so that it is the same in
    every training whose backbone, size of pictures and variations are.
    """

    def __init__(self, network: ReidNetwork, recipe: ReidRecipe, device: torch.device) -> None:
        self._network, self._recipe, self._device = network, recipe, device
        self._folder = None if recipe.kept_in is None else Path(recipe.kept_in)
        self._found: dict[str, Looks] = {}
        self._about = _digest(network, recipe)

    def of(self, table: ReidTable, progress: Progress = no_progress) -> Looks:
        """[n, 1 + looks, channels]. UserError "picture-unreadable"."""
        keys = [self._key(table, row) for row in range(len(table))]
        for row, key in enumerate(keys):
            if key not in self._found:
                self._found[key] = self._read(key, table, row)
            progress(row + 1, len(table), "pictures")
        return np.stack([self._found[key] for key in keys])

    def plain(self, table: ReidTable) -> Float2D:
        """[n, d] float32, L2-normalised: what the network compares pictures as they are by."""
        was = self._network.training
        self._network.eval()
        with torch.inference_mode():
            pooled = torch.from_numpy(self.of(table)[:, 0].astype(np.float32)).to(self._device)
            found: Float2D = torch.nn.functional.normalize(self._network.embed_pooled(pooled)).cpu().numpy()
        self._network.train(was)
        return found

    def _key(self, table: ReidTable, row: int) -> str:
        place = f"{self._about} {file_sha256(table.paths[row])}".encode() + table.boxes[row].tobytes()
        return hashlib.sha256(place).hexdigest()

    def _read(self, key: str, table: ReidTable, row: int) -> Looks:
        if self._folder is None:
            return self._pooled(key, table, row)
        path = self._folder / key[:2] / f"{key}.npy"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(".partial.npy")
            np.save(partial, self._pooled(key, table, row))
            partial.replace(path)
        looks: Looks = np.load(path)
        return looks

    def _pooled(self, key: str, table: ReidTable, row: int) -> Looks:
        recipe, backbone, picture = self._recipe, self._network.backbone, read_picture(table, row)
        looks = [stretched(picture, recipe.input_size)]
        for number in range(recipe.kept_looks):
            draw = np.random.default_rng((int(key[:16], 16), number))
            looks.append(augmented(picture, recipe.input_size, recipe.augment, draw, fill=backbone.mean))
        batch = torch.from_numpy(network_input(np.stack(looks), backbone.mean, backbone.std)).to(self._device)
        self._network.eval()
        with torch.inference_mode():
            pooled: Looks = (
                self._network.pooled(batch.contiguous(memory_format=torch.channels_last)).half().cpu().numpy()
            )
        return pooled


class KeptPictures(Dataset[tuple[Tensor, Tensor]]):
    """(what is pooled of a picture's look [channels], label) by `Key`; epoch and place decide which look."""

    def __init__(self, table: ReidTable, looks: Looks, seed: int) -> None:
        self._labels, self._looks, self._seed = torch.from_numpy(Labelled.of(table).labels), looks, seed

    def __getitem__(self, key: Key) -> tuple[Tensor, Tensor]:
        epoch, place, row = key
        look = np.random.default_rng((self._seed, epoch, place)).integers(1, self._looks.shape[1])
        return torch.from_numpy(self._looks[row, look].astype(np.float32)), self._labels[row]


def _digest(network: ReidNetwork, recipe: ReidRecipe) -> str:
    """SHA-256 of all that decides what is pooled of a picture."""
    found = hashlib.sha256()
    for name, value in network.backbone.state_dict().items():
        found.update(name.encode() + value.cpu().numpy().tobytes())
    settings = (network.config.neck, network.config.backbone, recipe.input_size, recipe.kept_looks)
    found.update(json.dumps([*settings, asdict(recipe.augment)]).encode())
    return found.hexdigest()
