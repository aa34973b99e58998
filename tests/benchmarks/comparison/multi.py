"""From single-camera tracks to identities over all cameras, by the pipeline's own embedding, matching and scoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ml.config import PipelineConfig
from ml.datasets.mot import TrackRows
from ml.evaluation import MtmcScore, score_mtmc
from ml.matching import MatcherConfig
from ml.pipeline.embed import embed_part
from ml.pipeline.match import CameraView, identities_of, matchable
from ml.pipeline.score import rows_of_cameras
from ml.reid import Embedder
from ml.types import Bool1D, Int1D, Tracklet, TrackletEmbedding
from tests.benchmarks.comparison.contenders import Contender
from tests.benchmarks.comparison.scenes import Footage
from tests.benchmarks.comparison.search import Settings
from tests.benchmarks.comparison.sequences import Sequence as CameraSequence

FEWEST_BOXES = 5  # a camera has seen a vehicle from so many boxes on, as the scene's README says


@dataclass(frozen=True, slots=True)
class Looked:
    """A tracklet, its frames those of the video, and what it looks like."""

    tracklet: Tracklet
    embedding: TrackletEmbedding


@dataclass(frozen=True, slots=True)
class View:
    """One camera in one half."""

    shot: Footage
    sequence: CameraSequence

    @property
    def camera(self) -> str:
        return self.sequence.camera

    @property
    def clock(self) -> CameraView:
        """What places its tracklets in time and on the ground."""
        camera = self.shot.camera
        return CameraView(camera.name, camera.start_s, self.shot.video.index.times_s, camera.calibration())


Tracks = Mapping[str, Sequence[Tracklet]]  # by camera
Looks = Mapping[str, Sequence[Looked]]  # by camera


def followed(contender: Contender, settings: Settings, views: Sequence[View]) -> dict[str, list[Tracklet]]:
    """A tracker's tracklets of each camera, from a fresh start at the half's beginning, in frames of the half."""
    return {
        view.camera: list(contender.track(view.sequence.detections, view.sequence.frame_count, settings))
        for view in views
    }


def looked_at(
    views: Sequence[View], rows: Mapping[str, Tracks], config: PipelineConfig, embedder: Embedder
) -> dict[str, Looks]:
    """Row -> its tracklets with their embeddings. One pass over each video serves all rows."""
    found: dict[str, dict[str, list[Looked]]] = {name: {} for name in rows}
    for view in views:
        by_row = {name: _of_video(tracks[view.camera], view.sequence.first) for name, tracks in rows.items()}
        listed = [tracklet for tracklets in by_row.values() for tracklet in tracklets]
        roi = view.shot.camera.roi()
        made = iter(embed_part(view.shot.video, listed, embedder, config.embedder, roi=roi) if listed else [])
        for name, tracklets in by_row.items():
            found[name][view.camera] = [Looked(tracklet, next(made)) for tracklet in tracklets]
    return dict(found)


def identified(views: Sequence[View], looks: Looks, matcher: MatcherConfig) -> MtmcScore:
    """The score of the identities that the matcher makes of these cameras alone, linked by their order."""
    kept = [(view, each) for view in views for each in looks[view.camera]]
    seen = [matchable(key, view.clock, each.tracklet, each.embedding) for key, (view, each) in enumerate(kept)]
    names = [view.camera for view in views]
    identities, _ = identities_of(seen, names, None, matcher)
    by_camera: dict[str, list[Tracklet]] = {name: [] for name in names}
    for (view, each), identity in zip(kept, identities.tolist(), strict=True):
        by_camera[view.camera].append(replace(each.tracklet, number=identity))
    predicted = rows_of_cameras({name: TrackRows.of(tracklets) for name, tracklets in by_camera.items()})
    return score_mtmc(
        rows_of_cameras(truth_of(views)),
        predicted,
        rois={view.camera: view.shot.camera.roi() for view in views},
        frame_counts={view.camera: view.shot.frame_count for view in views},
    )


def truth_of(views: Sequence[View]) -> dict[str, TrackRows]:
    """The ground truth of each camera in the half, less vehicles that fewer than two of these cameras see in it."""
    found = {view.camera: _truth(view) for view in views}
    both = seen_twice([rows.ids for rows in found.values()])
    return {camera: _taken(rows, np.isin(rows.ids, both)) for camera, rows in found.items()}


def seen_twice(cameras: Sequence[Int1D]) -> Int1D:
    """The vehicles with `FEWEST_BOXES` boxes or more in two cameras or more, of the ids of each camera's boxes."""
    counted = [np.unique(ids, return_counts=True) for ids in cameras]
    seen = np.concatenate([np.zeros(0, np.int32), *(ids[boxes >= FEWEST_BOXES] for ids, boxes in counted)])
    ids, times = np.unique(seen, return_counts=True)
    return ids[times >= 2].astype(np.int32)


def _truth(view: View) -> TrackRows:
    rows, first = view.shot.camera.ground_truth(), view.sequence.first
    assert rows is not None
    return _taken(rows, (rows.frames >= first) & (rows.frames < first + view.sequence.frame_count))


def _taken(rows: TrackRows, which: Bool1D) -> TrackRows:
    return TrackRows(rows.frames[which], rows.ids[which], rows.boxes[which], rows.scores[which])


def _of_video(tracklets: Sequence[Tracklet], first: int) -> list[Tracklet]:
    return [replace(tracklet, frames=(tracklet.frames + first).astype(np.int32)) for tracklet in tracklets]
