"""How much review is left in a scene, and whether it still changes anything."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q

from backend.review.components import places_that_stand
from backend.review.models import Operation, OperationKind, Settled, Verdict, VerdictPlace
from backend.review.selectors.settings import people_per_pair
from backend.review.standing import Pair, pair_of
from backend.scenes.models import Scene
from backend.tracking.chances import LIKELY_DIFFERENT, LIKELY_SAME
from backend.tracking.models import Candidate, PairState, Run

WINDOW = 20  # reviews that the moving average looks back, roughly
CHANGES_ENOUGH = 0.1
PATIENCE = (20, 72)  # at least, at most
FEWEST_FOR_RATE = 10  # answers, before what one of them settles says anything
PATIENCE_SHARE = 0.25  # of the pairs that were uncertain before anybody looked


@dataclass(frozen=True, slots=True)
class Stop:
    """Whether to stop here, and why or why not, in a sentence."""

    advised: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Pairs by state; settled ones are left out."""

    contradictions: int = 0
    uncertain: int = 0
    likely_same: int = 0
    likely_different: int = 0


@dataclass(frozen=True, slots=True)
class ReviewState:
    """How far review is, in one run.

    work_left  contradictions, and what is missing of answers on uncertain pairs: at most so many answers
    expected   how many it will take at the rate at which answers have settled pairs so far; `basis` says why
    decided    answers that stand       revision  of the newest edit: another one means that something has changed
    """

    run: int | None
    work_left: int
    expected: int
    basis: str
    decided: int
    revision: int
    people_per_pair: int
    stop: Stop
    counts: Counts


def review_state(*, scene: Scene) -> ReviewState:
    """Of the scene's current run."""
    run = scene.current_run
    people = people_per_pair(scene=scene)
    revision = scene.operations.aggregate(last=Max("number"))["last"] or 0
    if run is None:
        nothing = "No run has finished in this scene yet."
        return ReviewState(None, 0, 0, nothing, 0, revision, people, Stop(False, nothing), Counts())
    counts = _counts(run)
    missing = people * counts.uncertain - (_half_judged(run) if people > 1 else 0)
    work_left = counts.contradictions + missing
    decided = places_that_stand(run=run).count()
    expected, basis = _expected(run, counts, missing, decided=decided, people=people)
    stop = _stop(scene, run, work_left)
    return ReviewState(run.pk, work_left, expected, basis, decided, revision, people, stop, counts)


def contradictory_pairs(*, run: Run) -> dict[Pair, list[int]]:
    """Pairs of tracklets whose answers cannot all be true -> their verdict ids."""
    found: dict[Pair, list[int]] = {}
    places = VerdictPlace.objects.filter(run=run, contradicted=True).order_by("verdict")
    for left, right, verdict in places.values_list("left", "right", "verdict"):
        found.setdefault(pair_of(left, right), []).append(verdict)
    return found


def share_that_changes(changed: Sequence[bool]) -> float:
    """Exponentially weighted share of the reviews, oldest first, that changed anything.

    a_t = a_{t-1} + w (c_t - a_{t-1}) with w = 2 / (WINDOW + 1); it begins at 1, so that nothing is
    advised before there is experience.
    """
    average, weight = 1.0, 2 / (WINDOW + 1)
    for each in changed:
        average += weight * (each - average)
    return average


def _counts(run: Run) -> Counts:
    settled = Settled.objects.filter(run=run).order_by().values("state").annotate(n=Count("pk"))
    done = {row["state"]: row["n"] for row in settled}
    left = {state: run.pair_counts.get(state, 0) - done.get(state, 0) for state in PairState.values}
    return Counts(contradictions=len(contradictory_pairs(run=run)), **left)


def _half_judged(run: Run) -> int:
    """Answers that stand on uncertain pairs which need more of them; for scenes where several people judge a pair."""
    uncertain = Candidate.objects.filter(run=run, chance__gt=LIKELY_DIFFERENT, chance__lt=LIKELY_SAME, settled=None)
    this_way = uncertain.filter(left=OuterRef("left"), right=OuterRef("right"))
    other_way = uncertain.filter(left=OuterRef("right"), right=OuterRef("left"))
    places = places_that_stand(run=run).filter(Exists(this_way) | Exists(other_way))
    return places.order_by().values("left", "right", "verdict__person").distinct().count()


def _expected(run: Run, counts: Counts, missing: int, *, decided: int, people: int) -> tuple[int, str]:
    """How many answers it will take, and why: what is left, over what one answer has settled so far."""
    parts = [f"{counts.contradictions} contradictions"] if counts.contradictions else []
    pairs = " and ".join([*parts, f"{counts.uncertain} uncertain pairs"])
    judged = f", each judged by {people} people" if people > 1 else ""
    settled = run.pair_counts.get(PairState.UNCERTAIN, 0) - counts.uncertain
    a_time = people * settled / decided if decided >= FEWEST_FOR_RATE else 1.0
    if a_time <= 1.0:
        return counts.contradictions + missing, f"{pairs}{judged}: at most so many answers."
    expected = counts.contradictions + math.ceil(missing / a_time)
    return expected, f"{pairs}{judged}; so far one answer settled {a_time:.1f} of them."


def _stop(scene: Scene, run: Run, work_left: int) -> Stop:
    if not work_left:
        return Stop(True, "Every uncertain pair is decided, and no answers contradict each other.")
    least, most = PATIENCE
    patience = min(most, max(least, math.ceil(PATIENCE_SHARE * run.pair_counts.get(PairState.UNCERTAIN, 0))))
    answered = Exists(Verdict.objects.filter(operation=OuterRef("pk"), opened_at__isnull=False))
    answers = Q(kind=OperationKind.VERDICT) | Q(answered, kind=OperationKind.BULK)
    given = Operation.objects.filter(answers, scene=scene, run=run, undone_by=None)
    last = given.order_by("-number").values_list("after__effect__changed", flat=True)[: 10 * WINDOW]
    changed = [bool(each) for each in last][::-1]
    share = share_that_changes(changed)
    if len(changed) < patience:
        return Stop(
            False, f"Too early to say: {len(changed)} of {patience} answers that show whether more change much."
        )
    if share >= CHANGES_ENOUGH:
        return Stop(False, f"Of the last answers about {100 * share:.0f}% changed an identity; below 10% one may stop.")
    return Stop(
        True, f"Of the last answers about {100 * share:.0f}% changed anything; the rest will hardly change more."
    )
