"""What may be sent in: the size of one file, of a scene, and the space that stays free on the disk."""

from backend.config.environment import count
from backend.config.settings.paths import DATA_DIR

GIB = 1 << 30

# Bytes of files that are not complete; web servers and `media` workers need the same folder.
UPLOAD_DIR = DATA_DIR / "uploads"
UPLOAD_MAX_BYTES = count("CROSSTRACK_UPLOAD_MAX_GIB", 64) * GIB
# Videos and uploads of one scene together; 0: as much as the disk holds.
UPLOAD_SCENE_BYTES = count("CROSSTRACK_UPLOAD_SCENE_GIB", 0) * GIB
UPLOAD_FREE_BYTES = count("CROSSTRACK_UPLOAD_FREE_GIB", 2) * GIB
UPLOAD_KEPT_DAYS = count("CROSSTRACK_UPLOAD_KEPT_DAYS", 7)
# One request's body. It lies on the disk until it is complete, so a larger file comes in several.
LARGEST_BODY_BYTES = count("CROSSTRACK_LARGEST_BODY_MIB", 128) << 20
