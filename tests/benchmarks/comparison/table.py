"""The table as data: what the page shows and the JSON beside it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ml.evaluation import DetectionScore, score_detections
from ml.types import Tracklet
from tests.benchmarks.comparison.contenders import Contender
from tests.benchmarks.comparison.scoring import joined, score_tracks
from tests.benchmarks.comparison.search import Found, Settings, drawn
from tests.benchmarks.comparison.sequences import Sequence as CameraSequence

Table = dict[str, Any]
FIGURES = ("idf1", "hota", "mota", "switches", "fragmentations", "idp", "idr", "precision", "recall")
AIM = ("idf1", "hota")
ALL = "all"


def tracked(contender: Contender, settings: Settings, sequences: Iterable[CameraSequence]) -> dict[str, list[Tracklet]]:
    """A contender's tracklets of each sequence by camera, each from a fresh start."""
    return {s.camera: list(contender.track(s.detections, s.frame_count, settings)) for s in sequences}


def searched(contender: Contender, tune: list[CameraSequence], *, draws: int, seed: int) -> Found:
    """The settings with the largest IDF1 + HOTA over all cameras of the tune half."""

    def value(settings: Settings) -> float:
        score = score_tracks(tune, tracked(contender, settings, tune))
        return score.idf1 + score.hota

    if not contender.space:
        return Found({}, value({}))
    return drawn(contender.space, value, trials=draws, seed=seed)


def track_figures(contender: Contender, settings: Settings, sequences: list[CameraSequence]) -> Table:
    """Camera, and "all" -> its figures."""
    score = score_tracks(sequences, tracked(contender, settings, sequences))
    return {ALL: _chosen(score), **{camera: _chosen(part) for camera, part in score.per_camera.items()}}


def detection_figures(sequences: list[CameraSequence]) -> Table:
    """Camera, and "all" -> AP and recall by size of the detections that trackers are given."""
    parts = {sequence.camera: [sequence] for sequence in sequences if len(sequence.truth.counted)}
    return {name: _detected(part) for name, part in {ALL: sequences, **parts}.items()}


def _detected(sequences: list[CameraSequence]) -> Table:
    score: DetectionScore = score_detections(
        joined([sequence.truth.counted for sequence in sequences]),
        {sequence.camera: sequence.detections for sequence in sequences},
        ignored=joined([sequence.truth.ignored for sequence in sequences]),
    )
    kept = asdict(score)
    return {name: kept[name] for name in ("ap50", "ap50_95", "recall50", "truths", "detections", "by_size")}


def _chosen(score: Any) -> Table:
    return {name: getattr(score, name) for name in FIGURES}


def best_own(table: Table) -> str:
    """Our tracker with the best value on the tune half, of those whose settings the search found."""
    found = {name: entry for name, entry in table["trackers"].items() if not entry["peer"]}
    ours: dict[str, float] = {name: of["tune"] for name, of in found.items() if of["settings"]}
    return max(ours, key=lambda name: ours[name])


def leads(ours: Mapping[str, Table], peers: Sequence[Mapping[str, Table]]) -> dict[str, dict[str, bool]]:
    """Camera, and "all" -> figure -> whether ours is above every peer's."""
    return {
        place: {figure: all(of[figure] > other[place][figure] for other in peers) for figure in AIM}
        for place, of in ours.items()
    }


def smallest_lead(ours: Mapping[str, Table], peers: Sequence[Mapping[str, Table]]) -> tuple[float, str]:
    """How much ours is above the best peer where that is least, and where: "c005, HOTA"."""
    margins = {
        f"{place}, {figure.upper()}": of[figure] - max(other[place][figure] for other in peers)
        for place, of in ours.items()
        for figure in AIM
    }
    nearest = min(margins, key=lambda name: margins[name])
    return margins[nearest], nearest
