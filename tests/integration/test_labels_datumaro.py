"""Datumaro's own package reads what is written for it, and for CVAT.

It cannot stand beside ours, so it gets a place of its own:
`python -m pytest tests/integration/test_labels_datumaro.py -m soak` installs it, from a package index, in minutes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ml.datasets.labels import write_labels
from tests.integration.test_labels_foreign_readers import CAMERA

pytestmark = [pytest.mark.soak, pytest.mark.slow, pytest.mark.timeout(900)]
READER = """
import json, sys
from datumaro import Dataset
found = Dataset.import_from(*sys.argv[1:])
names = [label.name for label in found.categories()[next(iter(found.categories()))]]
print(json.dumps([
    [item.subset, item.id, names[box.label], [box.x, box.y, box.w, box.h], dict(box.attributes)]
    for item in found for box in item.annotations
]))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has Datumaro and nothing of ours."""
    place = tmp_path_factory.mktemp("datumaro") / "venv"
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    installed = subprocess.run(
        [place / "bin" / "pip", "install", "--quiet", "datumaro"], capture_output=True, text=True, check=False
    )
    if installed.returncode != 0:
        pytest.skip(f"Datumaro cannot be installed here: {installed.stderr.strip()[-200:]}")
    return place / "bin" / "python"


def read(python: Path, path: Path, form: str) -> list[Any]:
    """[subset, item, label, [left, top, width, height], attributes] of each box, as Datumaro has it."""
    done = subprocess.run([python, "-c", READER, path, form], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    rows: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return rows


def test_datumaro_reads_what_is_written_for_cvat(python: Path, tmp_path: Path) -> None:
    write_labels("cvat", tmp_path, [CAMERA])
    rows = read(python, tmp_path / "c001.xml", "cvat")
    inside = [row for row in rows if not row[4]["outside"]]
    assert len(inside) == sum(len(track.frames) for track in CAMERA.tracks)
    first = next(row for row in inside if row[1] == "frame_000000")
    assert first[2] == "car"
    assert first[3] == pytest.approx([0.1, 20, 40.2, 30.7], abs=1e-4)
    assert (first[4]["track_id"], first[4]["identity_id"]) == (1, "7")


def test_datumaro_reads_what_is_written_for_it(python: Path, tmp_path: Path) -> None:
    write_labels("datumaro", tmp_path / "labels", [CAMERA])
    rows = read(python, tmp_path / "labels", "datumaro")
    assert {subset for subset, *_ in rows} == {"c001"}
    assert len(rows) == sum(len(track.frames) for track in CAMERA.tracks)
    first = next(row for row in rows if row[1] == "c001_000000")
    assert first[2] == "car"
    assert first[3] == pytest.approx([0.1, 20, 40.2, 30.7], abs=1e-4)
    assert first[4]["track_id"] == 1
    assert first[4]["identity_id"] == 7
