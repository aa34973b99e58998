"""Where things lie: the checkout, the data folder and the parts of it."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[3]
DATA_DIR = Path(os.environ.get("CROSSTRACK_DATA") or BASE_DIR / ".crosstrack").resolve()
MEDIA_DIR = DATA_DIR / "media"
STAGE_CACHE_DIR = Path(os.environ.get("CROSSTRACK_CACHE") or DATA_DIR / "cache").resolve()
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
PRESETS_DIR = BASE_DIR / "ml" / "presets"
RECIPES_DIR = BASE_DIR / "ml" / "reid" / "recipes"
DETECTOR_RECIPES_DIR = BASE_DIR / "ml" / "detection" / "recipes"
