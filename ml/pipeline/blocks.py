"""The matcher's blocks in the stage cache: what a match compared is not compared again by the next one."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ml.matching.blocks import ComparedPairs
from ml.pipeline.cache import StageCache, StageKey, write_bytes
from ml.types import Progress, no_progress

VERSION = 1  # of the files
FILE = "block.npz"
TERM = "term-"
COLUMNS = "left", "right", "distances", "probabilities"


class StoredBlocks:
    """A `BlockStore` in the stage cache; `progress` hears of each block, and may raise to cancel."""

    def __init__(self, cache: StageCache, progress: Progress = no_progress) -> None:
        self._cache, self._progress, self._done = cache, progress, 0

    def __call__(self, key: str, make: Callable[[], ComparedPairs]) -> ComparedPairs:
        stage = StageKey("compare", VERSION, {"block": key}, {})
        with self._cache.claim(stage, self._progress) as folder:
            if folder.complete:
                block = read_block(folder.path / FILE)
            else:
                block = make()
                write_block(folder.path / FILE, block)
                folder.commit(stage)
        self._done += 1
        self._progress(self._done, None, "camera pairs")
        return block


def write_block(path: Path, block: ComparedPairs) -> None:
    """Not compressed: it is read again at each match. UserError disk-full."""
    terms: dict[str, Any] = {TERM + name: term for name, term in block.terms.items()}
    columns: dict[str, Any] = {name: getattr(block, name) for name in COLUMNS}
    content = io.BytesIO()
    np.savez(content, **columns, **terms)
    write_bytes(path, content.getvalue())


def read_block(path: Path) -> ComparedPairs:
    """As it was written, to the bit."""
    with np.load(path, allow_pickle=False) as arrays:
        terms = {name.removeprefix(TERM): arrays[name] for name in arrays.files if name.startswith(TERM)}
        return ComparedPairs(**{name: arrays[name] for name in COLUMNS}, terms=terms)
