"""Edits of tracklets: one request is one operation, in effect at once, or nothing (rules 2 and 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db import transaction

from backend.accounts.models import User
from backend.config.problems import BadInput, Conflict
from backend.identities.selectors import identities_of, members_of
from backend.media.models import Video
from backend.review.edits import AnyEdit, Board, Boxes, Create, Duplicate, Move, Ref, Say, Unhide
from backend.review.models import Operation, OperationKind
from backend.review.pieces import Box, Piece
from backend.review.selectors.versions import pieces_hidden, pieces_shown
from backend.review.services.moving import moves_said
from backend.review.services.recording import (
    Opinion,
    Said,
    current_run,
    edit_begin,
    operation_create,
    operation_finish,
    verdicts_store,
)
from backend.review.services.relaying import layer_settle
from backend.review.services.telling import changes_recorded
from backend.review.services.writing import LayerChange, layer_write
from backend.scenes.models import Scene
from backend.tracking.models import Run, Tracklet
from backend.tracking.selectors import PACKED


@transaction.atomic
def tracklets_edit(
    *, actor: User, scene: Scene, run_id: int, edits: Sequence[AnyEdit], reason: str = "", request: str = ""
) -> Operation:
    """Do these edits of the scene's current run, one after the other, as one operation.

    Raises NotFound, Refused below analyst, BadInput for an edit that makes no sense, Conflict where the run is no
    longer shown, a tracklet has been changed since (tracklet-changed, with both versions), or two tracklets of one
    identity would be seen at one time in one camera (overlap-in-camera).
    """
    kind = _kind(edits)
    scene, earlier = edit_begin(scene=scene, actor=actor, kind=kind, request=request)
    if earlier is not None:
        return earlier
    run = current_run(scene=scene, run_ids={run_id})
    board = _tried(run, edits)
    operation = operation_create(scene=scene, actor=actor, kind=kind, request=request)
    change = layer_write(operation=operation, run=run, board=board)
    _require_no_overlap(run, change)
    rows = _Rows(board, change)
    seeds = set(change.shown)
    moving = [edit for edit in edits if isinstance(edit, Move)]
    moves = list(zip(rows.at(edit.tracklet for edit in moving), (edit.number for edit in moving), strict=True))
    for said in (_verdicts(rows, edits, reason), moves_said(run=run, actor=actor, moves=moves, reason=reason)):
        seeds |= verdicts_store(operation=operation, run=run, said=said)
    effect = layer_settle(run=run, change=change, seeds=seeds)
    more = {"layer": change.record(), "changes": changes_recorded(board=board, change=change), "reason": reason}
    return operation_finish(operation=operation, effect=effect, standing=True, more=more)


@dataclass(frozen=True)
class _Rows:
    """The rows of what a request names, when all of it is written."""

    board: Board
    change: LayerChange

    @cached_property
    def made(self) -> dict[int, int]:
        """Which row a piece became, by the piece's own identity."""
        return {id(each): row for row, each in self.change.made.items()}

    def at(self, refs: Iterable[Ref]) -> list[Tracklet]:
        pieces = [self.board.at(ref) for ref in refs]
        keys = [piece.tracklet or self.made[id(piece)] for piece in pieces]
        rows = Tracklet.objects.select_related("camera").defer("scores").in_bulk(keys)
        return [rows[key] for key in keys]


def _kind(edits: Sequence[AnyEdit]) -> OperationKind:
    if not edits:
        raise BadInput("edits", "Name at least one edit.")
    kinds = {edit.op for edit in edits}
    return kinds.pop() if len(edits) == 1 or kinds == {OperationKind.VERDICT} else OperationKind.BULK


def _tried(run: Run, edits: Sequence[AnyEdit]) -> Board:
    """The edits done on a board; nothing is written yet."""
    named = {ref for edit in edits for ref in _named(edit) if isinstance(ref, int)}
    back = {edit.tracklet for edit in edits if isinstance(edit, Unhide)}
    here: dict[Ref, Piece] = dict(pieces_shown(run=run, ids=named - back).items())
    board = Board(here, pieces_hidden(run=run, ids=back))
    drawn_in = {edit.video for edit in edits if isinstance(edit, Create)} | {piece.video for piece in here.values()}
    sizes = Video.objects.only("frame_count", "width", "height").filter(camera__scene=run.scene_id)
    videos = sizes.in_bulk(drawn_in)
    for edit in edits:
        if isinstance(edit, Unhide):
            board.unhide(edit)
        elif isinstance(edit, Move | Say):
            board.pass_over(edit)
        else:
            _require_in_picture(videos, edit, board)
            board.apply(edit)
    return board


def _named(edit: AnyEdit) -> Iterable[Ref]:
    if isinstance(edit, Say):
        return (edit.left, edit.right)
    if isinstance(edit, Move | Unhide):
        return (edit.tracklet,)
    return (*edit.takes, edit.of) if isinstance(edit, Duplicate) else edit.takes


def _require_in_picture(videos: Mapping[int, Video], edit: AnyEdit, board: Board) -> None:
    """Boxes that people draw lie in frames that there are, in the picture."""
    if isinstance(edit, Create):
        video, boxes = edit.video, dict(edit.keys)
    elif isinstance(edit, Boxes):
        video = board.at(edit.tracklet).video
        boxes = {frame: box for frame, box in edit.boxes.items() if box is not None}
    else:
        return
    row = videos.get(video)
    if row is None or not row.frame_count:
        raise BadInput("video", "There is no such video in this scene that has been read.")
    for frame, box in boxes.items():
        _require_sound(row, frame, box)


def _require_sound(video: Video, frame: int, box: Box) -> None:
    if not 0 <= frame < (video.frame_count or 0):
        raise BadInput("frame", f"There is no frame {frame}; the video has {video.frame_count}, counted from 0.")
    left, top, right, bottom = np.array(box, np.float32).tolist()  # as they are kept: a sliver may be no box there
    width, height = video.width or right, video.height or bottom
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise BadInput("box", f"The box at frame {frame} is not in the picture of {width:g} x {height:g} pixels.")


def _require_no_overlap(run: Run, change: LayerChange) -> None:
    """What is new is beside nothing of its own identity at one time in one camera. Raises Conflict."""
    identity_of = identities_of(run=run, tracklet_ids=change.made)
    beside = members_of(run=run, identities=set(identity_of.values()))
    rows = list(Tracklet.objects.filter(pk__in=beside).select_related("camera").defer(*PACKED))
    together: dict[int, list[Tracklet]] = defaultdict(list)
    for row in rows:
        together[beside[row.pk]].append(row)
    for one in rows:
        for other in together[beside[one.pk]] if one.pk in change.made else ():
            if one.pk != other.pk:
                _require_apart(one, other)


def _require_apart(one: Tracklet, other: Tracklet) -> None:
    if one.camera_id == other.camera_id and one.start_s <= other.end_s and other.start_s <= one.end_s:
        raise Conflict(
            "overlap-in-camera",
            f"Tracklet {one.number} would be seen together with tracklet {other.number} of its own identity in camera "
            f"{one.camera.name}: mark one as a duplicate of the other, or move one to another identity first.",
            extra={"tracklets": [one.pk, other.pk]},
        )


def _verdicts(rows: _Rows, edits: Iterable[AnyEdit], reason: str) -> list[Said]:
    given = [edit for edit in edits if isinstance(edit, Say)]
    lefts, rights = rows.at(edit.left for edit in given), rows.at(edit.right for edit in given)
    return [
        Said(left, right, Opinion(edit.answer, edit.confidence, reason, edit.opened_at))
        for edit, left, right in zip(given, lefts, rights, strict=True)
    ]
