"""Where the embedded services may put a socket, and who may reach it."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

LONGEST_SOCKET_PATH = 100


def fits_a_socket(path: Path) -> bool:
    """Whether the kernel takes `path` as a socket's address (108 bytes at most, with some room)."""
    return len(os.fsencode(path)) <= LONGEST_SOCKET_PATH


def short_folder(data_dir: Path) -> Path:
    """A folder with a short path that belongs to `data_dir` and this user alone; not made here."""
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"crosstrack-{os.getuid()}-{digest}"


def let_others_pass(folder: Path) -> None:
    """Let another system user walk through the folders above `folder` (x only: nothing in them becomes readable)."""
    for parent in folder.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
