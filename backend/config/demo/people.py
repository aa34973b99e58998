"""The demo's four people. Their passwords are made once, for this data folder alone, and kept there for its owner."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from backend.accounts.models import Role, User
from backend.accounts.services import user_create

USERNAMES = {role: role.value for role in Role}


def passwords_file(data_dir: Path) -> Path:
    return data_dir / "demo-users.json"


def demo_users_ensure(data_dir: Path) -> dict[str, str]:
    """Username -> password of one user a role, made where missing.

    A user that exists keeps its password; if the file was lost, the demo's users get the new ones.
    """
    path = passwords_file(data_dir)
    known: dict[str, str] = json.loads(path.read_text()) if path.is_file() else {}
    passwords = {name: known.get(name) or secrets.token_urlsafe(9) for name in USERNAMES.values()}
    if passwords != known:
        _write_private(path, json.dumps(passwords, indent=2) + "\n")
    for role, name in USERNAMES.items():
        user = User.objects.filter(username=name).first()
        if user is None:
            user_create(username=name, password=passwords[name], role=role)
        elif name not in known:
            user.set_password(passwords[name])
            user.save(update_fields=["password"])
    return passwords


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all, readable by its owner only from the first moment."""
    aside = path.with_suffix(".partial")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    aside.replace(path)
