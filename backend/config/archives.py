"""Zip archives written while they are sent: memory holds one piece of one file, however large the whole."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

MADE = (1980, 1, 1, 0, 0, 0)  # the same content is the same archive, whenever it is made
QUICK = 1  # compression level: text of boxes shrinks to a third even so
HELD = 1 << 18  # bytes of the archive that are gathered before they are sent


@dataclass
class Archive:
    """An archive under way. `checksums` has the SHA-256 of every file that is whole, by name."""

    checksums: dict[str, str] = field(default_factory=dict)
    _made: io.BytesIO = field(default_factory=lambda: _Unseekable())
    _zip: ZipFile | None = None

    def file(self, name: str, parts: Iterable[bytes]) -> Iterator[bytes]:
        """Write one file; what is ready of the archive comes out as it grows."""
        if self._zip is None:
            self._zip = ZipFile(self._made, "w", ZIP_DEFLATED, compresslevel=QUICK)
        digest = hashlib.sha256()
        info = ZipInfo(name, MADE)
        info.compress_type = ZIP_DEFLATED
        with self._zip.open(info, "w", force_zip64=True) as target:
            for part in parts:
                digest.update(part)
                target.write(part)
                yield from self._ready(HELD)
        self.checksums[name] = digest.hexdigest()
        yield from self._ready(1)

    def end(self) -> Iterator[bytes]:
        """The list of files that closes the archive."""
        if self._zip is not None:
            self._zip.close()
        yield from self._ready(1)

    def _ready(self, least: int) -> Iterator[bytes]:
        content = self._made.getvalue()
        if len(content) >= least:
            self._made.seek(0)
            self._made.truncate()
            yield content


class _Unseekable(io.BytesIO):
    """What was written is gone once it is sent, so the zip must not go back to it."""

    def tell(self) -> int:
        raise io.UnsupportedOperation("the archive is sent while it is written")


def archive_response(name: str, chunks: Iterator[bytes]) -> StreamingHttpResponse:
    """Send `chunks` as the download `name`; the event loop never waits for one."""
    response = StreamingHttpResponse(_awaited(chunks), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


async def _awaited(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    def following() -> bytes | None:
        return next(chunks, None)

    while (chunk := await sync_to_async(following)()) is not None:
        yield chunk
