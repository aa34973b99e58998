"""Stage results by content: the same input, configuration and model never run twice (DESIGN, rule 6).

A result is a folder. It is filled under `partial/` and renamed into place when it is whole, so that a reader
never sees half of one and a killed stage finds what it had finished.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ml.locks import try_lock
from ml.types import Progress, UserError, no_progress

MANIFEST = "manifest.json"
WAIT_S = 0.2


def canonical_json(content: object) -> str:
    """One text for one content: sorted keys, no spaces, no NaN."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True)
class StageKey:
    """What a stage's result depends on.

    stage    its name               version  of its code: raised when the code changes results
    inputs   name -> checksum of each input, models included; an earlier stage's `digest` is one
    config   its settings, as plain data
    """

    stage: str
    version: int
    inputs: Mapping[str, str]
    config: Mapping[str, object]

    def content(self) -> dict[str, object]:
        """The key as plain data; it is written beside the result."""
        return {
            "stage": self.stage,
            "version": self.version,
            "inputs": dict(self.inputs),
            "config": dict(self.config),
        }

    @property
    def digest(self) -> str:
        """sha256 of the canonical JSON, hexadecimal."""
        return hashlib.sha256(canonical_json(self.content()).encode()).hexdigest()


@dataclass(frozen=True)
class StageFolder:
    """A claimed stage: `path` is final where `complete`, else the partial folder to work in."""

    path: Path
    complete: bool
    final: Path

    def commit(self, key: StageKey) -> Path:
        """Declare the partial folder whole; returns where it now is."""
        write_bytes(self.path / MANIFEST, f"{canonical_json(key.content())}\n".encode())
        self.final.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self.path, self.final)
        return self.final


class StageCache:
    """Stage results under `root`: `<stage>/<digest>` whole ones, `partial/<digest>` those being made."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def exports(self) -> Path:
        """Where networks converted for the CPU are kept beside the results."""
        return self.root / "exports"

    def find(self, key: StageKey) -> Path | None:
        """The whole result of `key`, if it is there."""
        path = self._final(key)
        return path if (path / MANIFEST).is_file() else None

    @contextmanager
    def claim(self, key: StageKey, progress: Progress = no_progress) -> Iterator[StageFolder]:
        """Hold the stage's folder against other processes; waits while one of them has it.

        The lock dies with its process. While waiting, `progress` is called and may raise to cancel.
        """
        final, partial = self._final(key), self.root / "partial" / key.digest
        found = self.find(key)
        if found is not None:
            yield StageFolder(found, True, final)
            return
        _make_folder(partial.parent)
        lock = partial.with_suffix(".lock")
        with locked(lock, progress):
            found = self.find(key)
            if found is None:
                _make_folder(partial)
            yield StageFolder(found or partial, found is not None, final)
            if self.find(key) is not None:  # whoever still waits for this lock finds the result
                lock.unlink(missing_ok=True)

    def remove(self, folder: Path) -> None:
        """Remove a whole result: readers find all of it or nothing. One process at a time."""
        gone = self.root / "partial" / f"{folder.name}.gone"
        _make_folder(gone.parent)
        shutil.rmtree(gone, ignore_errors=True)
        os.replace(folder, gone)
        shutil.rmtree(gone)

    def _final(self, key: StageKey) -> Path:
        return self.root / key.stage / key.digest


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"The cache folder {path} cannot be made ({error.strerror}): choose another with --cache."
        raise UserError("cache-unwritable", message) from None


@contextmanager
def locked(path: Path, progress: Progress) -> Iterator[None]:
    """Hold a lock against other processes; waits while one of them has it, and `progress` may raise meanwhile."""
    with path.open("w") as stream:
        while not try_lock(stream.fileno()):
            progress(0, None, "waiting")
            time.sleep(WAIT_S)
        yield


def write_bytes(path: Path, content: bytes) -> None:
    """Write a whole file or none; it is on the disk before it has its name. UserError disk-full."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        message = f"The disk of {path.parent} is full: free some space and start again; finished parts are kept."
        raise UserError("disk-full", message) from None
    os.replace(unfinished, path)
