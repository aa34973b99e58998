"""The secret key: from the environment, or, on embedded services, made once in the data folder."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from backend.config.demo.problems import sentence_for


def secret_key(data_dir: Path) -> str:
    """The key that signs sessions. Raises ImproperlyConfigured if there can be none."""
    from_environment = os.environ.get("SECRET_KEY", "")
    if from_environment:
        return from_environment
    if os.environ.get("DATABASE_URL"):
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. With DATABASE_URL set, put a long random SECRET_KEY into the environment."
        )
    try:
        return _key_of_data_folder(data_dir / "secret-key")
    except OSError as error:
        raise ImproperlyConfigured(sentence_for(error, data_dir) or f"{data_dir} cannot be used: {error}.") from error


def _key_of_data_folder(path: Path) -> str:
    """The key in `path`, made if missing: written aside and linked, so that nobody ever reads half a key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another process was first: its key counts
            path.hardlink_to(aside)
        aside.unlink()
    return path.read_text().strip()
