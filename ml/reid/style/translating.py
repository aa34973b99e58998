"""A set's rendered pictures through a trained generator, written as a set in VehicleX's layout."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch

from ml.datasets.reid import ReidTable, read_picture, read_reid
from ml.datasets.reid.beside import ALONE, rendered
from ml.datasets.reid.masks import has_mask, mask_path
from ml.datasets.reid.vehiclex import FOLDER, LABELS, label_file
from ml.datasets.reid.writing import QUALITY, all_or_nothing
from ml.detection.networks import device_named
from ml.reid.style.networks import Generator
from ml.reid.style.pictures import as_input, as_pictures
from ml.reid.style.weights import load_generator
from ml.reid.trained import stretched
from ml.types import Image, Progress, UserError, no_progress

MASKS = FOLDER.replace("image", "mask")  # as `mask_path` has it
_BATCH = 16


def translate_set(
    path: Path,
    weights: Path,
    out: Path,
    *,
    side: int | None = None,
    device: str = "auto",
    progress: Progress = no_progress,
) -> int:
    """The rendered pictures of the set at `path` in the style that `weights` learned; returns how many there are.

    side  pixels of the square that the generator sees, None for those that it was trained on

    Writes sys_image_train, each picture under its name and in its size, and beside it the labels, and the masks where
    there are any: `ml train --rendered OUT` learns from it in place of those. All of it appears at the end.

    UserError: "no-rendered-pictures", "out-not-empty", of `read_reid` and of the weights.
    """
    data = read_reid(path)
    pictures = rendered(data)
    for there in (out / FOLDER, out / MASKS):
        if there.is_dir() and any(there.iterdir()):
            raise UserError("out-not-empty", f"{there} has pictures already: name another folder or empty it.")
    generator, card = load_generator(weights)
    place = device_named(device)
    with all_or_nothing(out) as partial:
        folder = partial / FOLDER
        folder.mkdir()
        found = translated(generator.to(place), pictures, side=side or card.input_size, device=place)
        for row, made in enumerate(found):
            _write(folder / pictures.paths[row].name, made)
            _copy_mask(pictures, row, folder)
            progress(row + 1, len(pictures), "pictures")
        labels = label_file(path, alone=data.layout == ALONE)
        if labels is not None:
            shutil.copyfile(labels, partial / LABELS)
    return len(pictures)


@torch.inference_mode()
def translated(generator: Generator, pictures: ReidTable, *, side: int, device: torch.device) -> Iterator[Image]:
    """Each row's picture [h, w, 3] RGB in its own size, looked at as a square of `side` pixels, a multiple of 4.

    UserError "picture-unreadable".
    """
    for first in range(0, len(pictures), _BATCH):
        part = [read_picture(pictures, row) for row in range(first, min(first + _BATCH, len(pictures)))]
        made = as_pictures(generator(as_input([stretched(picture, side) for picture in part]).to(device)))
        for picture, styled in zip(part, made, strict=True):
            height, width = picture.shape[:2]
            yield np.asarray(cv2.resize(styled, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _write(path: Path, picture: Image) -> None:
    quality = [cv2.IMWRITE_JPEG_QUALITY, QUALITY] if path.suffix.lower() != ".png" else []
    done, content = cv2.imencode(path.suffix, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), quality)
    if not done:
        raise UserError("file-unwritable", f"{path} could not be written as a picture.")
    path.write_bytes(content.tobytes())


def _copy_mask(pictures: ReidTable, row: int, folder: Path) -> None:
    """Style changes no shape, so that the mask still holds."""
    there, here = mask_path(pictures.paths[row]), mask_path(folder / pictures.paths[row].name)
    if there is not None and here is not None and has_mask(pictures, row):
        here.parent.mkdir(exist_ok=True)
        shutil.copyfile(there, here)
