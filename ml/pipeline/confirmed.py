"""Tracklets that people confirmed as one vehicle, from a file of identities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ml.boxes import paired_iou
from ml.datasets.submission import SubmissionRows
from ml.matching.ranges import expanded
from ml.types import CameraTracklet, Tracklet

LEAST_IOU = 0.5
LEAST_SHARE = 0.5  # of a tracklet's boxes that lie on one identity's


def with_confirmed(
    seen: Sequence[CameraTracklet], tracklets: Sequence[Tracklet], numbers: Mapping[str, int], rows: SubmissionRows
) -> list[CameraTracklet]:
    """The same tracklets, each with the identity of the file on whose boxes more than half of its own lie.

    seen, tracklets  the same in the same order, as matcher and files see them
    numbers          camera -> its number in the file
    rows             identities that people confirmed
    """
    by_camera = {name: _on_camera(rows, number) for name, number in numbers.items()}
    return [
        replace(one, confirmed=_identity(tracklet, by_camera[one.camera]))
        for one, tracklet in zip(seen, tracklets, strict=True)
    ]


def _on_camera(rows: SubmissionRows, number: int) -> SubmissionRows:
    """Those of a camera, by frame."""
    found = np.flatnonzero(rows.cameras == number)
    found = found[np.argsort(rows.frames[found], kind="stable")]
    return SubmissionRows(
        rows.cameras[found], rows.ids[found], rows.frames[found], rows.boxes[found], rows.world[found]
    )


def _identity(tracklet: Tracklet, rows: SubmissionRows) -> int:
    """As in the file, counted from 1; 0 for none."""
    first, last = (np.searchsorted(rows.frames, tracklet.frames, side=side) for side in ("left", "right"))
    own, theirs = expanded(first, last)
    on = paired_iou(tracklet.boxes[own], rows.boxes[theirs]) >= LEAST_IOU
    ids, votes = np.unique(rows.ids[theirs[on]], return_counts=True)
    if not len(ids) or votes.max() <= LEAST_SHARE * len(tracklet):
        return 0
    return int(ids[votes.argmax()]) + 1
