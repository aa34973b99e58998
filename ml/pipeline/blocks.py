"""What a match worked out, in the stage cache: the next match of the scene takes from it what has not changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ml.matching.blocks import ComparedPairs
from ml.matching.graph.growth import KnownParts
from ml.pipeline.artefacts import load_arrays, save_arrays
from ml.pipeline.cache import StageCache, StageKey
from ml.pipeline.results import SceneResults
from ml.types import Progress, no_progress

VERSION = 1  # of the files
STAGE, FILE, PARTS = "compare", "block.npz", "parts.npz"
TERM = "term-"
DIGEST_BYTES = 32
COLUMNS = "left", "right", "distances", "probabilities"


class StoredBlocks:
    """A `MatchStore` in the stage cache.

    scene     what the matches that follow each other are of: any name that no other scene of this cache has
    progress  hears of each block, and may raise to cancel
    """

    def __init__(self, cache: StageCache, scene: str, progress: Progress = no_progress) -> None:
        self._cache, self._progress = cache, progress
        self._results = SceneResults(cache, STAGE, scene)
        self._used: set[str] = set()
        self._done = 0

    def __call__(self, key: str, make: Callable[[], ComparedPairs]) -> ComparedPairs:
        stage = StageKey(STAGE, VERSION, {"block": key}, {})
        block = self._found_or_made(stage, make)
        self._used.add(stage.digest)
        self._done += 1
        self._progress(self._done, None, "camera pairs")
        return block

    def known_parts(self) -> KnownParts:
        path = self._results.folder / PARTS
        return read_parts(path) if path.is_file() else {}

    def keep_parts(self, parts: KnownParts) -> None:
        """Also removes the blocks that no kept result needs (`SceneResults`)."""
        self._results.add(self._used, lambda folder: write_parts(folder / PARTS, parts), self._progress)

    def _found_or_made(self, stage: StageKey, make: Callable[[], ComparedPairs]) -> ComparedPairs:
        with self._cache.claim(stage, self._progress) as folder:
            if folder.complete:
                try:
                    return read_block(folder.path / FILE)
                except FileNotFoundError:  # another scene's match has just removed it
                    return make()
            block = make()
            write_block(folder.path / FILE, block)
            folder.commit(stage)
            return block


def write_block(path: Path, block: ComparedPairs) -> None:
    """Not compressed: it is read again at each match. UserError disk-full."""
    terms: dict[str, Any] = {TERM + name: term for name, term in block.terms.items()}
    save_arrays(path, {**{name: getattr(block, name) for name in COLUMNS}, **terms})


def read_block(path: Path) -> ComparedPairs:
    """As it was written, to the bit."""
    arrays = load_arrays(path)
    terms = {name.removeprefix(TERM): values for name, values in arrays.items() if name.startswith(TERM)}
    return ComparedPairs(**{name: arrays[name] for name in COLUMNS}, terms=terms)


def write_parts(path: Path, parts: KnownParts) -> None:
    """UserError disk-full."""
    members = [np.zeros(0, np.int32), *parts.values()]
    digests = np.frombuffer(b"".join(parts), np.uint8).reshape(len(parts), DIGEST_BYTES)
    sizes = np.array([len(own) for own in parts.values()], np.int64)
    save_arrays(path, {"digests": digests, "sizes": sizes, "members": np.concatenate(members)})


def read_parts(path: Path) -> KnownParts:
    """As they were written."""
    arrays = load_arrays(path)
    members = np.split(arrays["members"], np.cumsum(arrays["sizes"])[:-1])
    return {digest.tobytes(): own for digest, own in zip(arrays["digests"], members, strict=False)}
