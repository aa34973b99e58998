"""Crosstrack's own settings over a data folder of this test session alone; a developer's site is never touched."""

import os
import tempfile

for name in ("DATABASE_URL", "BROKER_URL", "STORAGE_URL", "CROSSTRACK_CACHE"):
    os.environ.pop(name, None)
os.environ["CROSSTRACK_DATA"] = tempfile.mkdtemp(prefix="crosstrack-test-")

from backend.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a test makes many users
WHITENOISE_AUTOREFRESH = True  # every client looks for all static files first otherwise: looked for when asked for
