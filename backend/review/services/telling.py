"""What an operation did to tracklets, as it keeps it and people are told it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backend.review.edits import Board, Outcome
from backend.review.pieces import Piece
from backend.review.selectors.changes import state_of
from backend.review.services.writing import LayerChange
from backend.tracking.models import Tracklet
from backend.tracking.selectors import PACKED


def changes_recorded(*, board: Board, change: LayerChange) -> list[dict[str, Any]]:
    """[{op, before, after, of}] of the edits of tracklets; what came and went in between has no id."""
    pieces = {id(piece): row for row, piece in change.made.items()}
    touched = {*change.made, *board.gone, *change.shown, *(each.of for each in board.outcomes if each.of)}
    rows = Tracklet.objects.select_related("camera").defer(*PACKED).in_bulk(touched)

    def told(piece: Piece) -> dict[str, Any]:
        row = rows.get(piece.tracklet or pieces.get(id(piece), 0))
        return _passing(piece) if row is None else state_of(row)

    return [_told(outcome, told, rows) for outcome in board.outcomes if outcome.before or outcome.after]


def turned_round(change: dict[str, Any]) -> dict[str, Any]:
    """What an undo did, told as `changes_recorded` tells it."""
    return {**change, "before": change["after"], "after": change["before"]}


def _told(outcome: Outcome, told: Callable[[Piece], dict[str, Any]], rows: Mapping[int, Tracklet]) -> dict[str, Any]:
    return {
        "op": outcome.op,
        "before": [told(piece) for piece in outcome.before],
        "after": [told(piece) for piece in outcome.after],
        "of": None if outcome.of is None or outcome.of not in rows else state_of(rows[outcome.of]),
    }


def _passing(piece: Piece) -> dict[str, Any]:
    """Of what one edit of a request made and a later one took."""
    return {
        "id": None,
        "number": piece.number,
        "camera": {"id": piece.camera, "name": ""},
        "video": piece.video,
        "first_frame": int(piece.frames[0]),
        "last_frame": int(piece.frames[-1]),
        "length": len(piece.frames),
        "start_s": None,
        "end_s": None,
        "category": piece.category,
        "colour": piece.colour,
        "note": piece.note,
        "layer": "human",
    }
