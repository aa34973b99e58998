"""Which vehicles two runs of a scene see differently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from backend.accounts.models import User
from backend.config.problems import BadInput
from backend.identities.models import RunIdentity
from backend.identities.selectors import crop_ranks, members_of
from backend.tracking.models import Run, Tracklet
from backend.tracking.selectors import run_get

MOST_LISTED = 100
SAME_S = 0.5  # ends that are nearer to each other need no closer look

Kind = Literal["changed", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Passage:
    """One tracklet of an identity; `crop` is the rank of its best picture, if it has one."""

    tracklet: int
    camera: int
    start_s: float
    end_s: float
    crop: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """An identity that the second run sees in other passages than the first, has not, or has alone."""

    number: int
    kind: Kind
    before: list[Passage]
    after: list[Passage]


@dataclass(frozen=True)
class Comparison:
    """`counts` of all identities in two cameras or more, `differing` the first of those that are not the same."""

    counts: dict[str, int]
    differing: list[Difference] = field(default_factory=list)


def runs_compare(*, user: User, run_id: int, other_id: int) -> Comparison:
    """From run `other_id` to run `run_id`, as people see both; identities that either sees in two cameras or more.

    Numbers are carried from run to run by overlap, so that one number is one vehicle. It is the same in both where
    the passages, in the order of cameras and time, are in the same cameras and overlap in time.

    Raises NotFound, BadInput for a run of another scene.
    """
    after, before = run_get(user=user, run_id=run_id), run_get(user=user, run_id=other_id)
    if before.scene_id != after.scene_id:
        raise BadInput("with", "Two runs of one scene can be compared.")
    old, new = _shared_in_either(before, after)
    doubtful = [number for number in sorted(old.keys() | new.keys()) if not _alike(old.get(number), new.get(number))]
    passages = _passages(before, old, doubtful), _passages(after, new, doubtful)
    found = [
        Difference(number, _kind(number, old, new), passages[0][number], passages[1][number])
        for number in doubtful
        if not _same_way(passages[0][number], passages[1][number])
    ]
    counts = {kind: sum(each.kind == kind for each in found) for kind in ("changed", "gone", "new")}
    counts["same"] = len(old.keys() | new.keys()) - len(found)
    return Comparison(counts, _with_pictures(found[:MOST_LISTED]))


def _shared_in_either(before: Run, after: Run) -> tuple[dict[int, RunIdentity], dict[int, RunIdentity]]:
    """Each run's identities, by number, that it or the other run sees in two cameras or more."""
    shown = [RunIdentity.objects.shown(run) for run in (before, after)]
    shared = [{row.number: row for row in rows.filter(camera_count__gte=2)} for rows in shown]
    for own, rows, other in ((shared[0], shown[0], shared[1]), (shared[1], shown[1], shared[0])):
        own |= {row.number: row for row in rows.filter(number__in=other.keys() - own.keys())}
    return shared[0], shared[1]


def _alike(one: RunIdentity | None, other: RunIdentity | None) -> bool:
    """Whether what was counted of both says already that they are the same: one tracklet in each camera."""
    if one is None or other is None or one.camera_ids != other.camera_ids:
        return False
    ends = max(abs(one.start_s - other.start_s), abs(one.end_s - other.end_s))
    return one.tracklet_count == other.tracklet_count and ends <= SAME_S


def _kind(number: int, old: Mapping[int, RunIdentity], new: Mapping[int, RunIdentity]) -> Kind:
    if number not in new:
        return "gone"
    return "changed" if number in old else "new"


def _passages(
    run: Run, identities: Mapping[int, RunIdentity], numbers: Iterable[int]
) -> defaultdict[int, list[Passage]]:
    """By identity number, in the order of time."""
    number_of = {identities[number].identity_id: number for number in numbers if number in identities}
    members = members_of(run=run, identities=number_of)
    found: defaultdict[int, list[Passage]] = defaultdict(list)
    rows = Tracklet.objects.filter(pk__in=members).order_by("start_s", "pk")
    for tracklet, camera, start_s, end_s in rows.values_list("pk", "camera", "start_s", "end_s"):
        found[number_of[members[tracklet]]].append(Passage(tracklet, camera, start_s, end_s))
    return found


def _same_way(one: Sequence[Passage], other: Sequence[Passage]) -> bool:
    def in_order(passages: Sequence[Passage]) -> list[Passage]:
        return sorted(passages, key=lambda each: (each.camera, each.start_s))

    return len(one) == len(other) and all(
        first.camera == second.camera and first.start_s <= second.end_s and second.start_s <= first.end_s
        for first, second in zip(in_order(one), in_order(other), strict=True)
    )


def _with_pictures(differing: Sequence[Difference]) -> list[Difference]:
    ranks = crop_ranks(tracklet_ids=[way.tracklet for each in differing for way in (*each.before, *each.after)])

    def shown(passages: Sequence[Passage]) -> list[Passage]:
        return [
            Passage(way.tracklet, way.camera, way.start_s, way.end_s, next(iter(ranks.get(way.tracklet, [])), None))
            for way in passages
        ]

    return [Difference(each.number, each.kind, shown(each.before), shown(each.after)) for each in differing]
