"""Detectors beside each other on labelled views, where nothing was learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ml.detection.config import DetectorConfig
from ml.detection.filters import inside_roi
from ml.detection.registry import Detector, create_detector
from ml.detection.training.held import true_rows
from ml.detection.training.samples import pictures_of
from ml.detection.training.truth import FrameTruth
from ml.detection.tuning.held import LEAST_SCORE
from ml.detection.tuning.samples import every_box, spread, truths_of
from ml.detection.tuning.views import LabelledView
from ml.evaluation import DetectionMatch, MtmcRows, match_detections, score_detections
from ml.types import Bool1D, Detections, Double2D, Image, Int1D, Progress, UserError, no_progress

MOST_FRAMES = 240  # looked at in held times, and as many for the vehicles that are held
LEAST_HEIGHT = 10.0  # pixels: lower vehicles are neither to be found nor wrong to be found
_BATCH = 4

ByFrame = Mapping[int, Detections]


@dataclass(frozen=True, slots=True, eq=False)
class FoundFrame:
    """What a detector found in a frame. view  the place of its film        truth  what people say of the frame"""

    view: int
    frame: int
    truth: FrameTruth
    found: Detections

    def above(self, score: float) -> FoundFrame:
        """The same with the detections of that score or more."""
        return replace(self, found=self.found.take(self.found.scores >= score))


def detection_sums(
    films: Sequence[LabelledView], config: DetectorConfig, progress: Progress = no_progress
) -> dict[str, Double2D]:
    """Sums and counts [2, units] of three measures, as `ml.evaluation.bootstrap.compare_shares` takes them.

    recall     of the boxes of vehicles that are held back, at any time, the share found; a unit is a vehicle
    precision  of the detections in blocks of time that are held back, the share that are vehicles somebody vouches
               for; a unit is one view's part of a block
    ap50       AP at IoU 0.5 in these parts, each weighing as many as it has vehicles' boxes

    For recall and precision the detections that `config.score_threshold` lets pass count. What lies on an ignored box
    counts neither way. A vehicle that nobody has drawn counts as wrong.

    UserError no-training-data where no vehicle is held back, or none is labelled in held times.
    """
    in_time = _in_held_time(films, MOST_FRAMES)
    of_vehicles = spread([np.unique(film.frames[film.held]) for film in films], MOST_FRAMES)
    union = [np.union1d(*both) for both in zip(in_time, of_vehicles, strict=True)]
    found = _look(films, union, config, progress)
    parts = _parts(films, _joined(films, in_time, [every_box(film) for film in films], found))
    held = _joined(films, of_vehicles, [film.held for film in films], found)
    return {**_by_part(parts, config.score_threshold), "recall": _by_vehicle(held, config.score_threshold)}


def found_in(
    films: Sequence[LabelledView],
    frames: Sequence[Int1D],
    counted: Sequence[Bool1D],
    config: DetectorConfig,
    progress: Progress = no_progress,
) -> list[FoundFrame]:
    """What the detector of `config` finds in frames of each film, scores from 0.05 on; damaged frames are left out.

    counted  for each film which of its boxes [n] count; the others are ignored

    UserError no-training-data where none is there that counts.
    """
    return _joined(films, frames, counted, _look(films, frames, config, progress))


def matched(frames: Sequence[FoundFrame]) -> DetectionMatch:
    """Which true boxes of frames are found and which detections are right or wrong; rows count frame by frame.

    Frames of one view stand together.
    """
    return match_detections(_truth(frames), _found(frames), ignored=_ignored(frames))


def found_in_held(
    films: Sequence[LabelledView],
    config: DetectorConfig,
    progress: Progress = no_progress,
    *,
    most: int = MOST_FRAMES,
) -> list[FoundFrame]:
    """What the detector of `config` finds in frames of held times, evenly spread; scores from 0.05 on.

    UserError no-training-data where no vehicle is labelled in held times.
    """
    return found_in(films, _in_held_time(films, most), [every_box(film) for film in films], config, progress)


def _in_held_time(films: Sequence[LabelledView], most: int) -> list[Int1D]:
    return spread([np.unique(film.frames[film.scored[film.frames]]) for film in films], most)


def _look(
    films: Sequence[LabelledView], frames: Sequence[Int1D], config: DetectorConfig, progress: Progress
) -> list[ByFrame]:
    """What is found in the frames of each film; damaged ones are left out."""
    least = min(config.score_threshold, LEAST_SCORE)
    detector = create_detector(replace(config, score_threshold=least, features=False, masks=False))
    total, found = sum(map(len, frames)), [dict[int, Detections]() for _ in films]
    for film, wanted, of_film in zip(films, frames, found, strict=True):
        numbered: list[tuple[int, Image]] = []
        for number, image in pictures_of(film.path, film.index, wanted.tolist()):
            numbered.append((number, image))
            if len(numbered) == _BATCH:
                of_film.update(_detected(detector, numbered))
                numbered = []
                progress(sum(map(len, found)), total, "frames looked at")
        of_film.update(_detected(detector, numbered))
    return list(found)


def _detected(detector: Detector, numbered: Sequence[tuple[int, Image]]) -> dict[int, Detections]:
    found = detector.detect([image for _, image in numbered])
    return {
        number: replace(one, frames=np.full(len(one), number, np.int32))
        for (number, _), one in zip(numbered, found, strict=True)
    }


def _joined(
    films: Sequence[LabelledView], frames: Sequence[Int1D], counted: Sequence[Bool1D], found: Sequence[ByFrame]
) -> list[FoundFrame]:
    """Frames with their truth, in which the boxes `counted` of each film count and the others are ignored."""
    joined = []
    for view, film in enumerate(films):
        truths = truths_of(film, frames[view], counted[view], LEAST_HEIGHT)
        there = {frame: one.take(inside_roi(one.boxes, film.roi)) for frame, one in found[view].items()}
        joined += [FoundFrame(view, frame, truth, there[frame]) for frame, truth in truths.items() if frame in there]
    if not any(len(each.truth.boxes) for each in joined):
        message = "no vehicle is there to compare detectors on: hold some back, and label vehicles at more times"
        raise UserError("no-training-data", message)
    return joined


def _parts(films: Sequence[LabelledView], frames: Sequence[FoundFrame]) -> list[list[FoundFrame]]:
    """The frames of one view and one block each."""
    parts: dict[tuple[int, int], list[FoundFrame]] = {}
    for each in frames:
        parts.setdefault((each.view, int(films[each.view].blocks[each.frame])), []).append(each)
    return [part for part in parts.values() if any(len(each.truth.boxes) for each in part)]


def _by_part(parts: Sequence[Sequence[FoundFrame]], threshold: float) -> dict[str, Double2D]:
    precise, average = [], []
    for part in parts:
        match = matched([each.above(threshold) for each in part])
        precise.append((match.right.sum(), match.right.sum() + match.wrong.sum()))
        score = score_detections(_truth(part), _found(part), ignored=_ignored(part))
        average.append((score.ap50 * score.truths, score.truths))
    return {"ap50": np.array(average, np.float64).T, "precision": np.array(precise, np.float64).T}


def _by_vehicle(frames: Sequence[FoundFrame], threshold: float) -> Double2D:
    match = matched([each.above(threshold) for each in frames])
    numbers = np.concatenate([each.truth.vehicles for each in frames if each.truth.vehicles is not None])
    owners = np.unique(numbers, return_inverse=True)[1]
    return np.stack((np.bincount(owners, match.found), np.bincount(owners))).astype(np.float64)


def _truth(frames: Sequence[FoundFrame]) -> MtmcRows:
    return true_rows([(str(each.view), each.frame, each.truth.boxes) for each in frames])


def _ignored(frames: Sequence[FoundFrame]) -> MtmcRows:
    return true_rows([(str(each.view), each.frame, each.truth.ignored) for each in frames])


def _found(frames: Sequence[FoundFrame]) -> dict[str, Detections]:
    views = dict.fromkeys(each.view for each in frames)
    return {str(view): Detections.concatenate([each.found for each in frames if each.view == view]) for view in views}
