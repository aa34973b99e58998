"""Job kind `embed_picture`: what a picture that somebody searches with looks like."""

from __future__ import annotations

from backend.media.storage import read_bytes
from backend.search.models import SearchPicture
from backend.search.services import search_picture_describe
from ml.pipeline.models import Models
from ml.reid.picture import read_picture
from ml.types import UserError
from workers.context import JobContext
from workers.stages import config_of, stage_cache


def run(context: JobContext) -> None:
    """Describes the picture with the run's network."""
    picture = SearchPicture.objects.select_related("run").filter(pk=context.job.parameters["picture"]).first()
    if picture is None:
        raise UserError("picture-missing", "the picture is no longer kept: upload it again")
    image = read_picture(read_bytes(picture.file))
    context.progress(0, 1, "pictures")
    vector = Models(config_of(picture.run), exports=stage_cache().exports).embedder().embed([image])[0]
    with context.publish():
        search_picture_describe(picture=picture, vector=vector)
