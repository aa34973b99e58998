"""`python -m ml track`: single-camera tracks from a video or from detections."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ml.cli.command import Result, StageLines, add_command, add_config, config_of, goes_on_with_cache, starts_again

if TYPE_CHECKING:
    from ml.config import PipelineConfig
    from ml.types import Mask, Tracklet


def add_to(commands: Any) -> None:
    parser = add_command(commands, "track", track, "Follow vehicles in one camera.", interrupted=_interrupted)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--video", type=Path, metavar="V", help="detect first; appearance helps the tracker")
    source.add_argument("--det", type=Path, metavar="det.txt", help="detections; only motion helps the tracker")
    parser.add_argument(
        "--tracker",
        metavar="NAME",
        help="deepsort, jde or stitched, with its own memory and clean-up (default: as configured)",
    )
    parser.add_argument(
        "--features",
        metavar="KIND",
        help="appearance that helps the tracker: detector, reid (--video only) or none (default: as configured)",
    )
    parser.add_argument("--roi", type=Path, metavar="PICTURE", help="white where vehicles count")
    parser.add_argument("--out", type=Path, required=True, metavar="mtsc.txt")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep stage results here")
    add_config(parser)


def track(options: argparse.Namespace) -> Result:
    from ml.datasets.mot import TrackRows, write_tracks
    from ml.datasets.roi import read_roi

    config = config_of(options)
    if options.tracker:
        config = replace(config, tracker=config.tracker.with_tracker(options.tracker))
    if options.features:
        config = replace(config, tracker=replace(config.tracker, features=options.features))
    roi = None if options.roi is None else read_roi(options.roi)
    shown = StageLines()
    try:
        found = _of_video(options, config, roi, shown) if options.video else _of_file(options.det, config, roi)
    finally:
        shown.close()
    rows = TrackRows.of(found)
    write_tracks(options.out, rows)
    data = {"tracklets": len(found), "boxes": len(rows), "out": str(options.out)}
    return Result(data, [f"{len(found)} tracklets of {len(rows)} boxes, written to {options.out}"])


def _interrupted(options: argparse.Namespace) -> str:
    """Of a video the detections are kept; following itself is quick and starts again."""
    return goes_on_with_cache(options) if options.video else starts_again(options)


def _of_file(path: Path, config: PipelineConfig, roi: Mask | None) -> list[Tracklet]:
    from ml.datasets.mot import read_detections
    from ml.pipeline.track import track_detections
    from ml.tracking.config import REID
    from ml.types import UserError

    if config.tracker.features == REID:
        message = "A file of detections has no pictures to take ReID features from: say --video, or --features none."
        raise UserError("bad-configuration", message)
    detections = read_detections(path)
    last = int(detections.frames[-1]) if len(detections) else -1
    return list(track_detections([(0, last, detections)], config=config.tracker, roi=roi))


def _of_video(
    options: argparse.Namespace, config: PipelineConfig, roi: Mask | None, shown: StageLines
) -> list[Tracklet]:
    from ml.pipeline.cache import StageCache
    from ml.pipeline.camera import CameraStages
    from ml.pipeline.detect import read_detections
    from ml.pipeline.models import Models
    from ml.pipeline.track import track_detections
    from ml.pipeline.video import VideoFile
    from ml.tracking.config import REID

    models = Models(config, options.device)
    with TemporaryDirectory() as folder:
        cache = StageCache(options.cache or Path(folder))
        stages = CameraStages(VideoFile.at(options.video), config=config, models=models, cache=cache, roi=roi)
        video = stages.video(shown.stage("index"))
        found = stages.detections(shown.stage("detect"))
        if config.tracker.features == REID:
            found = stages.looks(shown.stage("look"))
        spans = read_detections(found, len(video.index))
        return list(
            track_detections(
                spans, config=config.tracker, roi=roi, total=len(video.index), progress=shown.stage("track")
            )
        )
