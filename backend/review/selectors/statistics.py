"""Who reviews how much, how fast, and how often people agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from statistics import median

from django.db.models import F, Q

from backend.accounts.models import User
from backend.review.components import given_by, places_that_stand
from backend.review.models import Answer, OperationKind, Verdict
from backend.review.standing import Pair
from backend.scenes.selectors import scene_visible
from backend.tracking.models import Run

LONGEST_S = 600.0  # who takes longer was away


@dataclass(frozen=True, slots=True)
class PersonStatistics:
    """One person's verdicts in a scene; those taken back are counted apart.

    changed               share of the verdicts that changed an identity
    decisions_per_minute  60 / the median seconds from being shown a pair to deciding it
    agreement             share of the pairs judged by others too on which they say the same; "cannot tell" is no side
    """

    person: User
    verdicts: int
    same: int
    different: int
    cannot_tell: int
    taken_back: int
    changed: float | None
    decisions_per_minute: float | None
    agreement: float | None
    last_at: datetime


def statistics_of_people(*, user: User, scene_id: int) -> list[PersonStatistics]:
    """By the number of verdicts, the most first. Raises NotFound."""
    scene = scene_visible(user=user, scene_id=scene_id)
    # Beside other edits, such as a cut, those that were given of a pair on screen; a move's verdicts follow from it.
    beside = Q(operation__kind=OperationKind.BULK, opened_at__isnull=False)
    given = Verdict.objects.filter(Q(operation__kind=OperationKind.VERDICT) | beside, scene=scene)
    # Of an operation only this: the numbers that it changed may be many.
    given = given.annotate(did_change=F("operation__after__effect__changed"))
    by_person: dict[User, list[Verdict]] = defaultdict(list)
    for verdict in given.select_related("person").order_by("id"):
        by_person[verdict.person].append(verdict)
    agreement = _agreement(scene.current_run)
    found = [_of_person(who, verdicts, agreement.get(who.pk)) for who, verdicts in by_person.items()]
    return sorted(found, key=lambda each: (-each.verdicts, each.person.username))


def _of_person(person: User, given: Sequence[Verdict], agreement: float | None) -> PersonStatistics:
    standing = [verdict for verdict in given if verdict.revoked_by_id is None]
    changed = [bool(verdict.did_change) for verdict in standing]  # type: ignore[attr-defined] # annotated
    said = [verdict.answer for verdict in standing]
    return PersonStatistics(
        person=person,
        verdicts=len(standing),
        same=said.count(Answer.SAME),
        different=said.count(Answer.DIFFERENT),
        cannot_tell=said.count(Answer.CANNOT_TELL),
        taken_back=len(given) - len(standing),
        changed=sum(changed) / len(changed) if changed else None,
        decisions_per_minute=_pace(standing),
        agreement=agreement,
        last_at=given[-1].decided_at,
    )


def _pace(verdicts: Iterable[Verdict]) -> float | None:
    seconds = [
        (verdict.decided_at - verdict.opened_at).total_seconds()
        for verdict in verdicts
        if verdict.opened_at is not None
    ]
    usable = [each for each in seconds if 0 < each <= LONGEST_S]
    return 60 / median(usable) if usable else None


def _agreement(run: Run | None) -> dict[int, float]:
    """person id -> share of the comparisons with others' latest answers on the same pair that agree."""
    if run is None:
        return {}
    latest: dict[Pair, dict[int, str]] = defaultdict(dict)
    for each in given_by(places_that_stand(run=run)):
        if each.answer != Answer.CANNOT_TELL:
            latest[each.pair][each.person] = each.answer
    outcomes: dict[int, list[bool]] = defaultdict(list)
    for answers in latest.values():
        for one, other in combinations(answers, 2):
            for person in (one, other):
                outcomes[person].append(answers[one] == answers[other])
    return {person: sum(agreed) / len(agreed) for person, agreed in outcomes.items()}
