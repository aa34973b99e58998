"""PostgreSQL by `DATABASE_URL`; unset means the embedded server in the data folder."""

import os

from backend.config.embedded.postgres import embedded_database_url
from backend.config.settings.paths import DATA_DIR
from backend.config.urls_of_services import database_settings

DATABASE_URL = os.environ.get("DATABASE_URL") or embedded_database_url(DATA_DIR)
DATABASE_IS_EMBEDDED = not os.environ.get("DATABASE_URL")
DATABASES = {"default": database_settings(DATABASE_URL)}
