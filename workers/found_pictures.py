"""Held frames to look at: what a detector found in them before a training and what it finds afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw

from backend.media.storage import save_bytes
from backend.training.models import TrainingRun
from ml.boxes import areas, pairwise_iou
from ml.detection.config import DetectorConfig
from ml.detection.training.samples import pictures_of
from ml.detection.tuning.scoring import FoundFrame, found_in_held
from ml.detection.tuning.views import LabelledView
from ml.types import Bool1D, Float1D, Float2D, Image, Progress

LOOKED_AT, SHOWN = 60, 6  # frames in which both look, and those of them with the most to see
APART_S = 2.0
RIGHT_IOU = 0.5
LONGEST_SIDE, QUALITY = 960, 85  # pixels; of JPEG
# Told apart without colours too: found whole, missed dashed, wrong crossed out.
FOUND, MISSED, WRONG = (0, 158, 115), (230, 159, 0), (213, 94, 0)
LINE, DASH = 2, 6  # pixels


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A frame's vouched boxes [n, 4] that were found and that were missed, and boxes where there is no vehicle."""

    found: Float2D
    missed: Float2D
    wrong: Float2D


@dataclass(frozen=True, slots=True)
class Moment:
    """A frame of a view at some seconds of its video. difference  how much else is found in it than before"""

    view: int
    at_s: float
    difference: int


def found_pictures(
    training: TrainingRun,
    views: Sequence[LabelledView],
    before: DetectorConfig,
    after: DetectorConfig,
    progress: Progress,
) -> list[dict[str, Any]]:
    """Up to 6 held frames as the training's row keeps them, by camera and time: see `worth_showing`."""
    looked = [found_in_held(views, config, progress, most=LOOKED_AT) for config in (before, after)]
    earlier = {(each.view, each.frame): judged(each, before.score_threshold) for each in looked[0]}
    shown = {(each.view, each.frame): judged(each, after.score_threshold) for each in looked[1]}
    places = sorted(earlier.keys() & shown.keys())
    moments = [
        Moment(view, float(views[view].index.times_s[frame]), _difference(earlier[view, frame], shown[view, frame]))
        for view, frame in places
    ]
    chosen = [places[row] for row in worth_showing(moments)]
    return [_kept(training, views, place, earlier[place], shown[place]) for place in chosen]


def worth_showing(moments: Sequence[Moment]) -> list[int]:
    """Up to 6 rows, in order: those with the largest difference, of one view none within two seconds of another, views
    in turn where they differ alike; those without any only where none has one.
    """
    any_differs = any(each.difference for each in moments)
    of_views: dict[int, list[int]] = {}
    for row in sorted(range(len(moments)), key=lambda row: -moments[row].difference):
        here = moments[row]
        taken = of_views.setdefault(here.view, [])
        is_apart = all(abs(here.at_s - moments[other].at_s) >= APART_S for other in taken)
        if is_apart and (here.difference or not any_differs):
            taken.append(row)
    turns = [(-moments[row].difference, turn, row) for taken in of_views.values() for turn, row in enumerate(taken)]
    return sorted(row for _, _, row in sorted(turns)[:SHOWN])


def judged(frame: FoundFrame, threshold: float) -> Judged:
    """What the detections of at least that score are: each of the best takes the box that it lies on best."""
    found = frame.above(threshold).found
    boxes = found.boxes[np.argsort(-found.scores, kind="stable")]
    truth = frame.truth.boxes
    owner = _owners(pairwise_iou(boxes, truth))
    seen = np.isin(np.arange(len(truth)), owner)
    wrong = (owner < 0) & ~_on_ignored(boxes, frame.truth.ignored)
    return Judged(truth[seen], truth[~seen], boxes[wrong])


def _owners(overlap: Float2D) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """[found] the row of the true box that each takes, -1 for none; the first ones choose first."""
    free = overlap.copy()
    owners = np.full(len(free), -1, np.int64)
    for row in range(len(free) if free.shape[1] else 0):
        best = int(free[row].argmax())
        if free[row, best] >= RIGHT_IOU:
            owners[row] = best
            free[:, best] = 0
    return owners


def _on_ignored(boxes: Float2D, ignored: Float2D) -> Bool1D:
    """[found] whether it lies by half or more of its area on one that nobody vouches for."""
    low = np.maximum(boxes[:, None, :2], ignored[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], ignored[None, :, 2:])
    shared = (high - low).clip(0).prod(axis=2)
    covered: Bool1D = (shared >= 0.5 * areas(boxes)[:, None]).any(axis=1)
    return covered


def _difference(before: Judged, after: Judged) -> int:
    """Vehicles that one of the two found alone, and by how many their wrong boxes differ."""
    found = [{tuple(box) for box in each.found.tolist()} for each in (before, after)]
    return len(found[0] ^ found[1]) + abs(len(after.wrong) - len(before.wrong))


def _kept(
    training: TrainingRun, views: Sequence[LabelledView], place: tuple[int, int], before: Judged, after: Judged
) -> dict[str, Any]:
    view, frame = views[place[0]], place[1]
    _, image = next(iter(pictures_of(view.path, view.index, [frame])))
    folder, name = f"scenes/{training.scene_id}/trainings/{training.pk}", f"{place[0]}-{frame}"
    kept: dict[str, Any] = {
        "camera": view.camera,
        "frame": frame,
        "vehicles": len(after.found) + len(after.missed),
    }
    for when, seen in (("before", before), ("after", after)):
        kept[when] = save_bytes(f"{folder}/{name}-{when}.jpg", drawn(image, seen))
        kept[f"found_{when}"], kept[f"false_{when}"] = len(seen.found), len(seen.wrong)
    return kept


def drawn(image: Image, seen: Judged) -> bytes:
    """A JPEG of the frame [h, w, 3] RGB, at most 960 pixels wide and high, with the boxes drawn in."""
    scale = min(1.0, LONGEST_SIDE / max(image.shape[:2]))
    picture = Pictures.fromarray(image)
    picture = picture.resize((round(picture.width * scale), round(picture.height * scale)))
    pen = ImageDraw.Draw(picture)
    for box in seen.found * scale:
        pen.rectangle(box.tolist(), outline=FOUND, width=LINE)
    for box in seen.missed * scale:
        _dashed(pen, box)
    for box in seen.wrong * scale:
        x1, y1, x2, y2 = box.tolist()
        pen.rectangle((x1, y1, x2, y2), outline=WRONG, width=LINE)
        pen.line((x1, y1, x2, y2), fill=WRONG, width=LINE)
        pen.line((x1, y2, x2, y1), fill=WRONG, width=LINE)
    made = BytesIO()
    picture.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def _dashed(pen: ImageDraw.ImageDraw, box: Float1D) -> None:
    x1, y1, x2, y2 = box.tolist()
    for start in np.arange(x1, x2, 2 * DASH).tolist():
        for y in (y1, y2):
            pen.line((start, y, min(start + DASH, x2), y), fill=MISSED, width=LINE)
    for start in np.arange(y1, y2, 2 * DASH).tolist():
        for x in (x1, x2):
            pen.line((x, start, x, min(start + DASH, y2)), fill=MISSED, width=LINE)
