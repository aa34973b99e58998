"""What people hid in a scene, to be shown again."""

from __future__ import annotations

from typing import Any

from backend.review.selectors.changes import state_of
from backend.review.selectors.versions import hidden_by_people, operation_told
from backend.scenes.models import Scene
from backend.tracking.models import Tracklet
from backend.tracking.selectors import PACKED


def hidden_list(*, scene: Scene) -> list[dict[str, Any]]:
    """[{tracklet, operation, of}] of the current run, the last hidden first."""
    if scene.current_run is None:
        return []
    found = hidden_by_people(run=scene.current_run)
    rows = Tracklet.objects.select_related("camera").defer(*PACKED).in_bulk(found)
    ordered = sorted(found.items(), key=lambda each: (-each[1][0].number, each[0]))
    return [
        {"tracklet": state_of(rows[tracklet]), "operation": operation_told(operation), "of": of}
        for tracklet, (operation, of) in ordered
    ]
