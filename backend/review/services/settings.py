"""How a scene is reviewed, and what follows for the pairs that were judged already."""

from __future__ import annotations

from django.db import transaction

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.review.components import closed, places_that_stand
from backend.review.models import ReviewSettings
from backend.review.services.settling import pairs_settle
from backend.scenes.models import Scene


@transaction.atomic
def review_settings_set(*, actor: User, scene: Scene, people_per_pair: int) -> ReviewSettings:
    """So many people judge each pair from now on; what is settled is worked out anew. Raises Refused below manager."""
    require_scene_role(actor, scene, Role.MANAGER)
    rows = Scene.objects.select_for_update(no_key=True, of=("self",)).select_related("current_run")
    run = rows.get(pk=scene.pk).current_run
    made, _ = ReviewSettings.objects.update_or_create(scene=scene, defaults={"people_per_pair": people_per_pair})
    if run is not None:
        judged = places_that_stand(run=run).values_list("left", "right")
        seeds = {end for pair in judged for end in pair}
        pairs_settle(run=run, tracklet_ids=sorted(closed(run=run, tracklet_ids=seeds)))
    return made
