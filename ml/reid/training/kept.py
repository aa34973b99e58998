"""Trainings behind a backbone that stands still: each picture goes through it once, in a few looks.

What it pools of them is kept, and learned from in every epoch.
"""

from __future__ import annotations

import hashlib
import json
import os
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
from ml.reid.models.backbones import Backbone
from ml.reid.trained import network_input, stretched
from ml.reid.training.labels import Labelled
from ml.reid.training.pictures import Key, file_sha256
from ml.reid.training.recipe import ReidRecipe
from ml.types import Float2D, Image, Progress, no_progress

Looks = npt.NDArray[np.float16]  # [.., looks, channels]
_AT_ONCE = 64  # looks that go through the backbone together


class KeptLooks:
    """What the backbone pools of pictures, in 16 bits: half the room, and finer than what training differs by.

    A look is varied by a generator seeded with the picture's content and the look's number, so that it is the same in
    every training whose backbone, size of pictures and variations are.
    """

    def __init__(self, network: ReidNetwork, recipe: ReidRecipe, device: torch.device) -> None:
        self._network, self._recipe, self._device = network, recipe, device
        self._folder = None if recipe.kept_in is None else Path(recipe.kept_in)
        self._found: dict[str, Looks] = {}
        self._backbone = _digest(network, recipe)

    def varied(self, table: ReidTable, progress: Progress = no_progress) -> Looks:
        """[n, kept_looks, channels]. UserError "picture-unreadable"."""
        return self._gathered(table, _Way(self._recipe, self._network.backbone, varied=True), progress)

    def plain(self, table: ReidTable) -> Float2D:
        """[n, d] float32, L2-normalised: what the network compares pictures as they are by."""
        looks = self._gathered(table, _Way(self._recipe, self._network.backbone, varied=False), no_progress)
        was = self._network.training
        self._network.eval()
        with torch.inference_mode():
            pooled = torch.from_numpy(looks[:, 0].astype(np.float32)).to(self._device)
            found: Float2D = torch.nn.functional.normalize(self._network.embed_pooled(pooled)).cpu().numpy()
        self._network.train(was)
        return found

    def _gathered(self, table: ReidTable, way: _Way, progress: Progress) -> Looks:
        keys = [self._key(table, row, way) for row in range(len(table))]
        missing = list({key: row for row, key in enumerate(keys) if not self._known(key)}.items())
        each = max(1, _AT_ONCE // way.looks)
        for first in range(0, len(missing), each):
            part = missing[first : first + each]
            made = self._pooled(np.concatenate([way.of(read_picture(table, row), key) for key, row in part]))
            for (key, _), looks in zip(part, np.split(made, len(part)), strict=True):
                self._keep(key, looks)
            progress(first + len(part), len(missing), "pictures")
        return np.stack([self._found[key] for key in keys])

    def _key(self, table: ReidTable, row: int, way: _Way) -> str:
        about = f"{self._backbone} {way.about} {file_sha256(table.paths[row])}".encode() + table.boxes[row].tobytes()
        return hashlib.sha256(about).hexdigest()

    def _known(self, key: str) -> bool:
        if key not in self._found and self._folder is not None:
            looks = _stored(self._file(self._folder, key))
            if looks is not None:
                self._found[key] = looks
        return key in self._found

    def _keep(self, key: str, looks: Looks) -> None:
        self._found[key] = looks
        if self._folder is not None:
            path = self._file(self._folder, key)
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f".{key}.{os.getpid()}.npy")  # trainings beside this one may keep the same
            np.save(partial, looks)
            partial.replace(path)

    @staticmethod
    def _file(folder: Path, key: str) -> Path:
        return folder / key[:2] / f"{key}.npy"

    def _pooled(self, looks: npt.NDArray[np.uint8]) -> Looks:
        backbone = self._network.backbone
        batch = torch.from_numpy(network_input(looks, backbone.mean, backbone.std)).to(self._device)
        self._network.eval()
        with torch.inference_mode():
            pooled = self._network.pooled(batch.contiguous(memory_format=torch.channels_last))
        made: Looks = pooled.half().cpu().numpy()
        return made


class _Way:
    """How a picture is seen: as it is, or in the recipe's varied looks. about  what decides these, as text"""

    def __init__(self, recipe: ReidRecipe, backbone: Backbone, *, varied: bool) -> None:
        self._side, self._fill = recipe.input_size, backbone.mean
        self._augment = recipe.augment if varied else None
        self.looks = recipe.kept_looks if varied else 1
        settings = {name: value for name, value in asdict(recipe.augment).items() if name != "background"}  # 0 here
        self.about = json.dumps([self.looks, settings]) if varied else "plain"

    def of(self, picture: Image, key: str) -> npt.NDArray[np.uint8]:
        """[looks, side, side, 3] RGB."""
        if self._augment is None:
            return stretched(picture, self._side)[None]
        draws = [np.random.default_rng((int(key[:16], 16), number)) for number in range(self.looks)]
        return np.stack([augmented(picture, self._side, self._augment, draw, fill=self._fill) for draw in draws])


class KeptPictures(Dataset[tuple[Tensor, Tensor]]):
    """(what is pooled of a picture's look [channels], label) by `Key`; epoch and place decide which look."""

    def __init__(self, table: ReidTable, looks: Looks, seed: int) -> None:
        self._labels, self._looks, self._seed = torch.from_numpy(Labelled.of(table).labels), looks, seed

    def __getitem__(self, key: Key) -> tuple[Tensor, Tensor]:
        epoch, place, row = key
        look = np.random.default_rng((self._seed, epoch, place)).integers(self._looks.shape[1])
        return torch.from_numpy(self._looks[row, look].astype(np.float32)), self._labels[row]


def _stored(path: Path) -> Looks | None:
    """None where there is no such file, or one that a power failure cut off."""
    try:
        looks: Looks = np.load(path)
    except (FileNotFoundError, EOFError, ValueError):
        return None
    return looks


def _digest(network: ReidNetwork, recipe: ReidRecipe) -> str:
    """SHA-256 of all that decides what is pooled of a look."""
    found = hashlib.sha256()
    for name, value in network.backbone.state_dict().items():
        found.update(name.encode() + value.cpu().numpy().tobytes())
    found.update(f"{network.config.backbone} {network.config.neck} {recipe.input_size}".encode())
    return found.hexdigest()
