"""Labels as a submission of the AI City multi-camera track (track1.txt)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ml.datasets.labels.tracks import CameraLabels
from ml.datasets.scene import camera_numbers
from ml.datasets.submission import SubmissionRows, write_submission


def write_track1(out: Path, cameras: Sequence[CameraLabels]) -> None:
    """<out>/track1.txt, by camera, frame and identity."""
    numbers = camera_numbers([camera.name for camera in cameras])
    rows = [(numbers[camera.name], track) for camera in cameras for track in camera.tracks]
    lengths = [len(track.frames) for _, track in rows]
    submission = SubmissionRows.without_world(
        np.repeat(np.array([number for number, _ in rows], np.int32), lengths),
        np.repeat(np.array([track.identity or 0 for _, track in rows], np.int32), lengths),
        np.concatenate([np.zeros(0, np.int32), *(track.frames for _, track in rows)]),
        np.concatenate([np.zeros((0, 4), np.float32), *(track.boxes for _, track in rows)]),
    )
    write_submission(out / "track1.txt", submission.sorted())
