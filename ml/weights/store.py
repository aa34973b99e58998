"""Finding, checking and downloading weights. Nothing is fetched unless `fetch` is called."""

from __future__ import annotations

import os
import urllib.request
from functools import lru_cache
from http.client import HTTPException
from pathlib import Path

from ml.types import Progress, UserError, no_progress
from ml.video.checksum import sha256_of
from ml.weights.cards import CARDS, WeightCard

_REPOSITORY = Path(__file__).resolve().parents[2]
_BLOCK = 1 << 20
_TIMEOUT_S = 30


def committed_folder() -> Path:
    """The weights that come with the repository."""
    return _REPOSITORY / "fixtures" / "weights"


def download_folder() -> Path:
    """Where `fetch` puts weights: $CROSSTRACK_WEIGHTS, or weights/ in the data folder."""
    own = os.environ.get("CROSSTRACK_WEIGHTS")
    data = os.environ.get("CROSSTRACK_DATA") or _REPOSITORY / ".crosstrack"
    return Path(own) if own else Path(data) / "weights"


def card(name: str) -> WeightCard:
    """The card of weights `name`; UserError weights-unknown names those there are."""
    if name not in CARDS:
        raise UserError("weights-unknown", f"There are no weights named {name!r}; choose from {', '.join(CARDS)}.")
    return CARDS[name]


def installed(name: str) -> Path | None:
    """The file of weights `name` if it is in place."""
    places = [folder / card(name).file_name for folder in (download_folder(), committed_folder())]
    return next((place for place in places if place.is_file()), None)


def resolve(name: str) -> Path:
    """The file of weights `name`, its content checked against the card.

    Raises UserError weights-unknown, weights-missing (naming the command that gets them) or weights-damaged.
    """
    wanted, path = card(name), installed(name)
    if path is None:
        raise UserError(
            "weights-missing",
            f"The weights {name} ({wanted.source}) are not on this machine; run: {wanted.how_to_get()}",
        )
    _check(wanted, path)
    return path


def checksum(path: Path) -> str:
    """SHA-256 of a file of weights, for cache keys; computed again only when the file changes.

    Raises UserError weights-missing.
    """
    if not path.is_file():
        raise UserError("weights-missing", f"{path}: there is no such file of weights; check the path.")
    status = path.stat()
    return _checksum(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _checksum(path: Path, size: int, changed_ns: int) -> str:
    return sha256_of(path)


def _check(wanted: WeightCard, path: Path) -> None:
    if not checksum(path).startswith(wanted.sha256):
        raise UserError(
            "weights-damaged",
            f"{path} is not what the weights {wanted.name} should be (SHA-256 {wanted.sha256}...); "
            f"delete it and run: {wanted.how_to_get()}",
        )


def fetch(name: str, progress: Progress = no_progress) -> Path:
    """Download weights `name` unless they are in place; returns the file.

    It appears under its name only when it is whole and its checksum is right. Raises UserError
    weights-unknown, weights-damaged, or no-network when the download fails.
    """
    wanted = card(name)
    if installed(name) is not None or wanted.url is None:
        return resolve(name)
    target = download_folder() / wanted.file_name
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}.partial")
    try:
        _download(wanted.url, partial, progress)
        _check(wanted, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _download(url: str, out: Path, progress: Progress) -> None:
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer, out.open("wb") as file:  # noqa: S310
            length = answer.headers.get("Content-Length")
            done, total = 0, int(length) if length else None
            while block := answer.read(_BLOCK):
                done += file.write(block)
                progress(done, total, "bytes")
    except (OSError, HTTPException) as error:
        message = f"{url} could not be downloaded ({error}); check the network, or copy the file to {out.parent}."
        raise UserError("no-network", message) from error
