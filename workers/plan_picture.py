"""Job kind `plan_picture`: a picture that somebody brought as a scene's plan is read, and made anew."""

from __future__ import annotations

from io import BytesIO

from PIL import Image as Pictures

from backend.media.storage import read_bytes
from backend.scenes.models import ScenePlan
from backend.scenes.plan.services import plan_picture_set
from ml.reid.picture import read_picture
from ml.types import Image, UserError
from workers.context import JobContext

LONGEST_SIDE = 4096  # pixels: what browsers of phones still draw
LARGEST_PNG = 6 << 20  # bytes; a photograph is smaller as JPEG
QUALITY = 88


def run(context: JobContext) -> None:
    """Raises UserError for a file that is no picture; the plan is then as it was."""
    source: str = context.job.parameters["source"]
    try:
        content = read_bytes(source)
    except FileNotFoundError:
        if ScenePlan.objects.filter(pk=context.job.parameters["plan"], source=source).exists():
            raise UserError("picture-gone", "The picture is gone from the storage; bring it anew.") from None
        context.log("another picture came in since, or the plan is gone", "warning")
        return
    picture, kind, size = redrawn(read_picture(content))
    with context.publish():
        plan_picture_set(plan_id=context.job.parameters["plan"], source=source, picture=picture, kind=kind, size=size)


def redrawn(image: Image) -> tuple[bytes, str, tuple[int, int]]:
    """(file, "png" or "jpg", (width, height)) of an RGB picture [h, w, 3]: nothing but its pixels, not too many.

    UserError plan-too-small for one that nobody could click on.
    """
    picture = Pictures.fromarray(image)
    if min(picture.size) < 16:
        raise UserError("plan-too-small", f"The picture has only {picture.width} x {picture.height} pixels.")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    drawn = BytesIO()
    picture.save(drawn, "PNG")
    if drawn.tell() <= LARGEST_PNG:
        return drawn.getvalue(), "png", picture.size
    photograph = BytesIO()
    picture.save(photograph, "JPEG", quality=QUALITY)
    return photograph.getvalue(), "jpg", picture.size
