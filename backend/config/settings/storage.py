"""Files by `STORAGE_URL` (s3://key:secret@host/bucket?...); unset means the data folder. Static files by whitenoise."""

import os

from backend.config.settings.paths import DATA_DIR, FRONTEND_DIST, MEDIA_DIR
from backend.config.urls_of_services import storage_settings

STORAGE_URL = os.environ.get("STORAGE_URL", "")
STORAGES = {
    "default": storage_settings(STORAGE_URL, MEDIA_DIR),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [("app", FRONTEND_DIST)] if FRONTEND_DIST.is_dir() else []
WHITENOISE_USE_FINDERS = True
