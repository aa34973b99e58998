"""Pictures that people bring: their bytes as a request's body, told by how they begin. Workers decode them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from backend.config.problems import BadInput

LARGEST_PICTURE = 10 * 2**20  # bytes
KINDS = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}


class _PictureParser(BaseParser):
    """The file as it is; never more of it than tells that it is too large."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, bytes]:
        return {"picture": stream.read(LARGEST_PICTURE + 1)}


class JpegParser(_PictureParser):
    media_type = "image/jpeg"


class PngParser(_PictureParser):
    media_type = "image/png"


def picture_of(request: Request) -> bytes:
    """The body that these parsers read; empty where there was none."""
    content: bytes = request.data.get("picture", b"") if isinstance(request.data, dict) else b""
    return content


def picture_kind(content: bytes) -> str:
    """ "jpg" or "png". Raises BadInput for anything else, and for more than LARGEST_PICTURE."""
    if len(content) > LARGEST_PICTURE:
        raise BadInput("picture", f"The picture is larger than {LARGEST_PICTURE >> 20} MB; make it smaller.")
    for start, kind in KINDS.items():
        if content.startswith(start):
            return kind
    raise BadInput("picture", "This is no JPEG or PNG file.")
