"""Embeddings of tracks that come from files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ml.datasets.calibration import Calibration
from ml.datasets.ground import scene_ground
from ml.datasets.mot import read_tracks
from ml.datasets.scene import CameraFolder, SceneFolder
from ml.pipeline.cache import StageCache
from ml.pipeline.embed import embed_part
from ml.pipeline.embeddings_file import SceneEmbeddings, numbers_by_camera
from ml.pipeline.match import CameraView, matchable
from ml.pipeline.models import Models
from ml.pipeline.video import IndexedVideo, VideoFile, index_video
from ml.reid import EmbedderConfig
from ml.types import CameraTracklet, Progress, Tracklet, UserError

PART = 128


def embed_scene(
    scene: SceneFolder,
    tracks: Path,
    *,
    config: EmbedderConfig,
    models: Models,
    cache: StageCache,
    progress: Callable[[str], Progress],
) -> SceneEmbeddings:
    """Embed tracks/<camera>.txt of every camera; UserError for a missing file or frames the video lacks."""
    numbers: list[int] = []
    embedded: list[CameraTracklet] = []
    calibrations = scene_ground(scene).calibrations
    for camera in scene.cameras:
        path = tracks / f"{camera.name}.txt"
        tracklets = read_tracks(path).tracklets()
        video = index_video(VideoFile.at(camera.require_video()), cache, progress=progress(f"{camera.name}: index"))
        _require_frames(path, tracklets, video)
        shown = progress(f"{camera.name}: embed")
        view = _view(camera, video, calibrations.get(camera.name))
        embedded += _embed_camera(camera, view, video, tracklets, config, models, shown, first_key=len(embedded))
        numbers += [tracklet.number for tracklet in tracklets]
    return SceneEmbeddings(scene.camera_numbers(), numbers, embedded)


def tracklets_of(tracks: Path, scene: SceneEmbeddings) -> list[Tracklet]:
    """The tracklets that `scene` embeds, in its order; UserError where the files hold other ones."""
    known = {
        (camera, tracklet.number): tracklet
        for camera in scene.cameras
        for tracklet in read_tracks(tracks / f"{camera}.txt").tracklets()
    }
    wanted = numbers_by_camera(scene)
    if set(known) != set(wanted):
        camera, number = min(set(known) ^ set(wanted))
        message = f"Track {number} of {camera} is in only one of {tracks} and the embeddings: embed these tracks again."
        raise UserError("tracks-changed", message)
    return [known[entry] for entry in wanted]


def _view(camera: CameraFolder, video: IndexedVideo, calibration: Calibration | None) -> CameraView:
    return CameraView(camera.name, camera.start_s, video.index.times_s, calibration)


def _embed_camera(
    camera: CameraFolder,
    view: CameraView,
    video: IndexedVideo,
    tracklets: list[Tracklet],
    config: EmbedderConfig,
    models: Models,
    progress: Progress,
    *,
    first_key: int,
) -> list[CameraTracklet]:
    made: list[CameraTracklet] = []
    for start in range(0, len(tracklets), PART):
        part = tracklets[start : start + PART]
        for tracklet, embedding in zip(
            part, embed_part(video, part, models.embedder(), config, roi=camera.roi(), progress=progress), strict=True
        ):
            made.append(matchable(first_key + len(made), view, tracklet, embedding))
    return made


def _require_frames(path: Path, tracklets: list[Tracklet], video: IndexedVideo) -> None:
    last = max((tracklet.last_frame for tracklet in tracklets), default=-1)
    if last >= len(video.index):
        message = f"{path} has boxes in frame {last + 1}, but {video.path} has {len(video.index)} frames."
        raise UserError("frame-out-of-range", message)
