"""What is in a label set, in numbers, and what has changed since the one before."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

from backend.labels.content import LabelContent, LabelledTracklet


def statistics_of(content: LabelContent) -> dict[str, Any]:
    """Counts of identities (of several cameras, held), tracklets (by people, by the machine), boxes; by camera, type
    (COCO category) and colour, the last two in tracklets; and of all other tracklets seen, None where it is unknown.
    """
    identities = content.identities()
    seen = {number: {_camera(content, each) for each in found} for number, found in identities.items()}
    people = sum(each.human for each in content.tracklets)
    return {
        "identities": len(identities),
        "shared_identities": sum(len(cameras) > 1 for cameras in seen.values()),
        "held_identities": sum(found[0].held for found in identities.values()),
        "tracklets": len(content.tracklets),
        "human_tracklets": people,
        "machine_tracklets": len(content.tracklets) - people,
        "boxes": _boxes(content.tracklets),
        "other_tracklets": None if content.around is None else len(content.around.tracklets),
        "cameras": _by_camera(content),
        "categories": dict(sorted(Counter(str(each.category) for each in content.tracklets).items())),
        "colours": dict(sorted(Counter(each.colour for each in content.tracklets if each.colour).items())),
    }


def changes_between(before: LabelContent | None, after: LabelContent) -> dict[str, list[int]]:
    """Numbers of the identities that came, went, or have other tracklets, boxes, type, colour or confirmation."""
    old = {} if before is None else _digests(before)
    new = _digests(after)
    return {
        "added": sorted(new.keys() - old.keys()),
        "removed": sorted(old.keys() - new.keys()),
        "changed": sorted(number for number in new.keys() & old.keys() if new[number] != old[number]),
    }


def _by_camera(content: LabelContent) -> list[dict[str, Any]]:
    found: dict[str, list[LabelledTracklet]] = {}
    for each in content.tracklets:
        found.setdefault(_camera(content, each), []).append(each)
    return [
        {"camera": camera, "tracklets": len(rows), "identities": len({row.identity for row in rows}),
         "boxes": _boxes(rows)}
        for camera, rows in sorted(found.items())
    ]  # fmt: skip


def _digests(content: LabelContent) -> dict[int, list[str]]:
    """Identity -> a digest of each of its tracklets."""
    return {number: sorted(_digest(content, each) for each in found) for number, found in content.identities().items()}


def _digest(content: LabelContent, tracklet: LabelledTracklet) -> str:
    about = (content.videos[tracklet.video].video, tracklet.category, tracklet.colour, tracklet.human)
    digest = hashlib.sha256(repr(about).encode())
    digest.update(tracklet.frames.tobytes())
    digest.update(tracklet.boxes.tobytes())
    return digest.hexdigest()


def _camera(content: LabelContent, tracklet: LabelledTracklet) -> str:
    return content.videos[tracklet.video].camera


def _boxes(tracklets: Iterable[LabelledTracklet]) -> int:
    return sum(len(each.frames) for each in tracklets)
