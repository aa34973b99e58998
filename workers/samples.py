"""Rankings of held vehicles to look at: each query with its nearest pictures of other cameras, kept in the storage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from backend.media.storage import save_bytes
from backend.training.models import TrainingRun
from ml.datasets.reid import ReidSet, ReidTable
from ml.matching.reranking.chain import Views
from ml.pipeline.reid_ranking import PictureFeatures
from ml.types import Float2D

RANKINGS, FOUND = 8, 6


def sample_rankings(training: TrainingRun, data: ReidSet, weights: Path) -> list[dict[str, Any]]:
    """Up to 8 queries of different vehicles, each with the 6 nearest pictures that another camera took."""
    query, gallery = data.query, data.gallery
    if not len(query) or not len(gallery):
        return []
    chosen = query.take(np.sort(np.unique(query.identity, return_index=True)[1])[:RANKINGS])
    features = PictureFeatures([chosen, gallery]).source(chosen, gallery)(str(weights), Views())
    return [
        {
            "query": _picture(training, chosen, row),
            "found": [_picture(training, gallery, place) for place in _nearest(features, chosen, gallery, row)],
        }
        for row in range(len(chosen))
    ]


def _nearest(features: tuple[Float2D, Float2D], query: ReidTable, gallery: ReidTable, row: int) -> list[int]:
    order = np.argsort(-(features[1] @ features[0][row]), kind="stable")
    elsewhere = gallery.camera[order] != query.camera[row]
    found: list[int] = order[elsewhere][:FOUND].tolist()
    return found


def _picture(training: TrainingRun, table: ReidTable, row: int) -> dict[str, Any]:
    path = table.paths[row]
    folder = f"scenes/{training.scene_id}/trainings/{training.pk}"
    return {
        "file": save_bytes(f"{folder}/{path.name}", path.read_bytes()),
        "camera": str(table.camera_names()[row]),
        "identity": int(table.identity[row]),
    }
