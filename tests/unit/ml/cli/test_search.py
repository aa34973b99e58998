from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ml.cli.main import main
from ml.pipeline.embeddings_file import SceneEmbeddings, save_scene_embeddings
from tests.unit.ml.matching.search.test_nearest import SCENE


@pytest.fixture
def embeddings(tmp_path: Path) -> Path:
    """a:1 and a:2 look 0 and 40 degrees away from the first axis, b:1 and b:2 10 and 80."""
    save_scene_embeddings(tmp_path / "emb.npz", SceneEmbeddings({"a": 1, "b": 2}, [1, 2, 1, 2], SCENE))
    return tmp_path / "emb.npz"


def search(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> list[dict[str, Any]]:
    assert main(["search", "--embeddings", str(path), "--json", *options]) == 0
    results: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["results"]
    return results


def test_what_looks_like_a_tracklet_is_listed_without_itself(
    embeddings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = search(capsys, embeddings, "--tracklet", "a:1", "--top", "2")
    assert [(row["camera"], row["number"]) for row in found] == [("b", 1), ("a", 2)]
    assert found[0] == {"camera": "b", "number": 1, "start_s": 20, "end_s": 25, "similarity": 0.9848}


def test_filters_by_camera_and_time(embeddings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = search(capsys, embeddings, "--tracklet", "a:1", "--camera", "b", "--from", "26", "--to", "30")
    assert [row["number"] for row in found] == [2]


def test_a_tracklet_that_is_not_there_is_named(embeddings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "--embeddings", str(embeddings), "--tracklet", "a:9"]) == 2
    assert "there is no tracklet 'a:9'; write it as CAMERA:ID, for example a:1" in capsys.readouterr().err


def test_a_file_that_is_no_picture_is_refused(
    embeddings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.jpg").write_text("nothing")
    assert main(["search", "--embeddings", str(embeddings), "--picture", str(tmp_path / "x.jpg")]) == 2
    assert "the picture cannot be read" in capsys.readouterr().err
