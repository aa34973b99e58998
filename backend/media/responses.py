"""Stored files as answers: whole when small, in bounded parts when large."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date

from backend.config.problems import NotFound, Problem
from backend.media.ranges import ByteRange, Unsatisfiable, parse_range
from backend.media.storage import file_size, file_time, read_bytes, read_range

CHUNK = 1 << 20
LARGEST_PART = 4 * CHUNK
FOREVER = "private, max-age=31536000, immutable"
REVALIDATE = "private, no-cache"
A_WHILE = "private, max-age=3600"


def picture_response(name: str, *, cache: str = REVALIDATE) -> HttpResponse:
    """A small picture, whole. Raises NotFound if its file is gone."""
    try:
        content = read_bytes(name)
    except FileNotFoundError:
        raise NotFound("picture") from None
    kind = "image/png" if name.endswith(".png") else "image/jpeg"
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": cache, "ETag": _tag(name, len(content))})


def video_response(request: HttpRequest, name: str) -> HttpResponseBase:
    """A video: the asked byte range (at most LARGEST_PART of it; browsers ask on), or all of it in chunks.

    Raises NotFound if its file is gone, Problem range-not-satisfiable (416).
    """
    try:
        size, stored_at = file_size(name), file_time(name)
    except FileNotFoundError:
        raise NotFound("video file") from None
    tag = _tag(name, size)
    response = _part_or_whole(name, size, _wanted(request, size, tag))
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    response["Last-Modified"] = http_date(stored_at.timestamp())
    response["Cache-Control"] = A_WHILE
    return response


def download_response(request: HttpRequest, name: str, *, file_name: str) -> HttpResponseBase:
    """A stored zip as a download that can be taken up again: the asked byte range to its end, or all of it, in chunks.

    Raises NotFound if its file is gone, Problem range-not-satisfiable (416).
    """
    try:
        size = file_size(name)
    except FileNotFoundError:
        raise NotFound("file") from None
    tag = _tag(name, size)
    wanted = _wanted(request, size, tag)
    first, stop = (0, size) if wanted is None else (wanted.first, wanted.last + 1)
    response = StreamingHttpResponse(
        _chunks(name, stop, first), status=200 if wanted is None else 206, content_type="application/zip"
    )
    if wanted is not None:
        response["Content-Range"] = f"bytes {first}-{stop - 1}/{size}"
    response["Content-Length"] = str(stop - first)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    response["Cache-Control"] = A_WHILE
    return response


def _wanted(request: HttpRequest, size: int, tag: str) -> ByteRange | None:
    header = request.headers.get("Range", "")
    if not header or request.headers.get("If-Range", tag) != tag:
        return None
    try:
        return parse_range(header, size)
    except Unsatisfiable:
        raise Problem(
            "range-not-satisfiable",
            f"The file has {size} bytes.",
            status=416,
            headers={"Content-Range": f"bytes */{size}"},
        ) from None


def _part_or_whole(name: str, size: int, wanted: ByteRange | None) -> HttpResponseBase:
    if wanted is None:
        whole = StreamingHttpResponse(_chunks(name, size), content_type="video/mp4")
        whole["Content-Length"] = str(size)
        return whole
    content = read_range(name, wanted.first, min(wanted.length, LARGEST_PART))
    part = HttpResponse(content, status=206, content_type="video/mp4")
    part["Content-Range"] = f"bytes {wanted.first}-{wanted.first + len(content) - 1}/{size}"
    return part


async def _chunks(name: str, stop: int, first: int = 0) -> AsyncIterator[bytes]:
    """Bytes first..stop - 1 chunk by chunk, so that the event loop never waits and memory never grows."""
    for start in range(first, stop, CHUNK):
        yield await sync_to_async(read_range, thread_sensitive=False)(name, start, min(CHUNK, stop - start))


def _tag(name: str, size: int) -> str:
    """Stored files are never changed in place, so a name and a size stand for their content."""
    return f'"{hashlib.sha256(f"{name} {size}".encode()).hexdigest()[:32]}"'
