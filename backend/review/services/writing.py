"""What edits of tracklets leave behind: facts, their rows in the current run, and what is shown from then on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.identities.models import HumanMember
from backend.identities.selectors import highest_number, identity_numbers
from backend.identities.services import members_place
from backend.review.edited import HumanPlace, HumanTracklet, Source, SourcePlace, Why
from backend.review.edits import Board
from backend.review.models import Anchor, Operation
from backend.review.pieces import Part, Piece, parts_between
from backend.review.services.anchoring import anchor_create
from backend.review.services.rows import RowMaker
from backend.review.services.shading import shading_renew
from backend.tracking.arrays import pack_floats, pack_frames
from backend.tracking.models import Layer, Run, Tracklet


@dataclass
class LayerChange:
    """What an operation did to the layer of tracklets.

    came, went  rows of `edited`, by model: what began to count, and what stopped to
    shown, hidden   ids of tracklets of the current run
    made        tracklet id -> the piece that it was made as, of those that are new
    why         people's tracklet (id of the fact, as JSON has it) -> why it stopped to count
    """

    came: dict[str, list[int]] = field(default_factory=lambda: {"sources": [], "humans": []})
    went: dict[str, list[int]] = field(default_factory=lambda: {"sources": [], "humans": []})
    shown: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    made: dict[int, Piece] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.shown or self.hidden)

    def record(self) -> dict[str, Any]:
        """For the operation to keep, so that it can be taken back."""
        return {"came": self.came, "went": self.went, "why": self.why}


def layer_write(*, operation: Operation, run: Run, board: Board) -> LayerChange:
    """Store what the board holds, under a lock of the scene; pieces without a row get one, in `LayerChange.made`."""
    change = LayerChange()
    rows = Tracklet.objects.in_bulk([*board.gone, *board.back])
    _take(operation, run, board, rows, change)
    _give_back(operation, [rows[each] for each in sorted(board.back)], change)
    humans = [_human_create(operation, run, piece) for piece in board.new]
    maker = RowMaker.of(run=run, humans=humans)
    for piece, human in zip(board.new, humans, strict=True):
        row = maker.create(human=human, piece=piece, roots=maker.roots(human))
        HumanPlace.objects.create(run=run, human=human, tracklet=row)
        change.came["humans"].append(human.pk)
        change.made[row.pk] = piece
    renew(run=run, tracklet_ids={*rows, *change.made}, change=change)
    members_place(run=run, numbers=dict(zip(change.made, _numbers(run, change.made.values()), strict=True)))
    change.shown |= change.made.keys()
    return change


def renew(*, run: Run, tracklet_ids: Collection[int], change: LayerChange) -> None:
    """Hide and show these as the facts say, and note it. People's tracklets leave their identity, or go back to it."""
    hidden, shown = shading_renew(run=run, tracklet_ids=tracklet_ids)
    change.hidden |= hidden
    change.shown |= shown
    places = HumanPlace.objects.filter(run=run)
    numbers = identity_numbers(run=run, tracklet_ids=hidden)
    leaving = list(places.filter(tracklet__in=hidden))
    for place in leaving:
        place.number = numbers.get(place.tracklet_id or 0, 0)
    HumanPlace.objects.bulk_update(leaving, ["number"])
    HumanMember.objects.filter(tracklet__in=[place.tracklet_id for place in leaving]).delete()
    back = dict(places.filter(tracklet__in=shown).values_list("tracklet", "number"))
    members_place(run=run, numbers=back)


def _take(operation: Operation, run: Run, board: Board, rows: Mapping[int, Tracklet], change: LayerChange) -> None:
    for tracklet, (why, twin) in board.gone.items():
        row = rows[tracklet]
        if row.layer == Layer.RUN:
            change.came["sources"].append(_source_create(operation, run, row, why, twin))
            continue
        human = HumanTracklet.objects.only("pk").get(places__tracklet=row)
        HumanTracklet.objects.filter(pk=human.pk).update(gone_by=operation, gone_why=why)
        change.went["humans"].append(human.pk)
        change.why[str(human.pk)] = why


def _give_back(operation: Operation, rows: Iterable[Tracklet], change: LayerChange) -> None:
    for row in rows:
        if row.layer == Layer.RUN:
            sources = list(Source.objects.filter(places__tracklet=row, gone_by=None).values_list("pk", flat=True))
            Source.objects.filter(pk__in=sources).update(gone_by=operation)
            change.went["sources"] += sources
        else:
            human = HumanTracklet.objects.only("gone_why").get(places__tracklet=row)
            HumanTracklet.objects.filter(pk=human.pk).update(gone_by=None)
            change.came["humans"].append(human.pk)
            # For when this is taken back: it is hidden then as it was.
            change.why[str(human.pk)] = human.gone_why


def _source_create(operation: Operation, run: Run, row: Tracklet, why: Why, twin: int | None) -> int:
    stays: Anchor | None = None
    if twin is not None:
        stays = anchor_create(tracklet=Tracklet.objects.get(pk=twin))
    source = Source.objects.create(
        scene=operation.scene, operation=operation, anchor=anchor_create(tracklet=row), why=why, twin=stays
    )
    SourcePlace.objects.create(run=run, source=source, tracklet=row)
    return source.pk


def _human_create(operation: Operation, run: Run, piece: Piece) -> HumanTracklet:
    return HumanTracklet.objects.create(
        scene=operation.scene,
        operation=operation,
        camera_id=piece.camera,
        video_id=piece.video,
        category=piece.category,
        colour=piece.colour,
        note=piece.note,
        made=piece.made,
        segments=[segment for part in piece.origin for segment in _segments(run, part)],
        frames=pack_frames(piece.frames),
        boxes=pack_floats(piece.boxes),
        scores=pack_floats(piece.scores),
    )


def _segments(run: Run, part: Part) -> Iterator[tuple[int, int, int]]:
    """A part of a stored tracklet as parts of sources."""
    human = HumanTracklet.objects.filter(places__tracklet=part.of).first()
    if human is not None:
        known = [Part(*segment) for segment in human.segments]
        yield from ((each.of, each.first, each.last) for each in parts_between(known, part.first, part.last))
        return
    source = SourcePlace.objects.filter(run=run, tracklet=part.of, source__gone_by=None).latest("source")
    yield (source.source_id, part.first, part.last)


def _numbers(run: Run, pieces: Iterable[Piece]) -> list[int]:
    """The identity numbers that new tracklets begin with: those of what they go on from, asked for, or new ones."""
    listed = list(pieces)
    new, found = max([highest_number(scene=run.scene), *(piece.identity for piece in listed)]), []
    for piece in listed:
        number = _number_of_origin(run, piece)
        if number is None:
            number = new = new + 1
        found.append(number)
    return found


def _number_of_origin(run: Run, piece: Piece) -> int | None:
    if piece.heir_of is None:
        return piece.identity or None
    left = HumanPlace.objects.filter(tracklet=piece.heir_of).values_list("number", flat=True).first()
    return left or identity_numbers(run=run, tracklet_ids=[piece.heir_of]).get(piece.heir_of)
