"""Tracklets as edits change them: pure functions on packed arrays. Frames are 0-based, boxes xyxy pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from backend.config.problems import BadInput

Frames = npt.NDArray[np.int32]
Boxes = npt.NDArray[np.float32]
Box = tuple[float, float, float, float]
END = 2**31 - 1
CERTAIN = 1.0  # the score of a box that a person drew


@dataclass(frozen=True, slots=True)
class Part:
    """Frames first..last, both included, of something known by its id."""

    of: int
    first: int = 0
    last: int = END


@dataclass(frozen=True, slots=True)
class Piece:
    """A tracklet in the hands of an edit.

    tracklet  id of its row; None while it has none
    number    that people read; 0: it is to have a new one
    identity  number of the identity that one that was drawn begins in; 0: a new one
    heir_of   id of the stored tracklet that it goes on from, in whose identity it begins; None for one that was drawn
    origin    the parts of stored tracklets that it consists of, none of one that was drawn
    made      some of its boxes are people's own
    frames [n] int32 increasing, boxes [n, 4] float32, scores [n] float32
    """

    tracklet: int | None
    video: int
    camera: int
    number: int
    category: int
    frames: Frames
    boxes: Boxes
    scores: npt.NDArray[np.float32]
    heir_of: int | None = None
    origin: tuple[Part, ...] = ()
    made: bool = False
    colour: str = ""
    note: str = ""
    identity: int = 0


def drawn(
    *, video: int, camera: int, category: int, keys: Sequence[tuple[int, Box]], number: int = 0, identity: int = 0
) -> Piece:
    """A new tracklet through these boxes, straight lines between them. Raises BadInput unless frames increase."""
    at = np.array([frame for frame, _ in keys], np.int64)
    if len(at) == 0 or (np.diff(at) <= 0).any():
        raise BadInput("keys", "Give at least one box, in the order of frames, one a frame.")
    frames = np.arange(at[0], at[-1] + 1)
    boxes = _between(frames, at, np.array([box for _, box in keys], np.float64))
    scores = _certain(len(frames))
    return Piece(
        None, video, camera, number, category, frames.astype(np.int32), boxes, scores, made=True, identity=identity
    )  # fmt: skip


def cut(piece: Piece, frame: int) -> tuple[Piece, Piece]:
    """What is before `frame` and what is from there on; the longer one keeps the number. Raises BadInput."""
    before, after = between(piece, 0, frame - 1), between(piece, frame, END)
    if before is None or after is None:
        first, last = _span(piece)
        raise BadInput("frame", f"Frame {frame} leaves one part empty: split between {first + 1} and {last}.")
    if len(before.frames) >= len(after.frames):
        return before, replace(after, number=0)
    return replace(before, number=0), after


def swapped(one: Piece, other: Piece, frame: int) -> tuple[Piece, Piece]:
    """Both with the other's boxes from `frame` on; each keeps what it is called. Raises BadInput where one is empty."""
    if one.video != other.video:
        raise BadInput("other", "These tracklets are in two videos; only what is in one picture can be swapped.")
    early, late = between(one, 0, frame - 1), between(one, frame, END)
    other_early, other_late = between(other, 0, frame - 1), between(other, frame, END)
    if late is None and other_late is None:
        raise BadInput("frame", f"Neither tracklet has a box from frame {frame} on; there is nothing to swap.")
    return _joined(one, early, other_late), _joined(other, other_early, late)


def trimmed(piece: Piece, first: int, last: int) -> Piece:
    """Frames first..last of it, both included. Raises BadInput where nothing is left."""
    kept = between(piece, first, last)
    if kept is None:
        raise BadInput("first_frame", "Nothing of the tracklet is left; hide it instead.")
    return kept


def with_boxes(piece: Piece, boxes: Mapping[int, Box | None]) -> Piece:
    """These boxes instead of those at their frames, or added; None takes one away. Raises BadInput for all of them."""
    kept = ~np.isin(piece.frames, list(boxes))
    new = [(frame, box) for frame, box in boxes.items() if box is not None]
    frames = np.concatenate((piece.frames[kept], np.array([frame for frame, _ in new], np.int32)))
    if not len(frames):
        raise BadInput("boxes", "This takes all boxes away; hide the tracklet instead.")
    order = np.argsort(frames)
    drawn_boxes = np.array([box for _, box in new], np.float32).reshape(-1, 4)
    return replace(
        piece,
        tracklet=None,
        frames=frames[order],
        boxes=np.concatenate((piece.boxes[kept], drawn_boxes))[order],
        scores=np.concatenate((piece.scores[kept], _certain(len(new))))[order],
        made=True,
    )


def interpolated(piece: Piece, first: int, last: int) -> Piece:
    """Between its boxes at first and last, both kept, a straight line. Raises BadInput where one is missing."""
    ends = np.flatnonzero(np.isin(piece.frames, [first, last]))
    if len(ends) != 2 or last <= first:
        raise BadInput(
            "first_frame", "There must be a box at both frames, the first and the last, to draw a line between."
        )
    inside = np.arange(first + 1, last)
    line = _between(inside, piece.frames[ends], piece.boxes[ends].astype(np.float64))
    boxes: dict[int, Box | None] = {
        frame: (box[0], box[1], box[2], box[3]) for frame, box in zip(inside.tolist(), line.tolist(), strict=True)
    }
    return with_boxes(piece, boxes)


def between(piece: Piece, first: int, last: int) -> Piece | None:
    """What it has in frames first..last, both included, as a piece of its own; None if nothing."""
    rows = slice(*np.searchsorted(piece.frames, [first, last + 1]))
    if not len(piece.frames[rows]):
        return None
    return replace(
        piece,
        tracklet=None,
        frames=piece.frames[rows],
        boxes=piece.boxes[rows],
        scores=piece.scores[rows],
        origin=parts_between(piece.origin, first, last),
    )


def joined(parts: Sequence[Piece]) -> Piece:
    """All of them as one that is called as the first; of a frame that several have, the first one's box."""
    frames, rows = np.unique(np.concatenate([part.frames for part in parts]), return_index=True)
    return replace(
        parts[0],
        tracklet=None,
        frames=frames,
        boxes=np.concatenate([part.boxes for part in parts])[rows],
        scores=np.concatenate([part.scores for part in parts])[rows],
        origin=tuple(each for part in parts for each in part.origin),
        made=any(part.made for part in parts),
    )


def parts_between(parts: Sequence[Part], first: int, last: int) -> tuple[Part, ...]:
    """What of the parts lies in frames first..last, both included."""
    cropped = (Part(part.of, max(part.first, first), min(part.last, last)) for part in parts)
    return tuple(part for part in cropped if part.first <= part.last)


def _joined(named: Piece, early: Piece | None, late: Piece | None) -> Piece:
    """Both after each other, under the name and with the attributes of `named`."""
    parts = [part for part in (early, late) if part is not None]
    if not parts:
        raise BadInput("frame", f"Nothing would be left of tracklet {named.number}.")
    whole = joined(parts)
    return replace(
        named,
        tracklet=None,
        frames=whole.frames,
        boxes=whole.boxes,
        scores=whole.scores,
        origin=whole.origin,
        made=whole.made,
    )


def _between(frames: npt.NDArray[np.integer], at: npt.NDArray[np.integer], boxes: npt.NDArray[np.float64]) -> Boxes:
    return np.stack([np.interp(frames, at, boxes[:, side]) for side in range(4)], axis=1).astype(np.float32)


def _certain(count: int) -> npt.NDArray[np.float32]:
    return np.full(count, CERTAIN, np.float32)


def _span(piece: Piece) -> tuple[int, int]:
    return int(piece.frames[0]), int(piece.frames[-1])
