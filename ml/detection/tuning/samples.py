"""The frames of labelled views that a fine-tuning learns from, and those it is scored on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml.detection.filters import inside_roi
from ml.detection.training.samples import Sample, Samples, keep_samples
from ml.detection.training.truth import FrameTruth
from ml.detection.tuning.recipe import TuningRecipe
from ml.detection.tuning.views import LabelledView
from ml.types import Bool1D, Float2D, Int1D, Mask, Progress, UserError, no_progress

MOST_HELD = 80  # frames scored after every epoch
_EMPTY = 0.15  # share of the frames learned from in which no vehicle is to be learned
_CELL = 32  # pixels: height of the boxes that stand for what lies outside a region of interest

Truths = Mapping[int, FrameTruth]


def tuning_samples(
    films: Sequence[LabelledView], recipe: TuningRecipe, folder: Path, progress: Progress = no_progress
) -> Samples:
    """What is learned, and what is held for scoring; pictures go into `folder`.

    Learned are frames of other blocks of time than those held back; vehicles that are held back are ignored in them.
    In held frames every vehicle that people vouch for counts.

    UserError no-training-data where there is nothing to learn from or nothing to be scored on.
    """
    learned = [truths_of(film, frames, ~film.held, recipe.least_height) for film, frames in _learned(films, recipe)]
    held = [truths_of(film, frames, every_box(film), recipe.least_height) for film, frames in _held(films, recipe)]
    _require_vehicles(learned, "to learn from: label vehicles in more of the videos, or hold back fewer")
    _require_vehicles(held, "in the blocks of time held back for scoring: label vehicles at more times")
    largest = min(recipe.input_height, recipe.input_width) * recipe.scale_jitter[1]
    total, done = sum(map(len, (*learned, *held))), 0
    kept: list[list[Sample]] = [[], []]
    for place, film in enumerate(films):
        for samples, truths in zip(kept, (learned[place], held[place]), strict=True):
            for sample in keep_samples(
                sample_camera(place, film), film.path, film.index, truths, folder, largest=largest
            ):
                samples.append(sample)
                done += 1
                progress(done, total, "frames read")
    return Samples(kept[0], kept[1], [film.path for film in films])


def sample_camera(place: int, film: LabelledView) -> str:
    """The camera's name in samples, apart for each of its videos."""
    return f"{place:03d}-{film.camera}"


def truths_of(film: LabelledView, frames: Int1D, counted: Bool1D, least_height: float) -> Truths:
    """The truth of each of `frames`: boxes `counted` [n] that are high enough; all others are ignored there."""
    counted = counted & (film.boxes[:, 3] - film.boxes[:, 1] >= least_height)
    of_frame = _rows_by_frame(film.frames)
    ignored_of, outside = _rows_by_frame(film.ignored_frames), outside_boxes(film.roi)
    counted = counted & inside_roi(film.boxes, film.roi)
    truths = {}
    for frame in frames.tolist():
        rows = of_frame(frame)
        shown = rows[counted[rows]]
        ignored: Float2D = np.concatenate([film.boxes[rows[~counted[rows]]], film.ignored[ignored_of(frame)], outside])
        boxes, classes, vehicles = film.boxes[shown], film.classes[shown], film.vehicles[shown]
        truths[frame] = FrameTruth(boxes, classes, ignored=ignored, vehicles=vehicles)
    return truths


def outside_boxes(roi: Mask | None) -> Float2D:
    """[n, 4] xyxy pixels: boxes that cover, but for a border, what lies outside a region of interest [h, w]."""
    if roi is None:
        return np.zeros((0, 4), np.float32)
    height = len(roi)
    boxes: list[list[int]] = []
    for top in range(0, height, _CELL):
        inside = roi[top : top + _CELL].any(axis=0)
        changes = np.flatnonzero(np.diff(inside, prepend=True, append=True)).reshape(-1, 2)
        boxes += [[left, top, right, min(top + _CELL, height)] for left, right in changes.tolist()]
    return np.array(boxes, np.float32).reshape(-1, 4)


def counted(samples: Sequence[Sample], rois: Mapping[str, Mask]) -> dict[str, int]:
    """How many frames, boxes that count and boxes that are ignored these are, for people to read: without those that
    stand for what lies outside the regions of interest (by the samples' camera).
    """
    outside = {camera: len(outside_boxes(roi)) for camera, roi in rois.items()}
    ignored = sum(len(one.truth.ignored) - outside.get(one.camera, 0) for one in samples)
    return {"frames": len(samples), "boxes": sum(len(one.truth.boxes) for one in samples), "ignored": ignored}


def _rows_by_frame(frames: Int1D) -> Callable[[int], npt.NDArray[np.intp]]:
    order = np.argsort(frames, kind="stable")
    ordered = frames[order]

    def rows(frame: int) -> npt.NDArray[np.intp]:
        return order[np.searchsorted(ordered, frame) : np.searchsorted(ordered, frame, side="right")]

    return rows


def thinned(frames: Int1D, most: int) -> Int1D:
    """At most so many of `frames`, evenly spread."""
    if len(frames) <= most:
        return frames
    return frames[np.linspace(0, len(frames) - 1, most).round().astype(np.intp)] if most else frames[:0]


def spread(of_films: Sequence[Int1D], most: int) -> list[Int1D]:
    """Each film's frames thinned alike, so that there are at most about `most` in all."""
    share = min(1.0, most / max(1, sum(map(len, of_films))))
    return [thinned(frames, round(share * len(frames))) for frames in of_films]


def _learned(films: Sequence[LabelledView], recipe: TuningRecipe) -> list[tuple[LabelledView, Int1D]]:
    apart = [_apart(film, recipe, ~film.held_back) for film in films]
    shown = [np.isin(frames, film.frames[~film.held]) for film, frames in zip(films, apart, strict=True)]
    full = spread([frames[rows] for frames, rows in zip(apart, shown, strict=True)], recipe.most_frames)
    empty = spread(
        [frames[~rows] for frames, rows in zip(apart, shown, strict=True)], round(_EMPTY * sum(map(len, full)))
    )
    return [(film, np.sort(np.concatenate(both))) for film, *both in zip(films, full, empty, strict=True)]


def _held(films: Sequence[LabelledView], recipe: TuningRecipe) -> list[tuple[LabelledView, Int1D]]:
    apart = [_apart(film, recipe, film.scored) for film in films]
    labelled = [frames[np.isin(frames, film.frames)] for film, frames in zip(films, apart, strict=True)]
    return list(zip(films, spread(labelled, MOST_HELD), strict=True))


def _apart(film: LabelledView, recipe: TuningRecipe, allowed: Bool1D) -> Int1D:
    """Frames that people looked at, at least `every` apart, where `allowed` [frames]."""
    frames = np.arange(len(film.index), dtype=np.int32) if film.looked_at is None else np.unique(film.looked_at)
    found: list[int] = []
    for frame in frames[allowed[frames]].tolist():
        if not found or frame - found[-1] >= recipe.every:
            found.append(frame)
    return np.array(found, np.int32)


def every_box(film: LabelledView) -> Bool1D:
    """[n] all of the boxes that people vouch for."""
    return np.ones(len(film.frames), np.bool_)


def _require_vehicles(of_films: Sequence[Truths], what: str) -> None:
    if not any(len(truth.boxes) for truths in of_films for truth in truths.values()):
        raise UserError("no-training-data", f"no labelled vehicle is there {what}")
