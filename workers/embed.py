"""Job kind `embed`: what the tracklets of one video look like."""

from __future__ import annotations

from backend.tracking.services import embeddings_replace, run_models_used_set
from ml.pipeline.artefacts import read_embeddings
from workers.context import JobContext
from workers.stages import camera_stages, run_of, video_of


def run(context: JobContext) -> None:
    """Writes vectors and pictures of the run's tracklets of the video."""
    job = context.job
    with camera_stages(job, context.progress) as (stages, models):
        folder = stages.embeddings(context.progress)
    used = models.used()["embed"]
    model = f"{used['name']} {used['checksum'][:12]}"
    with context.publish():
        count = embeddings_replace(run=run_of(job), video=video_of(job), model=model, rows=read_embeddings(folder))
        run_models_used_set(run=run_of(job), stage="embed", **used)
        context.log(f"{count} tracklets embedded")
