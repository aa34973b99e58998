"""Which tracklets of a run are one vehicle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction

from backend.identities.models import HumanMember, Identity, IdentityMember, RunIdentity
from backend.identities.selectors import identities_of, members_of
from backend.scenes.models import Scene
from backend.tracking.models import Layer, Run, Tracklet
from backend.tracking.selectors import PACKED

BATCH = 2000


@transaction.atomic
def identities_assign(*, run: Run, groups: Mapping[int, Sequence[int]]) -> int:
    """identity number -> ids of its tracklets; every tracklet of the run is in one group. Returns how many identities.

    Replaces what was assigned in this run before, by people too; identities of other runs with the same numbers are
    the same vehicles.
    Raises ValueError if a tracklet is missing, twice, or of another run.
    """
    tracklets = {each.pk: each for each in Tracklet.objects.own().filter(run=run).defer(*PACKED)}
    _require_partition(groups, tracklets)
    HumanMember.objects.filter(run=run).delete()
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


@transaction.atomic
def identities_change(*, run: Run, numbers: Mapping[int, int]) -> None:
    """Make these the identity numbers of these tracklets in the human layer; the run's own rows stay as they are.

    numbers  tracklet id -> number. A tracklet that goes back to what the run says leaves the layer.
    """
    before = identities_of(run=run, tracklet_ids=numbers)
    identities = _identities(run.scene, dict.fromkeys(numbers.values(), ()))
    after = {tracklet: identities[number].pk for tracklet, number in numbers.items()}
    changed = [tracklet for tracklet in numbers if before[tracklet] != after[tracklet]]
    if not changed:
        return
    own = dict(IdentityMember.objects.filter(tracklet__in=changed).order_by().values_list("tracklet", "identity"))
    HumanMember.objects.filter(run=run, tracklet__in=changed).delete()
    HumanMember.objects.bulk_create(
        HumanMember(run=run, tracklet_id=tracklet, identity_id=after[tracklet])
        for tracklet in changed
        if own.get(tracklet) != after[tracklet]
    )
    touched = {before[tracklet] for tracklet in changed} | {after[tracklet] for tracklet in changed}
    identities_recount(run=run, identities=touched)


@transaction.atomic
def members_place(*, run: Run, numbers: Mapping[int, int]) -> None:
    """Put tracklets that people made (ids) into the identities of these numbers, made if need be; not counted yet."""
    identities = _identities(run.scene, dict.fromkeys(numbers.values(), ()))
    HumanMember.objects.filter(tracklet__in=numbers).delete()
    HumanMember.objects.bulk_create(
        HumanMember(run=run, tracklet_id=tracklet, identity=identities[number]) for tracklet, number in numbers.items()
    )


@transaction.atomic
def identities_recount(*, run: Run, identities: Collection[int]) -> None:
    """Count these identities (ids) anew; those that are what the run says need no row of the human layer."""
    RunIdentity.objects.filter(run=run, layer=Layer.HUMAN, identity__in=identities).delete()
    own = {row.identity_id: row for row in RunIdentity.objects.filter(run=run, identity__in=identities)}
    members = defaultdict(list)
    identity_of = members_of(run=run, identities=identities)
    for tracklet in Tracklet.objects.filter(pk__in=identity_of).defer(*PACKED):
        members[identity_of[tracklet.pk]].append(tracklet)
    made = []
    for identity in Identity.objects.filter(pk__in=identities).order_by("number"):
        row = _summary(run, identity, members[identity.pk], layer=Layer.HUMAN)
        if not _says_the_same(row, own.get(identity.pk)):
            made.append(row)
    RunIdentity.objects.bulk_create(made)


def _says_the_same(row: RunIdentity, own: RunIdentity | None) -> bool:
    if own is None:
        return not row.tracklet_count
    fields = ("tracklet_count", "camera_ids", "start_s", "end_s")
    return all(getattr(row, field) == getattr(own, field) for field in fields)


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


def _summary(run: Run, identity: Identity, tracklets: Sequence[Tracklet], *, layer: Layer = Layer.RUN) -> RunIdentity:
    cameras = sorted({tracklet.camera_id for tracklet in tracklets})
    return RunIdentity(
        run=run,
        identity=identity,
        layer=layer,
        number=identity.number,
        camera_count=len(cameras),
        tracklet_count=len(tracklets),
        camera_ids=cameras,
        start_s=min((tracklet.start_s for tracklet in tracklets), default=0.0),
        end_s=max((tracklet.end_s for tracklet in tracklets), default=0.0),
    )
