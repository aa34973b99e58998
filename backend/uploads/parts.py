"""The bytes of uploads that are not complete: one file each in the upload folder, named by the upload's id."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings

BLOCK = 1 << 20


class Readable(Protocol):
    """A request's body."""

    def read(self, size: int, /) -> bytes: ...


class PieceTooLong(Exception):
    """There is more in the body than is missing of the file."""


class WrongPiece(Exception):
    """The piece does not have the checksum that was sent with it."""


class PartBusy(Exception):
    """Another request is writing to this upload."""


def part_path(upload_id: UUID) -> Path:
    """Where the bytes of this upload are."""
    return Path(settings.UPLOAD_DIR) / f"{upload_id.hex}.part"


def part_create(upload_id: UUID) -> None:
    """An empty part."""
    path = part_path(upload_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)


def part_delete(upload_id: UUID) -> None:
    """Remove the bytes, if there are any."""
    part_path(upload_id).unlink(missing_ok=True)


@contextmanager
def part_locked(upload_id: UUID) -> Iterator[int]:
    """The part's file descriptor, for one writer at a time. Raises PartBusy, or FileNotFoundError if it is gone."""
    descriptor = os.open(part_path(upload_id), os.O_WRONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PartBusy from None
        yield descriptor
    finally:
        os.close(descriptor)


def piece_write(
    descriptor: int, body: Readable, *, offset: int, room: int, checksum: tuple[str, bytes] | None = None
) -> int:
    """Write a piece at `offset` and return its length when it is safe on the disk.

    room      bytes that are missing of the whole file
    checksum  (hashlib's name, digest) of the piece, if its sender stated one

    Raises PieceTooLong or WrongPiece; what was written beyond `offset` then counts for nothing.
    """
    digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None
    written = 0
    while block := body.read(BLOCK):
        if written + len(block) > room:
            raise PieceTooLong
        _write_whole(descriptor, block, offset + written)
        written += len(block)
        if digest is not None:
            digest.update(block)
    if checksum and digest is not None and digest.digest() != checksum[1]:
        raise WrongPiece
    os.fsync(descriptor)
    return written


def _write_whole(descriptor: int, block: bytes, offset: int) -> None:
    left = memoryview(block)
    while left:
        count = os.pwrite(descriptor, left, offset)
        left, offset = left[count:], offset + count


def free_bytes() -> int:
    """Free space where uploads are kept."""
    folder = Path(settings.UPLOAD_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free


def strangers_delete(known: set[UUID], older_than: float) -> int:
    """Remove parts of uploads that nobody knows any more, last written before `older_than` (Unix time). How many."""
    names = {upload_id.hex for upload_id in known}
    strangers = [
        path
        for path in Path(settings.UPLOAD_DIR).glob("*.part")
        if path.stem not in names and _written_before(path, older_than)
    ]
    for path in strangers:
        path.unlink(missing_ok=True)
    return len(strangers)


def unpacked_path(import_id: int) -> Path:
    """Where the zip of this import is unpacked while a job looks into it."""
    return Path(settings.UPLOAD_DIR) / f"import-{import_id}"


def unpacked_folders() -> dict[int, Path]:
    """Folders of imports that were unpacked, by the import's id."""
    found = Path(settings.UPLOAD_DIR).glob("import-*")
    return {int(number): path for path in found if (number := path.name.removeprefix("import-")).isdecimal()}


def _written_before(path: Path, moment: float) -> bool:
    """False for one that is gone: another machine's sweeper was there first."""
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False
