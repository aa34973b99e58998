"""How a scene is reviewed."""

from __future__ import annotations

from backend.review.models import ReviewSettings
from backend.scenes.models import Scene


def people_per_pair(*, scene: Scene) -> int:
    """How many people judge each pair; where they disagree, one more does."""
    row = ReviewSettings.objects.filter(scene=scene).values_list("people_per_pair", flat=True).first()
    return row or 1
