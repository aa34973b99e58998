"""How much review is left in a scene, and whether it still changes anything."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from backend.review.components import places_that_stand
from backend.review.models import Operation, OperationKind, Settled, VerdictPlace
from backend.review.standing import Pair, pair_of
from backend.scenes.models import Scene
from backend.tracking.models import PairState, Run

WINDOW = 20  # reviews that the moving average looks back, roughly
CHANGES_ENOUGH = 0.1
PATIENCE = (20, 72)  # at least, at most
PATIENCE_SHARE = 0.25  # of the pairs that were uncertain before anybody looked


@dataclass(frozen=True, slots=True)
class Stop:
    """Whether to stop here, and the reason in a sentence; none while there is reason to go on."""

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
    """work_left  contradictions and uncertain pairs: at most so many answers    decided  answers that stand"""

    run: int | None
    work_left: int
    decided: int
    stop: Stop
    counts: Counts


def review_state(*, scene: Scene) -> ReviewState:
    """Of the scene's current run."""
    run = scene.current_run
    if run is None:
        return ReviewState(None, 0, 0, Stop(False, "No run has finished in this scene yet."), Counts())
    counts = _counts(run)
    work_left = counts.contradictions + counts.uncertain
    decided = places_that_stand(run=run).count()
    return ReviewState(run.pk, work_left, decided, _stop(scene, run, work_left), counts)


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


def _stop(scene: Scene, run: Run, work_left: int) -> Stop:
    if not work_left:
        return Stop(True, "Every uncertain pair is decided, and no answers contradict each other.")
    least, most = PATIENCE
    patience = min(most, max(least, math.ceil(PATIENCE_SHARE * run.pair_counts.get(PairState.UNCERTAIN, 0))))
    given = Operation.objects.filter(scene=scene, run=run, kind=OperationKind.VERDICT, undone_by=None)
    last = given.order_by("-number").values_list("after__effect__changed", flat=True)[: 10 * WINDOW]
    changed = [bool(each) for each in last][::-1]
    share = share_that_changes(changed)
    if len(changed) < patience or share >= CHANGES_ENOUGH:
        return Stop(False, "")
    return Stop(
        True, f"Of the last answers about {100 * share:.0f}% changed anything; the rest will hardly change more."
    )
