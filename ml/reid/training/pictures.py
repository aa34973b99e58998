"""The pictures of a training: which rows are learned from and which are held, checked, varied and put in batches."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, default_collate

from ml.datasets.reid import ReidSet, ReidTable, read_picture
from ml.datasets.reid.cropped import with_cropped
from ml.datasets.reid.masks import has_mask, read_mask
from ml.datasets.reid.mined import read_mined
from ml.reid.augment import augmented, on_background
from ml.reid.models.backbones import Backbone
from ml.reid.samplers import BalancedSampler, IdentitySampler, NaiveSampler, Rows, Sampler
from ml.reid.trained import network_input
from ml.reid.training.labels import Labelled, classed, classed_like
from ml.reid.training.recipe import BALANCED, DOMAINS, IDENTITY, DataConfig, ReidRecipe
from ml.types import Image, UserError

SHOWN = 10
_READERS = 4  # threads that look whether pictures can be read; decoding leaves Python's lock

Key = tuple[int, int, int]  # epoch, place in the epoch, row


@dataclass(frozen=True, slots=True)
class Pictures:
    """learned, held  tables with no vehicle in both; held may have no rows"""

    learned: ReidTable
    held: ReidTable

    def digest(self) -> str:
        """SHA-256 over both: the files' names and contents, vehicles, cameras, domains and boxes."""
        found = hashlib.sha256()
        for table in (self.learned, self.held):
            found.update(f"{len(table)} {table.cameras} {table.domains}\n".encode())
            for path in table.paths:
                found.update(f"{path.parent.name}/{path.name} {file_sha256(path)}\n".encode())
            for column in (table.identity, table.camera, table.domain, table.boxes):
                found.update(column.tobytes())
        return found.hexdigest()


def choose_pictures(data: ReidSet, recipe: ReidRecipe) -> Pictures:
    """Rows to learn from and rows to hold; every file is opened.

    UserError: "no-training-data", "classes-unknown", "one-identity", "no-positive-pairs", "cannot-validate",
    "picture-unreadable" (the first ten are named), or "too-few-identities" for the batches asked for.
    """
    real, held = _split(data.train, recipe.data, recipe.seed)
    if recipe.data.cropped is not None and len(real):
        real = with_cropped(real, Path(recipe.data.cropped))
    mined = [read_mined(Path(recipe.data.mined), data)] if recipe.data.mined is not None else []
    parts = [part for part in (real, _first_identities(data.synthetic, recipe.data), *mined) if len(part)]
    if not parts:
        raise UserError("no-training-data", f"{data.name} has no training pictures that the recipe asks for.")
    learned = classed(ReidTable.union(parts), recipe.data.classes)
    pictures = Pictures(learned, classed_like(held, learned, recipe.data.classes))
    _require_trainable(pictures, recipe)
    sampler_of(pictures.learned, recipe)
    if not recipe.kept_looks:  # these read every picture themselves, once for many trainings
        require_readable((pictures.learned, pictures.held))
    return pictures


def learned_vehicles(data: ReidSet, recipe: ReidRecipe) -> dict[str, list[int]]:
    """The set's own numbers of the vehicles that are learned from: "real" and "rendered", each rising."""
    real, _ = _split(data.train, recipe.data, recipe.seed)
    rendered = _first_identities(data.synthetic, recipe.data)
    return {name: np.unique(table.identity).tolist() for name, table in (("real", real), ("rendered", rendered))}


def sampler_of(table: ReidTable, recipe: ReidRecipe) -> Sampler:
    """The recipe's sampler over the rows of `table`."""
    wanted, labels = recipe.batch, table.dense_identities()[0]
    size = wanted.identities * wanted.pictures
    if wanted.sampler == IDENTITY:
        return IdentitySampler(labels, identities=wanted.identities, pictures=wanted.pictures, seed=recipe.seed)
    if wanted.sampler == BALANCED:
        return BalancedSampler(labels, batch=size, seed=recipe.seed)
    if wanted.sampler == DOMAINS:
        return BalancedSampler(table.domain.astype(np.int64), batch=size, seed=recipe.seed)
    return NaiveSampler(len(table), batch=size, seed=recipe.seed)


def file_sha256(path: Path) -> str:
    """Of the file's content; read once while neither its length nor its time changes."""
    about = path.stat()
    return _sha256(path, about.st_size, about.st_mtime_ns)


@lru_cache(maxsize=1 << 17)
def _sha256(path: Path, size: int, changed: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Unreadable(NamedTuple):
    """What a `UserError` says, in a form that a loader's worker can hand over."""

    code: str
    message: str


class VariedPictures(Dataset[tuple[Tensor, Tensor] | Unreadable]):
    """(picture [3, side, side], label) by `Key`: the same key always gives the same, in whichever process."""

    def __init__(self, table: ReidTable, recipe: ReidRecipe, backbone: Backbone) -> None:
        self._table, self._recipe = table, recipe
        self._labels = torch.from_numpy(Labelled.of(table).labels)
        self._mean, self._std = backbone.mean, backbone.std

    def __getitem__(self, key: Key) -> tuple[Tensor, Tensor] | Unreadable:
        epoch, place, row = key
        draw = np.random.default_rng((self._recipe.seed, epoch, place))
        try:
            picture = self._seen(row, draw)
        except UserError as error:  # gone since the training began
            return Unreadable(error.code, str(error))
        made = augmented(picture, self._recipe.input_size, self._recipe.augment, draw, fill=self._mean)
        return torch.from_numpy(network_input(made[None], self._mean, self._std)[0]), self._labels[row]

    def _seen(self, row: int, draw: np.random.Generator) -> Image:
        """The row's picture, now and then before the background of another one."""
        table, share = self._table, self._recipe.augment.background
        picture = read_picture(table, row)
        if not share or draw.random() >= share or not has_mask(table, row):
            return picture
        behind = int(draw.integers(len(table)))
        other = read_picture(table, behind)
        other_mask = read_mask(table, behind, other) if has_mask(table, behind) else None
        return on_background(picture, read_mask(table, row, picture), other, other_mask)


def batches(
    pictures: Dataset[Any], rows: Rows, *, epoch: int, first: int, workers: int, pin: bool, part: slice = slice(None)
) -> Iterator[tuple[Tensor, Tensor]]:
    """What `pictures` holds of each row, and labels [n, 3], of an epoch's batches `rows` [batches, n], from `first` on,
    or of a `part` of each batch.

    It holds pictures [n, 3, side, side], or what a backbone pools of them [n, channels].

    UserError of the file where one can no longer be read.
    """
    size = rows.shape[1]
    keys = [
        [(epoch, number * size + place, int(row)) for place, row in enumerate(batch)][part]
        for number, batch in enumerate(rows)
    ]
    loader: DataLoader[Any] = DataLoader(
        pictures,
        batch_sampler=keys[first:],
        num_workers=workers,
        pin_memory=pin,
        worker_init_fn=_one_thread if workers else None,
        collate_fn=_together,
    )
    for batch in loader:
        if isinstance(batch, Unreadable):
            raise UserError(*batch)
        yield batch


def _together(pictures: list[tuple[Tensor, Tensor] | Unreadable]) -> object:
    """The batch, or what is wrong with the first of its pictures that cannot be read."""
    wrong = next((picture for picture in pictures if isinstance(picture, Unreadable)), None)
    return default_collate(pictures) if wrong is None else wrong


def _one_thread(_: int) -> None:
    """A worker is one of several: it takes one core."""
    cv2.setNumThreads(0)


def _split(table: ReidTable, config: DataConfig, seed: int) -> tuple[ReidTable, ReidTable]:
    """(learned, held) of the real pictures."""
    nothing = table.take(np.zeros(len(table), np.bool_))
    if not config.held or not len(table):
        return (table if config.real else nothing), nothing
    held, learned = table.split_by_identity(config.held, seed)
    return (learned if config.real else nothing), held


def _first_identities(table: ReidTable, config: DataConfig) -> ReidTable:
    if config.synthetic_identities is None:
        return table
    return table.take(np.isin(table.identity, np.unique(table.identity)[: config.synthetic_identities]))


def _require_trainable(pictures: Pictures, recipe: ReidRecipe) -> None:
    _, identities, counts = np.unique(pictures.learned.identity, return_index=True, return_counts=True)
    if len(identities) < 2:
        same = {IDENTITY: "show one vehicle"}.get(recipe.data.classes, f"are of one {recipe.data.classes}")
        raise UserError("one-identity", f"All training pictures {same}; two and more are needed to compare.")
    if recipe.loss.alpha and counts.max() < 2:
        raise UserError(
            "no-positive-pairs",
            f"Each of the {len(counts)} vehicles has one picture; the triplet loss needs two of the same. "
            "Add pictures, or set loss.alpha to 0.",
        )
    if recipe.model.branches and not min(Labelled.of(pictures.learned).classes):
        raise UserError(
            "no-attributes",
            "The pictures come without types or without colours, which the model's branches learn; set model.branches "
            "to 0, or train on a set that has both.",
        )
    if recipe.augment.background and not any(has_mask(pictures.learned, row) for row in range(len(pictures.learned))):
        raise UserError(
            "no-masks",
            "Beside none of the pictures lies a mask of its vehicle, without which no background can be exchanged; set "
            "augment.background to 0, let a detector make them (`ml mask`), or add rendered pictures made with "
            "`ml synth crops --masks`.",
        )
    held = pictures.held
    if recipe.data.classes == IDENTITY and len(held) and not _seen_twice(held):
        raise UserError(
            "cannot-validate",
            f"None of the {len(np.unique(held.identity))} vehicles held back is seen by two cameras, so nothing can be "
            "scored during training; set data.held to 0, or higher.",
        )


def _seen_twice(table: ReidTable) -> bool:
    places = np.unique(np.stack([table.identity, table.camera.astype(np.int64)]), axis=1)
    return bool((np.unique(places[0], return_counts=True)[1] > 1).any())


def require_readable(tables: Sequence[ReidTable]) -> None:
    """UserError "picture-unreadable", naming the first ten, where any of the tables' pictures is."""
    jobs = [(table, row) for table in tables for row in range(len(table))]
    with ThreadPoolExecutor(_READERS) as pool:
        wrong = [reason for reason in pool.map(_what_is_wrong, jobs) if reason is not None]
    if wrong:
        raise UserError("picture-unreadable", f"{len(wrong)} of {len(jobs)} pictures cannot be read: {_listed(wrong)}")


def _what_is_wrong(job: tuple[ReidTable, int]) -> str | None:
    try:
        read_picture(*job)
    except UserError as error:
        return str(error)
    return None


def _listed(reasons: Sequence[str]) -> str:
    more = f" ... and {len(reasons) - SHOWN} more." if len(reasons) > SHOWN else ""
    return " ".join(reasons[:SHOWN]) + more
