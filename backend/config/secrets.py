"""The secret key: from the environment, or, on embedded services, made once in the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret_key(data_dir: Path) -> str:
    """The key that signs sessions. Raises ImproperlyConfigured if an external database is used without one."""
    from_environment = os.environ.get("SECRET_KEY", "")
    if from_environment:
        return from_environment
    if os.environ.get("DATABASE_URL"):
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. With DATABASE_URL set, put a long random SECRET_KEY into the environment."
        )
    return _key_of_data_folder(data_dir / "secret-key")


def _key_of_data_folder(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
