"""Files in S3: the requests that go out, against a small server that answers GET and HEAD as S3 does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pytest_django import Settings

from backend.config.urls_of_services import storage_settings
from backend.media.storage import file_size, file_time, local_path, read_bytes, read_range

CONTENT = bytes(range(256)) * 1000
NAME = "scenes/1/videos/a.mp4"


@dataclass
class Bucket:
    """`asked` holds (method, path, range header) of every request."""

    objects: dict[str, bytes]
    asked: list[tuple[str, str, str]] = field(default_factory=list)


def handler_of(bucket: Bucket) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.wfile.write(self.head())

        def do_HEAD(self) -> None:
            self.head()

        def head(self) -> bytes:
            path, asked = self.path.split("?")[0], self.headers.get("Range", "")
            bucket.asked.append((self.command, path, asked))
            content = bucket.objects.get(path)
            if content is None:
                return self.answer(404, b"")
            found = re.fullmatch(r"bytes=(\d+)-(\d+)", asked)
            if found is None:
                return self.answer(200, content)
            first, last = int(found[1]), min(int(found[2]), len(content) - 1)
            return self.answer(206, content[first : last + 1], f"bytes {first}-{last}/{len(content)}")

        def answer(self, status: int, content: bytes, content_range: str = "") -> bytes:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Last-Modified", "Sat, 21 Nov 2026 10:00:00 GMT")
            self.send_header("ETag", '"tag"')
            if content_range:
                self.send_header("Content-Range", content_range)
            self.end_headers()
            return content

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the terminal."""

    return Handler


@pytest.fixture
def bucket(settings: Settings, tmp_path: Path) -> Iterator[Bucket]:
    """The default storage is a bucket of this server."""
    made = Bucket({f"/films/{NAME}": CONTENT})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(made))
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"s3+http://key:secret@127.0.0.1:{server.server_port}/films?region=us-east-1"
    settings.STORAGES = {**settings.STORAGES, "default": storage_settings(url, tmp_path)}
    yield made
    server.shutdown()
    server.server_close()


def test_a_range_fetches_its_bytes_and_no_others(bucket: Bucket) -> None:
    assert read_range(NAME, 1000, 50) == CONTENT[1000:1050]
    assert read_range(NAME, len(CONTENT) - 10, 50) == CONTENT[-10:]
    assert bucket.asked[0] == ("GET", f"/films/{NAME}", "bytes=1000-1049")
    assert all(byte_range for _, _, byte_range in bucket.asked)


def test_size_and_time_need_no_content(bucket: Bucket) -> None:
    assert file_size(NAME) == len(CONTENT)
    assert file_time(NAME).isoformat().startswith("2026-11-21")
    assert {method for method, _, _ in bucket.asked} == {"HEAD"}


def test_libraries_get_a_copy_that_goes_afterwards(bucket: Bucket) -> None:
    with local_path(NAME) as path:
        assert path.suffix == ".mp4"
        assert path.read_bytes() == CONTENT
    assert not path.exists()
    assert read_bytes(NAME) == CONTENT


def test_a_missing_file_is_missing_there_too(bucket: Bucket) -> None:
    for read in (file_size, file_time, read_bytes):
        with pytest.raises(FileNotFoundError):
            read("scenes/1/videos/none.mp4")
    with pytest.raises(FileNotFoundError):
        read_range("scenes/1/videos/none.mp4", 0, 10)
    with pytest.raises(FileNotFoundError), local_path("scenes/1/videos/none.mp4"):
        pass
