"""The embedded services survive what happens to services: kills, stale files, long paths, half-made folders."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
import pytest

from backend.config.embedded import postgres, valkey
from tests.integration.containers import tcp_door
from tests.integration.external import PASSWORD, USER, external_postgres, open_folder
from tests.services import PATIENCE

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder
        valkey.stop(folder)
        postgres.stop(folder)


def query(data_dir: Path, sql: str) -> object:
    with psycopg.connect(postgres.embedded_database_url(data_dir), autocommit=True) as connection:
        row = connection.execute(sql).fetchone()
        return row[0] if row else None


def execute(data_dir: Path, sql: str) -> None:
    with psycopg.connect(postgres.embedded_database_url(data_dir), autocommit=True) as connection:
        connection.execute(sql)


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` as a person would, without this test session's settings."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=clean | environment, capture_output=True, text=True, timeout=240, check=False)


def test_the_database_keeps_its_rows_and_has_pgvector(data_dir: Path) -> None:
    postgres.start(data_dir)
    execute(data_dir, "create extension vector")
    execute(data_dir, "create table kept as select '[1,2]'::vector as v")
    assert postgres.stop(data_dir)
    assert not postgres.is_running(data_dir)
    postgres.start(data_dir)
    assert query(data_dir, "select v <-> '[1,4]' from kept") == 2.0


def test_starting_twice_finds_the_running_server_and_stopping_twice_says_so(data_dir: Path) -> None:
    for service in (postgres, valkey):
        service.start(data_dir)
        service.start(data_dir)
        assert service.stop(data_dir)
        assert not service.stop(data_dir)


def test_a_killed_database_starts_again_with_everything_that_was_committed(data_dir: Path) -> None:
    postgres.start(data_dir)
    execute(data_dir, "create table kept as select 7 as n")
    server = postgres.server_process(postgres.data_folder(data_dir))
    assert server is not None
    family = [server, *server.children()]
    for process in family:
        with suppress(psutil.NoSuchProcess):  # the server's helpers end by themselves when it is gone
            process.send_signal(signal.SIGKILL)
    assert (postgres.data_folder(data_dir) / "postmaster.pid").exists()
    postgres.start(data_dir)
    assert query(data_dir, "select n from kept") == 7


def test_a_stale_number_of_another_living_process_does_not_stop_the_database(data_dir: Path) -> None:
    postgres.start(data_dir)
    postgres.stop(data_dir)
    stale = postgres.data_folder(data_dir) / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{postgres.data_folder(data_dir)}\n1\n5432\n\n\n1 1\nready\n")
    postgres.start(data_dir)
    assert postgres.is_running(data_dir)


def test_a_database_folder_that_was_only_half_made_is_made_anew(data_dir: Path) -> None:
    half = data_dir / "postgres.partial"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    postgres.start(data_dir)
    assert query(data_dir, "select 1") == 1
    assert not half.exists()


def test_a_killed_broker_starts_again_over_its_stale_socket_and_number(data_dir: Path) -> None:
    valkey.start(data_dir)
    server = valkey.server_process(data_dir)
    assert server is not None
    server.send_signal(signal.SIGKILL)
    server.wait(PATIENCE)
    assert valkey.socket_path(data_dir).exists()
    (data_dir / "run" / "valkey.pid").write_text(str(os.getpid()))
    assert not valkey.stop(data_dir)
    valkey.start(data_dir)
    assert valkey.is_running(data_dir)


def test_services_work_in_a_folder_whose_path_is_too_long_for_a_socket(data_dir: Path) -> None:
    deep = data_dir / ("long-" * 20) / "data"
    try:
        postgres.start(deep)
        valkey.start(deep)
        assert query(deep, "select 1") == 1
        assert valkey.is_running(deep)
    finally:
        valkey.stop(deep)
        postgres.stop(deep)


def test_the_command_starts_shows_and_stops_both_services(data_dir: Path) -> None:
    where = {"CROSSTRACK_DATA": str(data_dir)}
    assert manage("services", "status", **where).returncode == 1
    started = manage("services", "start", **where)
    assert started.returncode == 0, started.stderr
    assert "database: running" in started.stdout
    assert "broker: running" in started.stdout
    assert manage("services", "status", **where).returncode == 0
    assert "stopped: broker, database" in manage("services", "stop", **where).stdout
    assert "nothing was running" in manage("services", "stop", **where).stdout


def test_external_database_and_broker_are_used_by_their_urls(data_dir: Path) -> None:
    """Migrations and one request over TCP with passwords, nothing embedded."""
    valkey.start(data_dir)
    with external_postgres(data_dir) as port, tcp_door(valkey.socket_path(data_dir)) as broker_port:
        urls = {
            "DATABASE_URL": f"postgresql://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/crosstrack",
            "BROKER_URL": f"redis://127.0.0.1:{broker_port}/0",
            "SECRET_KEY": "k" * 50,
            "CROSSTRACK_DATA": str(data_dir / "web"),
        }
        migrated = manage("migrate", "--noinput", **urls)
        assert migrated.returncode == 0, migrated.stderr
        code = (
            "from django.test import Client\n"
            "answer = Client().get('/api/v1/health', headers={'host': 'localhost'})\n"
            "print(answer.status_code, answer.content.decode())"
        )
        answered = manage("shell", "-v", "0", "-c", code, **urls)
        assert '200 {"status":"ok","database":"ok","broker":"ok"}' in answered.stdout, answered.stderr
        wrong = manage(
            "migrate", "--check", **{**urls, "DATABASE_URL": urls["DATABASE_URL"].replace(USER + ":", USER + ":no")}
        )
        assert "password authentication failed" in wrong.stderr
    assert not (data_dir / "web" / "postgres").exists()


def test_an_external_database_without_a_secret_key_is_refused(tmp_path: Path) -> None:
    url = "postgresql://crosstrack@127.0.0.1:9/crosstrack"
    refused = manage("check", DATABASE_URL=url, CROSSTRACK_DATA=str(tmp_path))
    assert refused.returncode == 1
    assert "SECRET_KEY is not set" in refused.stderr
