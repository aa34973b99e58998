"""Which identities are kept back for evaluation: by a hash, and for good."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from backend.labels.content import LabelContent, LabelledTracklet, LabelledVideo

SAME_VEHICLE = 0.5  # mean IoU over common frames, as decisions are carried to a new run


def held_identities(
    videos: Sequence[LabelledVideo],
    tracklets: Sequence[LabelledTracklet],
    *,
    earlier: Iterable[LabelContent],
    share: float,
    seed: int,
) -> set[int]:
    """The numbers of the identities that are kept back.

    videos   those that a tracklet's `video` is a place among
    earlier  all sets of the scene before this one: a vehicle may have been in an older one and not in the last

    An identity with a tracklet that was held in any earlier set stays held, and one that was trained on stays so, by
    overlap of their boxes, whatever it is called now. Of the others so many are held that `share` of all are: those
    with the lowest sha256 of "<seed>:<number>", reckoned apart for identities of several cameras and of one, since only
    the former have a right answer in another camera.
    """
    cameras: dict[int, set[str]] = defaultdict(set)
    for tracklet in tracklets:
        cameras[tracklet.identity].add(videos[tracklet.video].camera)
    known = _met_before(videos, tracklets, earlier)
    held = {number for number, was_held in known.items() if True in was_held}
    for several in (True, False):
        group = {number for number, seen in cameras.items() if (len(seen) > 1) == several}
        wanted = round(share * len(group)) - len(held & group)
        held |= set(sorted(group - known.keys(), key=lambda number: _hash(seed, number))[: max(wanted, 0)])
    return held


def _hash(seed: int, number: int) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def identities_in_training(content: LabelContent, *, trained_on: Iterable[LabelContent]) -> set[int]:
    """The identities of `content` of which one of the sets that were trained on has a tracklet that it did not hold.

    They may be held by now, where people have joined them to a vehicle that was.
    """
    met = _met_before(content.videos, content.tracklets, trained_on)
    return {number for number, was_held in met.items() if False in was_held}


def _met_before(
    videos: Sequence[LabelledVideo], tracklets: Sequence[LabelledTracklet], earlier: Iterable[LabelContent]
) -> dict[int, set[bool]]:
    """Identity -> whether its tracklets were held, of those that an earlier set has a tracklet of."""
    before: dict[int, dict[int, LabelledTracklet]] = defaultdict(dict)  # the same in many sets is looked at once
    for content in earlier:
        for each in content.tracklets:
            alike = hash((each.held, each.frames.tobytes(), each.boxes.tobytes()))
            before[content.videos[each.video].video][alike] = each
    beside = {video: _Spans(list(known.values())) for video, known in before.items()}
    found: dict[int, set[bool]] = defaultdict(set)
    for tracklet in tracklets:
        spans = beside.get(videos[tracklet.video].video)
        for each in spans.meeting(tracklet) if spans else ():
            if _is_same_vehicle(tracklet, each):
                found[tracklet.identity].add(each.held)
    return found


class _Spans:
    """Tracklets of one video, found by their frames: a long video has thousands, and a few at any time."""

    def __init__(self, tracklets: Sequence[LabelledTracklet]) -> None:
        self._tracklets = sorted(tracklets, key=lambda each: int(each.frames[0]))
        self._firsts = np.array([each.frames[0] for each in self._tracklets])
        self._lasts = np.array([each.frames[-1] for each in self._tracklets])
        self._latest = np.maximum.accumulate(self._lasts)

    def meeting(self, one: LabelledTracklet) -> list[LabelledTracklet]:
        """Those that have not ended when it begins and have begun when it ends."""
        start = int(np.searchsorted(self._latest, one.frames[0]))
        stop = int(np.searchsorted(self._firsts, one.frames[-1], side="right"))
        near = start + np.flatnonzero(self._lasts[start:stop] >= one.frames[0])
        return [self._tracklets[index] for index in near]


def _is_same_vehicle(one: LabelledTracklet, other: LabelledTracklet) -> bool:
    """Whether their boxes overlap on average by half over the frames that both have."""
    _, here, there = np.intersect1d(one.frames, other.frames, assume_unique=True, return_indices=True)
    if not len(here):
        return False
    a, b = one.boxes[here].astype(np.float64), other.boxes[there].astype(np.float64)
    sides = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
    shared = sides.clip(0).prod(axis=1)
    areas = (a[:, 2:] - a[:, :2]).prod(axis=1) + (b[:, 2:] - b[:, :2]).prod(axis=1)
    return bool((shared / (areas - shared)).mean() >= SAME_VEHICLE)
