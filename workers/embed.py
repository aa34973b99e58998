"""Job kind `embed`: what the tracklets of one video look like, and which type and colour they have."""

from __future__ import annotations

from backend.tracking.rows import Reading
from backend.tracking.services import embeddings_replace, run_models_used_set
from ml.pipeline.artefacts import read_embeddings
from ml.reid.attributes import most_probable
from ml.types import TrackletEmbedding
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
        count = embeddings_replace(
            run=run_of(job), video=video_of(job), model=model, rows=read_embeddings(folder), reading_of=reading_of
        )
        run_models_used_set(run=run_of(job), stage="embed", **used)
        context.log(f"{count} tracklets embedded")


def reading_of(embedding: TrackletEmbedding) -> Reading | None:
    """The most probable type and colour; None where the network reads none."""
    if embedding.attributes is None:
        return None
    (kind, type_chance), (colour, colour_chance) = most_probable(embedding.attributes)
    return Reading(kind, type_chance, colour, colour_chance)
