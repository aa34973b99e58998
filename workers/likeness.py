"""Job kind `likeness`: where two tracklets' pictures look alike to the network that compared them."""

from __future__ import annotations

from backend.media.storage import read_bytes
from backend.search.likeness import KEPT, likeness_keep
from backend.search.models import Likeness
from backend.tracking.selectors import crop_name
from ml.pipeline.models import Models
from ml.reid.likeness import likeness
from ml.reid.picture import read_picture
from ml.types import UserError
from workers.context import JobContext
from workers.stages import config_of, stage_cache


def run(context: JobContext) -> None:
    """Works out and keeps the maps. Raises UserError where nobody can have them any more, or a picture is gone."""
    asked = (
        Likeness.objects.select_related("run", "left", "right").filter(pk=context.job.parameters["likeness"]).first()
    )
    if asked is None:
        raise UserError(
            "likeness-missing",
            f"it is not kept any more: the tracklets went, or {KEPT:,} others were asked about since; ask again",
        )
    names = [
        crop_name(tracklet=tracklet, rank=rank)
        for tracklet, rank in ((asked.left, asked.left_rank), (asked.right, asked.right_rank))
    ]
    try:
        pictures = [read_picture(read_bytes(name)) for name in names]
    except FileNotFoundError as missing:
        raise UserError("picture-gone", f"{missing}: bring the files back from a backup, or process anew") from missing
    context.progress(0, 1, "pairs")
    embedder = Models(config_of(asked.run), exports=stage_cache().exports).embedder()
    found = likeness(embedder.embed, *pictures)
    maps = {"similarity": found.similarity, "left": found.one.round(5).tolist(), "right": found.other.round(5).tolist()}
    with context.publish():
        likeness_keep(likeness=asked, maps=maps)
