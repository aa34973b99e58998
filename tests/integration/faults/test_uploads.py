"""Uploads whose connection is cut in mid-piece and whose server is killed: the bytes at the end are the file's."""

from __future__ import annotations

import hashlib
import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import psutil
import pytest

from backend.accounts.models import Role, User
from backend.accounts.services import token_create
from backend.scenes.models import Scene
from backend.scenes.services import scene_create
from backend.uploads.models import Upload, UploadState
from backend.uploads.parts import part_path
from backend.uploads.services import Announced, upload_create
from tests.ports import free_port
from tests.processes import has_ended
from tests.services import environment, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.fault]
ROOT = Path(__file__).resolve().parents[3]
MIB = 1 << 20
WEB = "gunicorn backend.config.asgi:application -k uvicorn.workers.UvicornWorker -w 1 --no-control-socket"


class Server:
    """The web server as it runs in production, with one process, on a port that stays its own."""

    def __init__(self, log: Path) -> None:
        self.port = free_port()
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", *WEB.split(), "-b", f"127.0.0.1:{self.port}"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=log, stderr=log)
        wait_for(self._answers, what="the web server answers")

    def kill(self) -> None:
        """All of it: first the one that would start another worker."""
        family = self._family()
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        assert self._process is not None
        self._process.wait()
        # A process whose first thread has ended may keep its sockets until the last one has.
        wait_for(lambda: not self._answers(), what="the web server is gone")

    def most_memory(self) -> int:
        """The largest resident size of any of its processes so far, bytes."""
        sizes = [Path(f"/proc/{process.pid}/status").read_text() for process in self._family()]
        return max(int(line.split()[1]) * 1024 for text in sizes for line in text.splitlines() if "VmHWM" in line)

    def _family(self) -> list[psutil.Process]:
        assert self._process is not None
        try:
            parent = psutil.Process(self._process.pid)
            return [each for each in [parent, *parent.children(recursive=True)] if not has_ended(each)]
        except psutil.NoSuchProcess:
            return []

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5):
                return True
        except OSError:
            return False


@pytest.fixture
def server(transactional_db: None, broker: str, tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "web.log")
    server.start()
    yield server
    server.kill()


class Sender:
    """A program that sends a file: it asks where to go on, sends a piece, and may be cut off in the middle of it."""

    def __init__(self, server: Server, token: str, upload: Upload) -> None:
        self._server = server
        self._path = f"/api/v1/uploads/{upload.pk}"
        self._said = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}

    def offset(self) -> int:
        """How many bytes the server has."""
        response, _ = self._ask("HEAD", {})
        assert response.status == 200, response.status
        return int(response.headers["Upload-Offset"])

    def send(self, offset: int, piece: bytes) -> int:
        """The status of a whole piece."""
        response, _ = self._ask("PATCH", self._piece_headers(offset, len(piece)), piece)
        return response.status

    def send_cut_off(self, offset: int, piece: bytes, sent: int) -> None:
        """Only the first `sent` bytes go out, then the line is dead."""
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=60)
        connection.putrequest("PATCH", self._path)
        for name, value in (self._said | self._piece_headers(offset, len(piece))).items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(piece[:sent])
        assert connection.sock is not None
        linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")  # a reset, not a farewell
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        connection.close()

    def _piece_headers(self, offset: int, length: int) -> dict[str, str]:
        return {
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(length),
        }

    def _ask(self, method: str, headers: dict[str, str], body: bytes | None = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=60)
        try:
            connection.request(method, self._path, body, self._said | headers)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()


@pytest.fixture
def announce(server: Server) -> Callable[[int], tuple[Sender, Upload]]:
    def make(size: int) -> tuple[Sender, Upload]:
        manager = User.objects.create_user("maria", role=Role.MANAGER)
        scene: Scene = scene_create(actor=manager, name="Crossing")
        _, secret = token_create(user=manager, name="upload")
        announced = Announced(camera_name="c001", file_name="film.mp4", size=size)
        upload = upload_create(actor=manager, scene=scene, announced=announced)
        return Sender(server, secret, upload), upload

    return make


def test_a_file_is_itself_after_cuts_in_mid_piece_and_a_killed_server(
    server: Server, announce: Callable[[int], tuple[Sender, Upload]]
) -> None:
    _send(server, *announce(8 * MIB), size=8 * MIB, piece=MIB, cuts=12, kills=1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_two_gigabytes_come_in_through_a_small_server_with_fifty_cuts(
    server: Server, announce: Callable[[int], tuple[Sender, Upload]]
) -> None:
    _send(server, *announce(2048 * MIB), size=2048 * MIB, piece=32 * MIB, cuts=50, kills=3)
    print(f"the largest of the server's processes took {server.most_memory() / MIB:.0f} MiB")
    assert server.most_memory() < 512 * MIB


def _send(server: Server, sender: Sender, upload: Upload, *, size: int, piece: int, cuts: int, kills: int) -> None:
    """Send `size` random bytes in pieces; `cuts` of the tries are cut off somewhere, after `kills` the server dies."""
    random = Random(upload.pk.int % 1000)
    block = random.randbytes(piece)
    pieces = size // piece
    troubles = ["cut"] * cuts + ["kill"] * kills
    places = sorted((random.randrange(pieces) * piece, trouble) for trouble in troubles)
    while (offset := sender.offset()) < size:
        body = _piece(block, offset)
        while places and places[0][0] <= offset:
            _, trouble = places.pop(0)
            sender.send_cut_off(offset, body, random.randrange(len(body)))
            if trouble == "kill":
                server.kill()
                server.start()
            assert sender.offset() == offset, "a piece counts as a whole or not at all"
        status = sender.send(offset, body)
        assert status in (204, 423), status  # 423: the one that was cut off is not over yet
        if status == 423:
            time.sleep(0.1)
    assert not places
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKING
    assert _digest(part_path(upload.pk)) == _expected(block, size, piece)


def _piece(block: bytes, offset: int) -> bytes:
    """Every piece is another: it begins with its place."""
    return offset.to_bytes(8, "big") + block[8:]


def _expected(block: bytes, size: int, piece: int) -> str:
    digest = hashlib.sha256()
    for offset in range(0, size, piece):
        digest.update(_piece(block, offset))
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
