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
APART_S = 1.0
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


def found_pictures(
    training: TrainingRun,
    views: Sequence[LabelledView],
    before: DetectorConfig,
    after: DetectorConfig,
    progress: Progress,
) -> list[dict[str, Any]]:
    """Up to 6 held frames as the training's row keeps them: those in which most has changed, by camera and time, and
    of one camera no two within a second.
    """
    looked = [found_in_held(views, config, progress, most=LOOKED_AT) for config in (before, after)]
    shown = {(each.view, each.frame): judged(each, after.score_threshold) for each in looked[1]}
    earlier = {(each.view, each.frame): judged(each, before.score_threshold) for each in looked[0]}
    pairs = {place: (earlier[place], now) for place, now in shown.items() if place in earlier}
    by_difference = sorted(pairs, key=lambda place: (-_difference(*pairs[place]), place))
    chosen = apart([(view, float(views[view].index.times_s[frame])) for view, frame in by_difference])[:SHOWN]
    return [_kept(training, views, place, *pairs[place]) for place in sorted(by_difference[row] for row in chosen)]


def apart(moments: Sequence[tuple[int, float]]) -> list[int]:
    """The rows of the moments (view, seconds) that lie a second or more from all chosen before them in their view."""
    chosen: list[int] = []
    for row, (view, at_s) in enumerate(moments):
        near = (abs(at_s - moments[other][1]) < APART_S for other in chosen if moments[other][0] == view)
        if not any(near):
            chosen.append(row)
    return chosen


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
    return abs(len(after.found) - len(before.found)) + abs(len(after.wrong) - len(before.wrong))


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
