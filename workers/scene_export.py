"""A stored scene as a CityFlow-layout folder that imports to the same content."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from backend.identities.selectors import identity_numbers
from backend.media.models import Video
from backend.media.selectors import ground_truth
from backend.scenes.models import Camera, Scene
from backend.tracking.arrays import unpack_boxes, unpack_frames, unpack_scores
from backend.tracking.models import Run
from backend.tracking.selectors import tracklet_list
from ml import types as vision
from ml.datasets.layout import CameraContent, write_scene
from ml.datasets.mot import TrackRows
from ml.datasets.scene import camera_numbers
from ml.datasets.submission import SubmissionRows, write_submission
from ml.types import UserError
from workers.ground import calibration_of
from workers.stages import camera_roi, links_of, video_path


def scene_export(
    *, scene: Scene, run: Run | None, out: Path, box_scale: float = 1.0, tell: Callable[[str], None]
) -> Path:
    """Write out/<slug>/<camera>/..., and of `run` the single-camera tracks and out/track1.txt.

    tell  hears what the layout has no place for

    Returns the scene's folder. UserError where `out` holds something already.
    """
    if out.exists() and any(out.iterdir()):
        raise UserError("folder-not-empty", f"{out} is not empty: name a new folder.")
    with ExitStack() as stack:
        cameras = [_content(camera, run, stack, tell) for camera in scene.cameras.select_related("calibration")]
        folder = write_scene(out, scene.slug, cameras, links_of(scene))
    if run is not None:
        write_submission(out / "track1.txt", submission_of_run(run), box_scale=box_scale)
    return folder


def submission_of_run(run: Run) -> SubmissionRows:
    """Every box of the run with its identity, by camera, frame and identity."""
    numbers = camera_numbers(list(run.scene.cameras.values_list("name", flat=True)))
    identities = identity_numbers(run=run)
    rows = list(tracklet_list(run=run))
    lengths = [row.length for row in rows]
    return SubmissionRows.without_world(
        np.repeat(np.array([numbers[row.camera.name] for row in rows], np.int32), lengths),
        np.repeat(np.array([identities.get(row.pk, 0) for row in rows], np.int32), lengths),
        np.concatenate([np.zeros(0, np.int32), *(unpack_frames(row.frames) for row in rows)]),
        np.concatenate([np.zeros((0, 4), np.float32), *(unpack_boxes(row.boxes) for row in rows)]),
    ).sorted()


def _content(camera: Camera, run: Run | None, stack: ExitStack, tell: Callable[[str], None]) -> CameraContent:
    videos = list(camera.videos.defer("frame_times"))
    for left_out in videos[1:]:
        tell(f"left out: {left_out}; the layout holds one video a camera")
    video = videos[0] if videos else None
    return CameraContent(
        name=camera.name,
        video=None if video is None else stack.enter_context(video_path(video)),
        roi=camera_roi(camera),
        calibration=calibration_of(camera),
        ground_truth=None if video is None else _ground_truth(camera.scene, video),
        tracks=None if video is None or run is None else _tracks(run, video),
        start_s=0.0 if video is None else video.start_s,
        frame_count=None if video is None else video.frame_count,
    )


def _ground_truth(scene: Scene, video: Video) -> TrackRows | None:
    rows = list(ground_truth(scene=scene).filter(video=video))
    if not rows:
        return None
    tracklets = []
    for row in rows:
        frames = unpack_frames(row.frames)
        ones = np.ones(len(frames), np.float32)
        tracklets.append(vision.Tracklet(row.identity, frames, unpack_boxes(row.boxes), ones))
    return TrackRows.of(tracklets)


def _tracks(run: Run, video: Video) -> TrackRows:
    return TrackRows.of(
        vision.Tracklet(row.number, unpack_frames(row.frames), unpack_boxes(row.boxes), unpack_scores(row.scores))
        for row in tracklet_list(run=run, video=video)
    )
