"""Locks between processes, as files that the kernel frees when their holder ends, whatever way that goes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ml.types import UserError

_LOCK = ".lock"


def try_lock(descriptor: int) -> bool:
    """Whether the open file could be locked against every other opening of it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Make the folder of a training, if need be, and hold it: two at once would write over each other.

    UserError training-runs, naming the process, where another one holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("a+", encoding="ascii") as stream:
        if not try_lock(stream.fileno()):
            stream.seek(0)
            message = (
                f"Another training (process {stream.read().strip()}) is under way in {folder}: wait until it has "
                "ended, or choose another --out."
            )
            raise UserError("training-runs", message)
        stream.truncate(0)
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        yield
