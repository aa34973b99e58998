"""Reads about what people decided: operations, verdicts, and where the verdicts lie in the current run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, Value

from backend.accounts.models import User
from backend.accounts.permissions import visible_through
from backend.config.problems import NotFound
from backend.review.models import Anchor, Operation, Verdict, VerdictPlace
from backend.review.selectors.dependents import refusal_by, standing_on
from backend.review.selectors.summaries import cameras_of, is_redo, summary_of
from backend.scenes.models import Scene
from backend.scenes.selectors import scene_visible


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A verdict and its place in the scene's current run; None where there is no run."""

    verdict: Verdict
    place: VerdictPlace | None

    @property
    def dangling(self) -> str | None:
        """Which side has no counterpart in the run: left, right, both, or "one_tracklet" where both have the same."""
        if self.place is None:
            return "both"
        if self.place.attached:
            return None
        missing = (self.place.left_id is None, self.place.right_id is None)
        sides = {(True, True): "both", (True, False): "left", (False, True): "right", (False, False): "one_tracklet"}
        return sides[missing]


@dataclass(frozen=True, slots=True)
class OperationView:
    """An operation, the verdicts that it gave, took back or restored, and why it cannot be undone now, if so."""

    operation: Operation
    verdicts: list[VerdictView]
    undo_refused: str | None

    @property
    def summary(self) -> str:
        return summary_of(self.operation)

    @property
    def redo(self) -> bool:
        return is_redo(self.operation)

    @property
    def changes(self) -> list[dict[str, Any]]:
        """What became of tracklets: [{op, before, after, of}]."""
        return list(self.operation.after.get("changes", []))

    @property
    def reason(self) -> str:
        return str(self.operation.after.get("reason", ""))

    @property
    def cameras(self) -> list[int]:
        return cameras_of(self.operation)


@dataclass(frozen=True, slots=True)
class OperationFilter:
    """Of whom (user id), what it was about, whether it is in effect; everything if left out."""

    person: int | None = None
    camera: int | None = None
    tracklet: int | None = None
    identity: int | None = None
    standing: bool | None = None


def operation_rows() -> QuerySet[Operation]:
    """With the operations before and after them, and their people."""
    return Operation.objects.select_related("actor", "inverse_of", "undone_by__actor", "undone_by__undone_by", "about")


def operation_visible(*, user: User, operation_id: int) -> Operation:
    """Raises NotFound."""
    found = Operation.objects.filter(visible_through(user, "scene"), pk=operation_id).first()
    if found is None:
        raise NotFound("operation")
    return found


def operation_list(
    *,
    user: User,
    scene_id: int,
    wanted: OperationFilter = OperationFilter(),  # it is frozen
) -> QuerySet[Operation]:
    """Raises NotFound."""
    rows = operation_rows().filter(scene=scene_visible(user=user, scene_id=scene_id))
    if wanted.person is not None:
        rows = rows.filter(actor=wanted.person)
    if wanted.camera is not None:
        rows = rows.filter(_changed({"camera": {"id": wanted.camera}}))
    if wanted.tracklet is not None:
        said = Verdict.objects.filter(Q(left__tracklet=wanted.tracklet) | Q(right__tracklet=wanted.tracklet))
        rows = rows.filter(_changed({"id": wanted.tracklet}) | Q(pk__in=said.values("operation")))
    if wanted.identity is not None:
        rows = rows.filter(_numbers_hold("before", wanted.identity) | _numbers_hold("after", wanted.identity))
    if wanted.standing is not None:
        rows = rows.filter(undone_by=None, after__standing=wanted.standing)
    return rows


def _changed(state: dict[str, Any]) -> Q:
    """A tracklet of this state was there before or after the operation."""
    return Q(after__changes__contains=[{"before": [state]}]) | Q(after__changes__contains=[{"after": [state]}])


def _numbers_hold(column: str, number: int) -> Q:
    """The identity number was taken from a tracklet, or given to one."""
    path = Value(f"$.numbers.* ? (@ == {number})")
    return Q(
        Func(F(column), path, template="jsonb_path_exists(%(expressions)s::jsonpath)", output_field=BooleanField())
    )


def operation_views(*, operations: Sequence[Operation]) -> list[OperationView]:
    """Of operations of one scene."""
    roots = [operation.root.pk for operation in operations]
    verdicts: dict[int, list[VerdictView]] = defaultdict(list)
    if operations:
        given = verdict_rows(operations[0].scene).filter(operation__in=roots)
        for view in verdict_views(verdicts=list(given.order_by("id"))):
            verdicts[view.verdict.operation_id].append(view)
    refused = undo_refusals(operations)
    return [OperationView(each, verdicts[each.root.pk], refused.get(each.pk)) for each in operations]


def undo_refusals(operations: Sequence[Operation]) -> dict[int, str]:
    """By operation (id): why it cannot be undone now; those that can be are left out."""
    undone = {each.pk: already_undone(each) for each in operations}
    later = standing_on([each for each in operations if undone[each.pk] is None])
    refused = {key: refusal_by(each) for key, each in later.items()}
    return refused | {key: reason for key, reason in undone.items() if reason is not None}


def already_undone(operation: Operation) -> str | None:
    """Who has undone this operation, in a sentence; None where nobody did."""
    later: Operation | None = getattr(operation, "undone_by", None)
    if later is None:
        return None
    when = f"{later.at:%Y-%m-%d %H:%M} UTC"
    if not hasattr(later, "undone_by"):
        return f"{later.actor} has undone this already, on {when} (operation {later.number})."
    return (
        f"{later.actor} undid this on {when} (operation {later.number}), and that has been undone since; "
        "undo the last of these operations instead."
    )


def anchor_list(*, scene: Scene) -> QuerySet[Anchor]:
    """Both sides of every verdict of the scene, those taken back too, with frames and boxes."""
    return Anchor.objects.filter(camera__scene=scene).order_by("id")


def verdict_rows(scene: Scene) -> QuerySet[Verdict]:
    """The scene's verdicts with their people, cameras and, as `here`, their place in its current run."""
    here = VerdictPlace.objects.filter(run=scene.current_run_id)
    packed = [f"{side}__{name}" for side in ("left", "right") for name in ("frames", "boxes")]
    return (
        Verdict.objects.filter(scene=scene)
        .select_related("person", "left__camera", "right__camera")
        .defer(*packed)
        .prefetch_related(Prefetch("places", queryset=here, to_attr="here"))
    )


def verdict_list(*, user: User, scene_id: int, dangling: bool | None = None) -> QuerySet[Verdict]:
    """The scene's verdicts, those without a counterpart in its current run, or those with one. Raises NotFound."""
    scene = scene_visible(user=user, scene_id=scene_id)
    rows = verdict_rows(scene)
    if dangling is None:
        return rows
    attached = Exists(VerdictPlace.objects.filter(verdict=OuterRef("pk"), run=scene.current_run_id, attached=True))
    return rows.exclude(attached) if dangling else rows.filter(attached)


def verdict_views(*, verdicts: Sequence[Verdict]) -> list[VerdictView]:
    """Of rows of `verdict_rows`."""
    return [VerdictView(each, next(iter(each.here), None)) for each in verdicts]  # type: ignore[attr-defined] # prefetched
