"""An edit of tracklets in a few words."""

from __future__ import annotations

from typing import Any

from backend.review.models import Operation, OperationKind

WORDS = {
    OperationKind.CREATE: "drew {after}",
    OperationKind.CUT: "split {before} at frame {at}",
    OperationKind.SWAP: "swapped {before}",
    OperationKind.TRIM: "trimmed {before} to frames {span}",
    OperationKind.HIDE: "hid {before}",
    OperationKind.UNHIDE: "showed {after} again",
    OperationKind.DUPLICATE: "called {before} a duplicate of {of}",
    OperationKind.BOXES: "changed boxes of {before}",
    OperationKind.INTERPOLATE: "interpolated boxes of {before}",
    OperationKind.ATTRIBUTES: "described {before}",
}


def summary_of(operation: Operation) -> str:
    """Such as "split T17 of c001 at frame 120"; empty where it changed no tracklet itself."""
    changes = operation.after.get("changes", [])
    if operation.inverse_of_id is not None:
        changes = [{**each, "before": each["after"], "after": each["before"]} for each in changes]
        start = "did again: " if is_redo(operation) else "took back: "
        if is_redo(operation):
            changes = operation.after.get("changes", [])
        return start + "; ".join(_in_words(each) for each in changes) if changes else ""
    return "; ".join(_in_words(each) for each in changes)


def is_redo(operation: Operation) -> bool:
    """Whether it does again what was taken back: its changes are those of the first one, and it stands."""
    return operation.inverse_of_id is not None and bool(operation.after.get("standing"))


def cameras_of(operation: Operation) -> list[int]:
    """Cameras (ids) of the tracklets that it changed."""
    states = [state for each in operation.after.get("changes", []) for state in (*each["before"], *each["after"])]
    return sorted({state["camera"]["id"] for state in states})


def _in_words(change: dict[str, Any]) -> str:
    before, after = _names(change["before"]), _names(change["after"])
    where = next((state["camera"]["name"] for state in (*change["before"], *change["after"])), "")
    span = "–".join(str(change["after"][0][end]) for end in ("first_frame", "last_frame")) if change["after"] else ""
    words = WORDS[OperationKind(change["op"])].format(
        before=before,
        after=after,
        of="" if change["of"] is None else f"T{change['of']['number']}",
        at=change["after"][-1]["first_frame"] if change["after"] else "",
        span=span,
    )
    return f"{words} in {where}" if where else words


def _names(states: list[dict[str, Any]]) -> str:
    return " and ".join(f"T{state['number']}" for state in states)
