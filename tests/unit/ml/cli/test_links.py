"""`ml links` and `ml sync` on tracklets from a file of embeddings."""

import json
from pathlib import Path

import numpy as np
import pytest

from ml.cli.main import main
from ml.pipeline.embeddings_file import SceneEmbeddings, load_scene_embeddings, save_scene_embeddings
from tests.unit.ml.matching.road import road


def test_links_are_learned_from_a_file_of_embeddings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scene = SceneEmbeddings({"a": 1, "b": 2}, [*range(1, 13)] * 2, road(vehicles=12))
    save_scene_embeddings(tmp_path / "emb.npz", scene)

    out = tmp_path / "links.yaml"
    assert main(["links", "--embeddings", str(tmp_path / "emb.npz"), "--out", str(out), "--json"]) == 0

    (link,) = json.loads(capsys.readouterr().out)["links"]
    assert (link["from"], link["to"], link["peak_s"]) == ("a", "b", 10.0)
    assert f"max_s: {link['max_s']}" in out.read_text()


def test_places_on_the_ground_are_kept_in_the_file(tmp_path: Path) -> None:
    placed, unplaced = road(vehicles=1, cameras="a")[0], road(vehicles=1, cameras="a")[0]
    unplaced = type(unplaced)(1, "a", 30, 31, unplaced.mean, unplaced.views)
    save_scene_embeddings(tmp_path / "emb.npz", SceneEmbeddings({"a": 1}, [1, 2], [placed, unplaced]))

    first, second = load_scene_embeddings(tmp_path / "emb.npz").tracklets

    assert placed.entry is not None
    assert first.entry is not None
    np.testing.assert_array_equal(first.entry, placed.entry)
    assert (second.entry, second.exit) == (None, None)
