"""The edits of tracklets that a request may hold, and the board on which they are tried before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Protocol

from backend.config.problems import BadInput, Conflict
from backend.review.edited import Why
from backend.review.models import Answer, OperationKind
from backend.review.pieces import END, Box, Piece, cut, drawn, interpolated, swapped, trimmed, with_boxes

COLOURS = (
    "black", "white", "grey", "silver", "red", "blue", "green", "yellow", "orange", "brown", "beige", "purple",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """What an earlier edit of the request made: `part` of what `edit` left, both from 0."""

    edit: int
    part: int


Ref = int | Made  # a tracklet by its id, or by the edit that makes it


class Edit(Protocol):
    """`takes`: the tracklets that it puts something in place of; `why` they are not shown any more."""

    op: ClassVar[OperationKind]
    why: ClassVar[Why]

    @property
    def takes(self) -> tuple[Ref, ...]: ...

    def made(self, taken: Sequence[Piece]) -> Sequence[Piece]:
        """What stands in their place. Raises BadInput."""
        ...


@dataclass(frozen=True, slots=True)
class Create:
    """`number` in its video and `identity` that it begins in are to be numbers that nothing has; 0: new ones."""

    op: ClassVar[OperationKind] = OperationKind.CREATE
    why: ClassVar[Why] = Why.REPLACED
    video: int
    camera: int
    keys: Sequence[tuple[int, Box]]
    category: int = 3
    number: int = 0
    identity: int = 0

    @property
    def takes(self) -> tuple[Ref, ...]:
        return ()

    def made(self, taken: Sequence[Piece]) -> Sequence[Piece]:
        about = {"video": self.video, "camera": self.camera, "category": self.category}
        return (drawn(**about, keys=self.keys, number=self.number, identity=self.identity),)


@dataclass(frozen=True, slots=True)
class OfOne:
    """An edit of one tracklet."""

    why: ClassVar[Why] = Why.REPLACED
    tracklet: Ref

    @property
    def takes(self) -> tuple[Ref, ...]:
        return (self.tracklet,)


@dataclass(frozen=True, slots=True)
class Cut(OfOne):
    op: ClassVar[OperationKind] = OperationKind.CUT
    frame: int

    def made(self, taken: Sequence[Piece]) -> Sequence[Piece]:
        return cut(taken[0], self.frame)


@dataclass(frozen=True, slots=True)
class Swap(OfOne):
    op: ClassVar[OperationKind] = OperationKind.SWAP
    other: Ref
    frame: int

    @property
    def takes(self) -> tuple[Ref, ...]:
        return (self.tracklet, self.other)

    def made(self, taken: Sequence[Piece]) -> Sequence[Piece]:
        return swapped(taken[0], taken[1], self.frame)


@dataclass(frozen=True, slots=True)
class Trim(OfOne):
    op: ClassVar[OperationKind] = OperationKind.TRIM
    first_frame: int = 0
    last_frame: int = END

    def made(self, taken: Sequence[Piece]) -> Sequence[Piece]:
        return (trimmed(taken[0], self.first_frame, self.last_frame),)


@dataclass(frozen=True, slots=True)
class Hide(OfOne):
    op: ClassVar[OperationKind] = OperationKind.HIDE
    why: ClassVar[Why] = Why.HIDDEN

    def made(self, taken: Sequence[Piece]) -> Sequence[Piece]:
        return ()


@dataclass(frozen=True, slots=True)
class Duplicate(OfOne):
    """`of` stays."""

    op: ClassVar[OperationKind] = OperationKind.DUPLICATE
    why: ClassVar[Why] = Why.DUPLICATE
    of: int

    def made(self, taken: Sequence[Piece]) -> Sequence[Piece]:
        return ()


@dataclass(frozen=True, slots=True)
class Unhide:
    """Of a tracklet that was hidden or called a duplicate."""

    op: ClassVar[OperationKind] = OperationKind.UNHIDE
    tracklet: int


@dataclass(frozen=True, slots=True)
class Boxes(OfOne):
    op: ClassVar[OperationKind] = OperationKind.BOXES
    boxes: Mapping[int, Box | None]

    def made(self, taken: Sequence[Piece]) -> Sequence[Piece]:
        return (with_boxes(taken[0], self.boxes),)


@dataclass(frozen=True, slots=True)
class Interpolate(OfOne):
    op: ClassVar[OperationKind] = OperationKind.INTERPOLATE
    first_frame: int
    last_frame: int

    def made(self, taken: Sequence[Piece]) -> Sequence[Piece]:
        return (interpolated(taken[0], self.first_frame, self.last_frame),)


@dataclass(frozen=True, slots=True)
class Attributes(OfOne):
    """What is None stays."""

    op: ClassVar[OperationKind] = OperationKind.ATTRIBUTES
    category: int | None = None
    colour: str | None = None
    note: str | None = None

    def made(self, taken: Sequence[Piece]) -> Sequence[Piece]:
        given = {"category": self.category, "colour": self.colour, "note": self.note}
        known = {name: value for name, value in given.items() if value is not None}
        return (replace(taken[0], tracklet=None, **known),)  # type: ignore[arg-type] # each under its own name


@dataclass(frozen=True, slots=True)
class Move:
    """To the identity of this number; None: out of its own, alone."""

    op: ClassVar[OperationKind] = OperationKind.MOVE
    tracklet: Ref
    number: int | None


@dataclass(frozen=True, slots=True)
class Say:
    """A verdict beside others in one operation."""

    op: ClassVar[OperationKind] = OperationKind.VERDICT
    left: Ref
    right: Ref
    answer: Answer
    confidence: int | None = None
    opened_at: datetime | None = None


AnyEdit = Create | Cut | Swap | Trim | Hide | Duplicate | Unhide | Boxes | Interpolate | Attributes | Move | Say


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one edit made of what; `of` is what stays of a duplicate."""

    op: OperationKind
    before: Sequence[Piece]
    after: Sequence[Piece]
    of: int | None = None


@dataclass
class Board:
    """The tracklets that a request names, and what its edits make of them one after the other.

    here    what is there now, by how it may be named
    hidden  what may be shown again, by id
    gone    id of a stored tracklet that is not shown any more -> why, and what it is a duplicate of
    """

    here: dict[Ref, Piece]
    hidden: dict[int, Piece]
    gone: dict[int, tuple[Why, int | None]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)

    def apply(self, edit: Edit) -> None:
        """Raises BadInput, Conflict."""
        taken = [self.at(ref) for ref in edit.takes]
        if not self.back.isdisjoint(piece.tracklet for piece in taken):
            raise BadInput("edits", f"Edit {len(self.outcomes)}: show the tracklet again first, then change it.")
        if len(set(edit.takes)) < len(taken):
            raise BadInput("other", "This is the same tracklet twice; an exchange is between two.")
        of = edit.of if isinstance(edit, Duplicate) else None
        if of is not None:
            _require_together(taken[0], self.at(of))
        after = list(edit.made(taken))
        for ref, piece in zip(edit.takes, taken, strict=True):
            del self.here[ref]
            if piece.tracklet is not None:
                self.gone[piece.tracklet] = (edit.why, of)
        self.here |= {Made(len(self.outcomes), part): piece for part, piece in enumerate(after)}
        self.outcomes.append(Outcome(edit.op, taken, after, of))

    def unhide(self, edit: Unhide) -> None:
        """Raises BadInput for what an earlier edit of the request has shown again already."""
        piece = self.hidden.pop(edit.tracklet, None)
        if piece is None:
            raise BadInput("edits", f"Edit {len(self.outcomes)}: the tracklet is shown again already.")
        self.here[edit.tracklet] = piece
        self.outcomes.append(Outcome(edit.op, [], [piece]))

    def pass_over(self, edit: Move | Say) -> None:
        """It is about identities: done when the tracklets are written. Raises BadInput as `at` then."""
        self.outcomes.append(Outcome(edit.op, [], []))

    @property
    def back(self) -> set[int]:
        """What was hidden and is shown again (ids): it has a row, unlike all that edits make."""
        return {piece.tracklet for each in self.outcomes for piece in each.after if piece.tracklet is not None}

    @property
    def new(self) -> list[Piece]:
        """What has no row yet."""
        return [piece for piece in self.here.values() if piece.tracklet is None]

    def at(self, ref: Ref) -> Piece:
        """What this names now. Raises BadInput for what an earlier edit of the request has taken or never made."""
        if ref not in self.here:
            what = "the tracklet" if isinstance(ref, int) else f"part {ref.part} of edit {ref.edit}"
            raise BadInput("edits", f"Edit {len(self.outcomes)}: {what} is not there any more; name what replaced it.")
        return self.here[ref]


def _require_together(twin: Piece, stays: Piece) -> None:
    apart = twin.frames[0] > stays.frames[-1] or stays.frames[0] > twin.frames[-1]
    if twin is stays or twin.video != stays.video or apart:
        raise Conflict(
            "not-together", "A duplicate is on the same vehicle at the same time: these two are not in one picture."
        )
