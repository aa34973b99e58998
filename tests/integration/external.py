"""A PostgreSQL behind TCP and a password, made of the embedded binaries: what DATABASE_URL names in production."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from backend.config.embedded import postgres
from tests.integration.containers import tcp_door

USER = "crosstrack"
PASSWORD = "p@ss/word %20"  # must survive being written into a URL


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder for a database. pytest's own is closed to other users again whenever another session starts,
    and PostgreSQL runs as another user where the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="crosstrack-test-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def external_postgres(folder: Path, password: str = PASSWORD) -> Iterator[int]:
    """The server's TCP port; the user `crosstrack` gets in by password only."""
    postgres.start(folder)
    try:
        data = postgres.data_folder(folder)
        with _administrator(folder) as connection:
            connection.execute(f"create role {USER} superuser login password '{password}'")
            connection.execute(f"alter database {postgres.DATABASE_NAME} owner to {USER}")
            rules = data / "pg_hba.conf"
            rules.write_text(f"local all {USER} scram-sha-256\n{rules.read_text()}")
            connection.execute("select pg_reload_conf()")
        with tcp_door(postgres.socket_folder(folder) / ".s.PGSQL.5432") as port:
            yield port
    finally:
        postgres.stop(folder)


def _administrator(folder: Path) -> psycopg.Connection[tuple[object, ...]]:
    host = str(postgres.socket_folder(folder))
    return psycopg.connect(host=host, user="postgres", dbname=postgres.DATABASE_NAME, autocommit=True)
