"""What people hid in a scene, to be shown again."""

from __future__ import annotations

from typing import Any

from backend.config.pagination import LARGEST_PAGE, Page, page_of_items
from backend.review.selectors.changes import state_of
from backend.review.selectors.versions import hidden_by_people, operation_told
from backend.scenes.models import Scene
from backend.tracking.models import Tracklet
from backend.tracking.selectors import PACKED


def hidden_list(*, scene: Scene, limit: int = LARGEST_PAGE, cursor: str | None = None) -> Page[dict[str, Any]]:
    """A page of [{tracklet, operation, of}] of the current run, the last hidden first."""
    found = {} if scene.current_run is None else hidden_by_people(run=scene.current_run)
    page = page_of_items(found.items(), key=lambda each: (-each[1][0].number, each[0]), limit=limit, cursor=cursor)
    rows = Tracklet.objects.select_related("camera").defer(*PACKED).in_bulk([tracklet for tracklet, _ in page.items])
    told = [
        {"tracklet": state_of(rows[tracklet]), "operation": operation_told(operation), "of": of}
        for tracklet, (operation, of) in page.items
    ]
    return Page(told, page.next, page.previous)
