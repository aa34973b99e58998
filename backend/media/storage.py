"""Files by storage name, wherever they are: the data folder or S3. Names are ours, never a person's."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from botocore.exceptions import ClientError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage


@contextmanager
def local_path(name: str) -> Iterator[Path]:
    """A path with the file's content, for libraries that want one: the file itself, or a copy that goes afterwards.

    Raises FileNotFoundError.
    """
    direct = _path_of(name)
    if direct is not None:
        if not direct.is_file():
            raise FileNotFoundError(f"{name} is missing from the storage at {direct}")
        yield direct
        return
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix) as copy:
        with default_storage.open(name) as source:
            copyfileobj(source, copy)
        copy.flush()
        yield Path(copy.name)


def save_file(name: str, path: Path) -> str:
    """Store the file at `path` under `name`, in place of any other. Returns the name."""
    with path.open("rb") as source:
        return _save(name, File(source))


def take_file(name: str, path: Path) -> str:
    """Store the file at `path` under a new `name` without copying where the file system can. Returns the name.

    The file is not to be written to any more: `path` and the stored file may be one.
    """
    direct = _path_of(name)
    if direct is None:
        return save_file(name, path)
    direct.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, direct)
    except OSError:
        return save_file(name, path)
    return name


def save_bytes(name: str, content: bytes) -> str:
    """Store `content` under `name`, in place of any other. Returns the name."""
    return _save(name, ContentFile(content))


def delete_file(name: str) -> None:
    """Remove the file if it is there."""
    default_storage.delete(name)


def delete_files(names: Iterable[str]) -> None:
    """Remove the files that are there."""
    for name in names:
        delete_file(name)


def file_size(name: str) -> int:
    """Bytes. Raises FileNotFoundError."""
    return default_storage.size(name)


def file_time(name: str) -> datetime:
    """When it was stored. Raises FileNotFoundError."""
    with _missing_named(name):
        return default_storage.get_modified_time(name)


def read_bytes(name: str) -> bytes:
    """The whole of a small file. Raises FileNotFoundError."""
    with default_storage.open(name) as file:
        content: bytes = file.read()
    return content


def read_range(name: str, start: int, length: int) -> bytes:
    """`length` bytes from `start`, fewer at the end. From S3 only these bytes are fetched."""
    bucket = _bucket()
    if bucket is not None:
        with _missing_named(name):
            answer = bucket.Object(name).get(Range=f"bytes={start}-{start + length - 1}")
        part: bytes = answer["Body"].read()
        return part
    with default_storage.open(name) as file:
        file.seek(start)
        content: bytes = file.read(length)
    return content


@contextmanager
def _missing_named(name: str) -> Iterator[None]:
    """S3's own error for a missing file becomes FileNotFoundError, as the file system says it."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in {"404", "NoSuchKey"}:
            raise
        raise FileNotFoundError(f"{name} is missing from the storage") from error


def _save(name: str, content: File[bytes]) -> str:
    if _bucket() is None and default_storage.exists(name):
        default_storage.delete(name)
    stored: str = default_storage.save(name, content)
    return stored


def _path_of(name: str) -> Path | None:
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:
        return None


def _bucket() -> Any:
    """S3's bucket, None for the file system: django-storages would fetch a whole file to read a part of it."""
    storage: Storage = default_storage
    return getattr(storage, "bucket", None)
