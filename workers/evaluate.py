"""Job kind `evaluate`: a run's identities against its scene's ground truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Prefetch

from backend.identities.selectors import identity_numbers
from backend.media.models import Video
from backend.media.selectors import ground_truth
from backend.scenes.models import Scene
from backend.tracking.arrays import Buffer, unpack_boxes, unpack_frames
from backend.tracking.selectors import tracklet_list
from backend.tracking.services import run_score_set
from ml.datasets.mot import TrackRows
from ml.evaluation import MtmcRows, score_mtmc
from ml.pipeline.score import rows_of_cameras
from workers.context import JobContext
from workers.stages import camera_roi, run_of


def run(context: JobContext) -> None:
    """Writes the run's score, with the rule used."""
    chosen = run_of(context.job)
    timelines = Timelines.of(chosen.scene)
    numbers = identity_numbers(run=chosen)
    context.progress(0, len(numbers), "tracklets")
    truth = timelines.rows(
        (row.video_id, row.identity, row.frames, row.boxes) for row in ground_truth(scene=chosen.scene).iterator()
    )
    predicted = timelines.rows(
        (row.video_id, numbers[row.pk], row.frames, row.boxes) for row in tracklet_list(run=chosen).iterator()
    )
    rois = {camera.name: camera_roi(camera) for camera in chosen.scene.cameras.all()}
    score = score_mtmc(truth, predicted, rois=rois, frame_counts=timelines.frame_counts)
    context.progress(len(numbers), len(numbers), "tracklets")
    with context.publish():
        run_score_set(run=chosen, score=score.as_dict())
        context.log(f"IDF1 {score.idf1:.4f}")


@dataclass(frozen=True)
class Timelines:
    """Each camera's videos laid end to end in frames.

    camera_of, first_of  video id -> its camera's name, the place of its frame 0    frame_counts  by camera
    """

    camera_of: dict[int, str]
    first_of: dict[int, int]
    frame_counts: dict[str, int]

    @staticmethod
    def of(scene: Scene) -> Timelines:
        """Cameras in their order; videos that could not be read are left out."""
        made = Timelines({}, {}, {})
        videos = Video.objects.defer("frame_times")
        for camera in scene.cameras.prefetch_related(Prefetch("videos", queryset=videos)):
            made.frame_counts[camera.name] = 0
            for video in camera.videos.all():
                if video.frame_count:
                    made.camera_of[video.pk] = camera.name
                    made.first_of[video.pk] = made.frame_counts[camera.name]
                    made.frame_counts[camera.name] += video.frame_count
        return made

    def rows(self, tracks: Iterable[tuple[int, int, Buffer, Buffer]]) -> MtmcRows:
        """Rows of (video id, identity, packed frames, packed boxes); those of videos left out are left out."""
        of_camera: dict[str, list[TrackRows]] = defaultdict(list)
        for video, identity, packed_frames, boxes in tracks:
            if video not in self.first_of:
                continue
            frames = unpack_frames(packed_frames) + np.int32(self.first_of[video])
            ids = np.full(len(frames), identity, np.int32)
            rows = TrackRows(frames, ids, unpack_boxes(boxes), np.ones(len(frames), np.float32))
            of_camera[self.camera_of[video]].append(rows)
        return rows_of_cameras({name: _joined(of_camera[name]) for name in self.frame_counts})


def _joined(parts: Sequence[TrackRows]) -> TrackRows:
    listed = [TrackRows.of([]), *parts]
    return TrackRows(
        np.concatenate([part.frames for part in listed]),
        np.concatenate([part.ids for part in listed]),
        np.concatenate([part.boxes for part in listed]),
        np.concatenate([part.scores for part in listed]),
    )
