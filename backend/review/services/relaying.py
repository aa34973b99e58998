"""When other tracklets are shown than before: what hangs on them follows, and identities are made anew around them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from backend.identities.models import Identity
from backend.identities.selectors import identities_of, members_of
from backend.identities.services import identities_recount
from backend.review.components import joinable_beside
from backend.review.edited import HumanPlace
from backend.review.services.inheriting import candidates_inherit, embeddings_inherit
from backend.review.services.layer import Effect, Numbers, layer_renew
from backend.review.services.placing import scopes_of, verdicts_place_anew
from backend.review.services.settling import pairs_settle
from backend.review.services.writing import LayerChange
from backend.tracking.models import Layer, Run, Tracklet


def layer_settle(*, run: Run, change: LayerChange, seeds: Iterable[int], seen: Numbers | None = None) -> Effect:
    """Bring compared pairs, pictures, verdicts' places and identities in line; the scene is locked.

    seeds  tracklets (ids) at which something was said beside the change; seen  as for `layer_renew`
    """
    wanted = set(seeds)
    if change.is_empty:
        return layer_renew(run=run, seeds=wanted, seen=seen)
    touched = change.shown | change.hidden
    candidates_inherit(run=run, roots=_roots(touched))
    embeddings_inherit(made=change.made)
    moved = verdicts_place_anew(run=run, scopes=scopes_of(tracklet_ids=touched))
    identities = _identities_around(run, touched)
    beside = joinable_beside(run=run, tracklet_ids=touched)
    wanted = _shown({*wanted, *touched, *moved, *beside, *members_of(run=run, identities=identities)})
    effect = layer_renew(run=run, seeds=wanted, seen=seen)
    identities_recount(run=run, identities=identities | _identities_around(run, touched))
    pairs_settle(run=run, tracklet_ids=sorted(change.hidden))
    return effect


def _roots(tracklets: Collection[int]) -> set[int]:
    """The run's own of these, and those that people made the others of."""
    rows = Tracklet.objects.filter(pk__in=tracklets).values_list("pk", "layer", "roots")
    return {root for key, layer, roots in rows for root in ([key] if layer == Layer.RUN else roots)}


def _identities_around(run: Run, tracklets: Collection[int]) -> set[int]:
    """Identities (ids) that these are in, or that people's were in when they were last shown."""
    left = HumanPlace.objects.filter(run=run, tracklet__in=tracklets, number__gt=0).values("number")
    gone = Identity.objects.filter(Q(number__in=left), scene=run.scene_id).values_list("pk", flat=True)
    return {*gone, *identities_of(run=run, tracklet_ids=tracklets).values()}


def _shown(tracklets: Collection[int]) -> set[int]:
    return set(Tracklet.objects.shown().filter(pk__in=tracklets).values_list("pk", flat=True))
