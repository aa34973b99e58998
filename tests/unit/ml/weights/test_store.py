"""Weights are found, checked and downloaded, or the command that gets them is named."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ml import weights
from ml.types import UserError
from ml.weights import CARDS, WeightCard

CONTENT = b"weights" * 1000


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path != "/good.pth":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def offered(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WeightCard:
    """A card whose file can be downloaded, and an empty folder to put it into."""
    digest = hashlib.sha256(CONTENT).hexdigest()
    card = WeightCard("test", "test.pth", "here", "MIT", None, digest[:8], f"{address}/good.pth")
    monkeypatch.setitem(CARDS, "test", card)
    monkeypatch.setenv("CROSSTRACK_WEIGHTS", str(tmp_path / "weights"))
    return card


def test_committed_weights_are_what_their_cards_say() -> None:
    for card in CARDS.values():
        if card.url is None:
            path = weights.resolve(card.name)
            assert (weights.checksum(path), path.stat().st_size) == (card.sha256, card.size)


def test_missing_weights_name_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSTRACK_WEIGHTS", str(tmp_path))
    with pytest.raises(UserError, match="run: python -m ml weights fetch maskrcnn-resnet50") as refused:
        weights.resolve("maskrcnn-resnet50")
    assert refused.value.code == "weights-missing"


def test_unknown_weights_list_the_known(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nanodet") as refused:
        weights.resolve("resnet9000")
    assert refused.value.code == "weights-unknown"


def test_fetch_puts_the_file_into_place(offered: WeightCard) -> None:
    seen: list[tuple[int, int | None, str]] = []
    path = weights.fetch("test", lambda *report: seen.append(report))
    assert path.read_bytes() == CONTENT
    assert weights.resolve("test") == path
    assert seen[-1] == (len(CONTENT), len(CONTENT), "bytes")
    assert [file.name for file in path.parent.iterdir()] == ["test.pth"]


def test_fetch_downloads_once(offered: WeightCard) -> None:
    weights.fetch("test")
    seen: list[int] = []
    weights.fetch("test", lambda done, total, unit: seen.append(done))
    assert seen == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sha256": "00000000"}, "weights-damaged"),
        ({"url": "http://127.0.0.1:1/closed.pth"}, "no-network"),
        ({"url": "/absent.pth"}, "no-network"),
    ],
)
def test_a_failed_download_leaves_nothing(
    offered: WeightCard, address: str, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], code: str
) -> None:
    changed: dict[str, Any] = {
        key: address + value if value.startswith("/") else value for key, value in change.items()
    }
    monkeypatch.setitem(CARDS, "test", replace(offered, **changed))
    with pytest.raises(UserError) as refused:
        weights.fetch("test")
    assert refused.value.code == code
    assert list(weights.download_folder().iterdir()) == []
    assert weights.installed("test") is None


def test_a_changed_file_is_noticed(offered: WeightCard) -> None:
    path = weights.fetch("test")
    path.write_bytes(b"something else")
    with pytest.raises(UserError, match=r"delete it and run: python -m ml weights fetch test") as refused:
        weights.resolve("test")
    assert refused.value.code == "weights-damaged"


def test_checksum_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        weights.checksum(tmp_path / "none.pth")
    assert refused.value.code == "weights-missing"
