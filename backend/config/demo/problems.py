"""What can go wrong around the product, each as one sentence that says what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class DemoProblem(Exception):
    """Something the person at the terminal can put right; the message is the sentence to show."""


@contextmanager
def explained(data_dir: Path) -> Iterator[None]:
    """Turn errors of the system and of the embedded services into DemoProblem; bugs pass as they are."""
    try:
        yield
    except (OSError, ImportError, RuntimeError) as error:
        sentence = sentence_for(error, data_dir)
        if sentence is None:
            raise
        raise DemoProblem(sentence) from error


def sentence_for(error: Exception, data_dir: Path) -> str | None:
    """The sentence for an error with a known remedy, else None."""
    from backend.config.embedded.postgres import PostgresFailed
    from backend.config.embedded.valkey import ValkeyFailed

    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return disk_full(data_dir)
    if isinstance(error, OSError) and error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return not_writable(Path(error.filename or data_dir))
    if isinstance(error, ImportError) and "cannot open shared object file" in str(error):
        library = str(error).partition(":")[0]
        return (
            f"The system library {library} is missing: run `make demo` to have it installed, "
            "or `sudo apt-get install libgl1 libglib2.0-0`."
        )
    if isinstance(error, (PostgresFailed, ValkeyFailed)):
        return _disk_full_in_log(data_dir) or str(error)
    return None


def disk_full(folder: Path) -> str:
    return f"The disk that holds {folder} is full: free some space there, or set CROSSTRACK_DATA to another disk."


def not_writable(path: Path) -> str:
    return (
        f"{path} cannot be written by this user: give it back with `sudo chown -R $USER {path}`, "
        "or set CROSSTRACK_DATA to a folder of your own."
    )


def _disk_full_in_log(data_dir: Path) -> str | None:
    logs = (data_dir / "logs" / name for name in ("postgres.log", "postgres-setup.log", "valkey.log"))
    ends = [log.read_bytes()[-4000:] for log in logs if log.is_file()]
    return disk_full(data_dir) if any(b"No space left on device" in end for end in ends) else None


def log_tail(log: Path, lines: int = 15) -> str:
    """The end of a log, for the terminal."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.is_file() else ""
