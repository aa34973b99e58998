"""Job kind `track`: follow the vehicles of one video."""

from __future__ import annotations

from backend.tracking.services import tracklets_replace
from ml.pipeline.artefacts import read_tracklets
from workers.context import JobContext
from workers.stages import camera_stages, run_of, video_of


def run(context: JobContext) -> None:
    """Writes the run's tracklets of the video."""
    with camera_stages(context.job, context.progress) as (stages, _):
        folder = stages.tracklets(context.progress)
    with context.publish():
        count = tracklets_replace(run=run_of(context.job), video=video_of(context.job), rows=read_tracklets(folder))
        context.log(f"{count} tracklets")
