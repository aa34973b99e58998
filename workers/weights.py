"""Weights of trained models on this machine: what a run's configuration names by its place in the storage."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path, PurePath

from django.conf import settings

from backend.media.storage import local_path
from ml.types import UserError

STORED = "scenes/"  # how the names of all that is stored of a scene begin


def at_hand(weights: str | None) -> str | None:
    """What a configuration names as weights, for use here: those of a version become their local copy; a file of this
    machine that somebody's own preset names, "none" and None stay what they are. UserError "weights-missing".
    """
    return str(local_weights(weights)) if weights is not None and weights.startswith(STORED) else weights


def local_weights(name: str) -> Path:
    """A copy of the stored file at a path that stays, so that stage results by it are found again.

    Stored weights are named after their content and never change. UserError "weights-missing".
    """
    folder = Path(settings.STAGE_CACHE_DIR) / "weights"
    kept = folder / PurePath(name).name
    if kept.is_file():
        return kept
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with local_path(name) as stored, tempfile.TemporaryDirectory(dir=folder) as aside:
            part = Path(aside) / kept.name
            shutil.copyfile(stored, part)
            os.replace(part, kept)
    except FileNotFoundError:
        message = f"The weights {name} are no longer in the storage: promote another model version."
        raise UserError("weights-missing", message) from None
    return kept
