"""Tracklets as edits find them, and what became of those that somebody else has changed meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from backend.config.problems import Conflict, NotFound, Problem
from backend.review.edited import HumanPlace, HumanTracklet, SourcePlace, Why
from backend.review.models import Operation
from backend.review.pieces import Part, Piece
from backend.review.selectors.changes import state_of
from backend.tracking.arrays import unpack_boxes, unpack_frames, unpack_scores
from backend.tracking.models import HiddenTracklet, Layer, Run, Tracklet

HIDDEN_BY_PEOPLE = (Why.HIDDEN, Why.DUPLICATE)


def pieces_shown(*, run: Run, ids: Collection[int]) -> dict[int, Piece]:
    """Tracklet id -> what it is. Raises NotFound, Conflict run-not-current, or tracklet-changed with both versions."""
    rows = _rows_of_scene(run, ids)
    require_shown(run=run, rows=rows.values())
    return {each: piece_of(row, made=_is_made(row)) for each, row in rows.items()}


def require_shown(*, run: Run, rows: Iterable[Tracklet]) -> None:
    """Raises Conflict tracklet-changed, with both versions, for one of these of the run that people no longer see."""
    listed = {row.pk: row for row in rows}
    for each in HiddenTracklet.objects.filter(tracklet__in=listed).order_by("tracklet"):
        raise _changed(run, listed[each.tracklet_id])


def pieces_hidden(*, run: Run, ids: Collection[int]) -> dict[int, Piece]:
    """Tracklet id -> what it was before people hid it. Raises NotFound, Conflict not-hidden."""
    rows = _rows_of_scene(run, ids)
    for each in sorted(rows.keys() - set(hidden_by_people(run=run))):
        raise Conflict("not-hidden", f"Tracklet {rows[each].number} is not hidden; load what is shown.")
    return {each: piece_of(row, made=_is_made(row)) for each, row in rows.items()}


def hidden_by_people(*, run: Run) -> dict[int, tuple[Operation, int | None]]:
    """Tracklet id -> the operation that hid it or called it a duplicate, and of which tracklet."""
    found: dict[int, tuple[Operation, int | None]] = {}
    sources = SourcePlace.objects.filter(run=run, hides=True, source__gone_by=None, source__why__in=HIDDEN_BY_PEOPLE)
    for taken in sources.exclude(tracklet=None).select_related("source__operation__actor", "source__twin"):
        if taken.tracklet_id is not None:
            twin = taken.source.twin
            found[taken.tracklet_id] = (taken.source.operation, twin.tracklet_id if twin else None)
    places = HumanPlace.objects.filter(run=run, human__gone_why__in=HIDDEN_BY_PEOPLE).exclude(tracklet=None)
    for place in places.select_related("human__gone_by__actor"):
        if place.tracklet_id is not None and place.human.gone_by is not None:
            found[place.tracklet_id] = (place.human.gone_by, None)
    return found


def successors(*, run: Run, row: Tracklet) -> list[Tracklet]:
    """What is shown of a tracklet that is not shown itself, in the order of time."""
    roots = [row.pk] if row.layer == Layer.RUN else row.roots
    shown = Tracklet.objects.shown().filter(run=run, video=row.video_id, layer=Layer.HUMAN)
    people = shown.filter(roots__overlap=roots) if roots else shown.none()
    return list(people.filter(first_frame__lte=row.last_frame, last_frame__gte=row.first_frame).order_by("start_s"))


def _rows_of_scene(run: Run, ids: Collection[int]) -> dict[int, Tracklet]:
    rows = Tracklet.objects.filter(camera__scene=run.scene_id).select_related("camera").in_bulk(list(ids))
    if len(rows) < len(ids):
        raise NotFound("tracklet in this scene")
    if any(row.run_id != run.pk for row in rows.values()):
        raise Conflict("run-not-current", "These tracklets are of a run that is no longer shown; load the new one.")
    return rows


def _changed(run: Run, row: Tracklet) -> Problem:
    later = _taken_by(row)
    who = "" if later is None else f" {later.actor} did that (operation {later.number})."
    return Conflict(
        "tracklet-changed",
        f"Tracklet {row.number} of camera {row.camera.name} has been changed since you saw it.{who}",
        extra={
            "yours": state_of(row, shown=False),
            "current": [state_of(each, shown=True) for each in successors(run=run, row=row)],
            "operation": None if later is None else operation_told(later),
        },
    )


def operation_told(operation: Operation) -> dict[str, object]:
    """Which operation it is, in a few words."""
    return {
        "id": operation.pk,
        "number": operation.number,
        "kind": operation.kind,
        "actor": operation.actor.username,
        "at": operation.at.isoformat(),
    }


def _taken_by(row: Tracklet) -> Operation | None:
    """The operation because of which it is not shown."""
    operations = Operation.objects.select_related("actor")
    if row.layer == Layer.RUN:
        return operations.filter(sources__places__tracklet=row, sources__gone_by=None).order_by("-number").first()
    human = HumanTracklet.objects.filter(places__tracklet=row).select_related("gone_by__actor").first()
    return None if human is None else human.gone_by


def _is_made(row: Tracklet) -> bool:
    return HumanTracklet.objects.filter(places__tracklet=row, made=True).exists()


def piece_of(row: Tracklet, *, made: bool = False) -> Piece:
    """A stored tracklet as edits have it; `made`: people drew in it."""
    return Piece(
        tracklet=row.pk,
        video=row.video_id,
        camera=row.camera_id,
        number=row.number,
        category=row.category,
        frames=unpack_frames(row.frames),
        boxes=unpack_boxes(row.boxes),
        scores=unpack_scores(row.scores),
        heir_of=row.pk,
        origin=(Part(row.pk),),
        made=made,
        colour=row.colour,
        note=row.note,
    )
