"""The backup and restore commands in docs/operations.md, run as they are written there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from backend.config.embedded import postgres, valkey
from tests.integration.external import open_folder

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


def commands(heading: str) -> str:
    """The first shell block under a heading, with this test's interpreter in place of .venv's."""
    text = (ROOT / "docs" / "operations.md").read_text()
    found = re.search(rf"^## {heading}$.*?^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/operations.md has no commands under {heading}"
    return found[1].replace(".venv/bin/python manage.py", f"{sys.executable} {ROOT}/manage.py")


def run(script: str, *, folder: Path, data_dir: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "CROSSTRACK_DATA": str(data_dir)}
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as made:
        yield made
        for data_dir in (made / "old", made / "new"):
            valkey.stop(data_dir)
            postgres.stop(data_dir)


def test_a_backup_restored_elsewhere_has_the_same_rows_vectors_and_files(folder: Path) -> None:
    old, new = folder / "old", folder / "new"
    postgres.start(old)
    with psycopg.connect(postgres.embedded_database_url(old), autocommit=True) as connection:
        connection.execute("create extension vector")
        connection.execute("create table decisions as select n, '[1,2,3]'::vector as v from generate_series(1, 1000) n")
    (old / "media").mkdir()
    (old / "media" / "video.mp4").write_bytes(b"\x00\x01frames")
    (old / "secret-key").write_text("kept")
    run(commands("Backup"), folder=folder, data_dir=old)
    run(commands("Restore"), folder=folder, data_dir=new)
    with psycopg.connect(postgres.embedded_database_url(new)) as connection:
        row = connection.execute("select count(*), sum(n), min(v <-> '[1,2,5]') from decisions").fetchone()
    assert row == (1000, 500500, 2.0)
    assert (new / "media" / "video.mp4").read_bytes() == b"\x00\x01frames"
    assert (new / "secret-key").read_text() == "kept"


def test_a_restore_over_a_later_state_brings_the_backup_back(folder: Path) -> None:
    old = folder / "old"
    postgres.start(old)
    with psycopg.connect(postgres.embedded_database_url(old), autocommit=True) as connection:
        connection.execute("create table decisions as select 1 as n")
        (old / "media").mkdir()
        run(commands("Backup"), folder=folder, data_dir=old)
        connection.execute("update decisions set n = 2")
    run(commands("Restore"), folder=folder, data_dir=old)
    with psycopg.connect(postgres.embedded_database_url(old)) as connection:
        assert connection.execute("select n from decisions").fetchone() == (1,)
