"""The checksum that names a file's content in caches."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ml.types import Progress, no_progress

_BLOCK = 1 << 20


def sha256_of(path: Path, progress: Progress = no_progress) -> str:
    """Hexadecimal SHA-256 of a file, read in blocks of 1 MiB."""
    digest = hashlib.sha256()
    total, done = path.stat().st_size, 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            done += len(block)
            progress(done, total, "bytes")
    return digest.hexdigest()
