"""Django settings, one file per concern; every secret and address comes from the environment."""

from backend.config.settings.api import *
from backend.config.settings.apps import *
from backend.config.settings.database import *
from backend.config.settings.jobs import *
from backend.config.settings.logs import *
from backend.config.settings.paths import *
from backend.config.settings.security import *
from backend.config.settings.storage import *
from backend.config.settings.uploads import *
