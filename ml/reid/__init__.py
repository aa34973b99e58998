"""Re-identification: crops in, vectors out."""

from ml.reid.config import EmbedderConfig
from ml.reid.embed import embed_tracklets
from ml.reid.registry import Embedder, create_embedder, weights_checksum
from ml.reid.views import choose_views

__all__ = ["Embedder", "EmbedderConfig", "choose_views", "create_embedder", "embed_tracklets", "weights_checksum"]
