"""Which small stage results the newest results of each scene are made of: the others are removed from the cache."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Set
from pathlib import Path

from ml.pipeline.cache import StageCache, canonical_json, locked, write_bytes
from ml.types import Progress, no_progress

KEPT = 3  # results of a scene, of which what they are made of stays
DAY_S = 86_400.0
UNLISTED_S = 1 * DAY_S  # so long stays what no result is made of: a match that was cut off goes on with it
FORGOTTEN_S = 90 * DAY_S  # after so long without a new result a scene is worked out anew
LIST = "results.json"


class SceneResults:
    """The newest results of a scene, each a set of digests of results of `stage`.

    `folder` is the scene's own, for what belongs to its newest result alone.
    """

    def __init__(self, cache: StageCache, stage: str, scene: str) -> None:
        self._cache, self._stage, self._scene = cache, stage, scene
        self._root = cache.root / f"{stage}-results"
        self.folder = self._root / hashlib.sha256(scene.encode()).hexdigest()[:32]

    def add(self, used: Set[str], write: Callable[[Path], None], progress: Progress = no_progress) -> None:
        """List a result that is made of `used`, the newest one, and remove what no listed one is made of.

        `write` puts into `folder` what belongs to it alone; no other process is there meanwhile.
        """
        self._root.mkdir(parents=True, exist_ok=True)
        with locked(self._root / "lock", progress):
            self.folder.mkdir(exist_ok=True)  # a match of another scene may just have forgotten this one
            earlier = _listed(self.folder)
            newest = [sorted(used), *(each for each in earlier if set(each) != used)][:KEPT]
            content = canonical_json({"scene": self._scene, "results": newest})
            write_bytes(self.folder / LIST, f"{content}\n".encode())
            write(self.folder)
            self._forget_old()
            self._remove(dropped={digest for each in earlier for digest in each})

    def _forget_old(self) -> None:
        for folder in _folders(self._root):
            if _age_s(folder / LIST) > FORGOTTEN_S:
                shutil.rmtree(folder)

    def _remove(self, dropped: Set[str]) -> None:
        wanted = {digest for folder in _folders(self._root) for each in _listed(folder) for digest in each}
        for folder in _folders(self._cache.root / self._stage):
            if folder.name not in wanted and (folder.name in dropped or _age_s(folder) > UNLISTED_S):
                self._cache.remove(folder)


def _listed(folder: Path) -> list[list[str]]:
    path = folder / LIST
    if not path.is_file():
        return []
    results: list[list[str]] = json.loads(path.read_text(encoding="utf-8"))["results"]
    return results


def _folders(root: Path) -> list[Path]:
    return [Path(entry.path) for entry in os.scandir(root) if entry.is_dir()] if root.is_dir() else []


def _age_s(path: Path) -> float:
    """Seconds since it was written; 0 where it is not there (any more)."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
