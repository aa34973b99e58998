"""Job kind `detect`: find the vehicles of one video."""

from __future__ import annotations

from backend.tracking.services import run_models_used_set
from workers.context import JobContext
from workers.stages import camera_stages, run_of


def run(context: JobContext) -> None:
    """Leaves the detections in the stage cache; the next stage reads them there."""
    with camera_stages(context.job, context.progress) as (stages, models):
        stages.detections(context.progress)
    used = models.used()["detect"]
    with context.publish():
        run_models_used_set(run=run_of(context.job), stage="detect", **used)
