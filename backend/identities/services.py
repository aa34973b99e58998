"""Which tracklets of a run are one vehicle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from backend.identities.models import Identity, IdentityMember, RunIdentity
from backend.scenes.models import Scene
from backend.tracking.models import Run, Tracklet
from backend.tracking.selectors import PACKED

BATCH = 2000


@transaction.atomic
def identities_assign(*, run: Run, groups: Mapping[int, Sequence[int]]) -> int:
    """identity number -> ids of its tracklets; every tracklet of the run is in one group. Returns how many identities.

    Replaces what was assigned in this run before; identities of other runs with the same numbers are the same vehicles.
    Raises ValueError if a tracklet is missing, twice, or of another run.
    """
    tracklets = {each.pk: each for each in Tracklet.objects.filter(run=run).defer(*PACKED)}
    _require_partition(groups, tracklets)
    IdentityMember.objects.filter(run=run).delete()
    RunIdentity.objects.filter(run=run).delete()
    identities = _identities(run.scene, groups)
    members = [
        IdentityMember(run=run, identity=identities[number], tracklet_id=tracklet)
        for number, group in groups.items()
        for tracklet in group
    ]
    IdentityMember.objects.bulk_create(members, batch_size=BATCH)
    summaries = [
        _summary(run, identities[number], [tracklets[tracklet] for tracklet in group])
        for number, group in groups.items()
    ]
    RunIdentity.objects.bulk_create(summaries, batch_size=BATCH)
    return len(summaries)


def _require_partition(groups: Mapping[int, Sequence[int]], tracklets: Mapping[int, Tracklet]) -> None:
    grouped = sorted(tracklet for group in groups.values() for tracklet in group)
    if grouped != sorted(tracklets):
        raise ValueError("the groups do not hold every tracklet of the run exactly once")
    if not all(groups.values()):
        raise ValueError("a group is empty")


def _identities(scene: Scene, numbers: Mapping[int, Sequence[int]]) -> dict[int, Identity]:
    """The scene's identities by number, those made that it lacks. Two runs at once may make the same ones."""
    wanted = [Identity(scene=scene, number=number) for number in sorted(numbers)]
    Identity.objects.bulk_create(wanted, batch_size=BATCH, ignore_conflicts=True)
    return {each.number: each for each in Identity.objects.filter(scene=scene, number__in=numbers)}


def _summary(run: Run, identity: Identity, tracklets: Sequence[Tracklet]) -> RunIdentity:
    cameras = sorted({tracklet.camera_id for tracklet in tracklets})
    return RunIdentity(
        run=run,
        identity=identity,
        number=identity.number,
        camera_count=len(cameras),
        tracklet_count=len(tracklets),
        camera_ids=cameras,
        start_s=min(tracklet.start_s for tracklet in tracklets),
        end_s=max(tracklet.end_s for tracklet in tracklets),
    )
