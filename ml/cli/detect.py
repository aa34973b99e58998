"""`python -m ml detect`: vehicles in every frame of a video."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from ml.cli.command import Result, StageLines, add_command, add_config, config_of, goes_on_with_cache


def add_to(commands: Any) -> None:
    summary = "Find vehicles in every frame of a video."
    parser = add_command(commands, "detect", detect, summary, interrupted=goes_on_with_cache)
    parser.add_argument("video", type=Path, metavar="VIDEO")
    parser.add_argument("--out", type=Path, required=True, metavar="det.txt")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep stage results here")
    add_config(parser)


def detect(options: argparse.Namespace) -> Result:
    from ml.datasets.mot import write_detections
    from ml.pipeline.cache import StageCache
    from ml.pipeline.camera import CameraStages
    from ml.pipeline.detect import read_detections
    from ml.pipeline.models import Models
    from ml.pipeline.video import VideoFile
    from ml.types import Detections

    config, shown = config_of(options), StageLines()
    models = Models(config, options.device)
    with tempfile.TemporaryDirectory() as folder:
        cache = StageCache(options.cache or Path(folder))
        stages = CameraStages(VideoFile.at(options.video), config=config, models=models, cache=cache)
        try:
            video = stages.video(shown.stage("index"))
            found = stages.detections(shown.stage("detect"))
        finally:
            shown.close()
        frames = len(video.index)
        detections = Detections.concatenate([part for _, _, part in read_detections(found, frames)])
        write_detections(options.out, detections)
    damaged = video.index.corrupt_packets
    data = {
        "video": str(options.video),
        "frames": frames,
        "damaged_frames": damaged,
        "detections": len(detections),
        "out": str(options.out),
    }
    lines = [f"{len(detections)} detections in {frames} frames, written to {options.out}"]
    if damaged:
        lines.append(f"{damaged} frames of the video are damaged; those that could not be decoded have no number")
    return Result(data, lines)
