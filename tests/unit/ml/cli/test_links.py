"""`ml links` and `ml sync` on tracklets from a file of embeddings."""

import json
from pathlib import Path

import numpy as np
import pytest

from ml.cli.links import file_name
from ml.cli.main import main
from ml.datasets.links import read_links, read_links_by_hand
from ml.datasets.mot import TrackRows, write_tracks
from ml.datasets.submission import SubmissionRows, write_submission
from ml.pipeline.embeddings_file import SceneEmbeddings, load_scene_embeddings, save_scene_embeddings
from ml.types import CameraLink
from tests.unit.ml.matching.road import road


def test_links_are_learned_from_a_file_of_embeddings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scene = SceneEmbeddings({"a": 1, "b": 2}, [*range(1, 13)] * 2, road(vehicles=12))
    save_scene_embeddings(tmp_path / "emb.npz", scene)

    out = tmp_path / "links.yaml"
    assert main(["links", "--embeddings", str(tmp_path / "emb.npz"), "--out", str(out), "--json"]) == 0

    (link,) = json.loads(capsys.readouterr().out)["links"]
    assert (link["from"], link["to"], link["peak_s"]) == ("a", "b", 10.0)
    assert f"max_s: {link['max_s']}" in out.read_text()


def embedded(folder: Path) -> list[str]:
    """The arguments of `ml links` for twelve vehicles; their tracks and identities lie beside the embeddings."""
    numbers = list(range(1, 13))
    save_scene_embeddings(folder / "emb.npz", SceneEmbeddings({"a": 1, "b": 2}, numbers * 2, road(vehicles=12)))
    frames, boxes = np.arange(12, dtype=np.int32) * 2, np.tile(np.array([[0, 0, 10, 10]], np.float32), (12, 1))
    for name in "ab":
        rows = TrackRows(frames, np.array(numbers, np.int32), boxes, np.ones(12, np.float32))
        write_tracks(folder / f"{name}.txt", rows)
    cameras, ids = np.repeat(np.array([1, 2], np.int32), 12), np.tile(np.array(numbers, np.int32), 2)
    rows_ = SubmissionRows.without_world(cameras, ids, np.tile(frames, 2), np.tile(boxes, (2, 1)))
    write_submission(folder / "track1.txt", rows_)
    return ["links", "--embeddings", str(folder / "emb.npz"), "--out", str(folder / "links.yaml"), "--json"]


def test_confirmed_identities_are_whole_votes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [*embedded(tmp_path), "--confirmed", str(tmp_path / "track1.txt")]
    assert main(command) == 2
    assert "--tracks" in capsys.readouterr().err

    assert main([*command, "--tracks", str(tmp_path)]) == 0

    (link,) = json.loads(capsys.readouterr().out)["links"]
    assert (link["votes"], link["confirmed"], link["by_hand"]) == (12.0, 12, False)


def test_a_window_by_hand_wins_over_the_learned_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command, out = embedded(tmp_path), tmp_path / "links.yaml"
    assert main(command) == 0
    out.write_text(out.read_text().replace("min_s: 8.0", "min_s: 5.0"))

    capsys.readouterr()
    assert main(command) == 0

    (link,) = json.loads(capsys.readouterr().out)["links"]
    assert (link["min_s"], link["by_hand"]) == (5.0, True)
    assert read_links(out, "ab") == [CameraLink("a", "b", 5.0, 12.0)]
    assert main(command) == 0  # and still is
    assert read_links_by_hand(out, "ab") == [CameraLink("a", "b", 5.0, 12.0)]


def test_pictures_are_written_of_each_link_and_of_the_cameras(tmp_path: Path) -> None:
    assert main([*embedded(tmp_path), "--plot", str(tmp_path / "plots")]) == 0

    assert {path.name for path in (tmp_path / "plots").iterdir()} == {"a-b.svg", "cameras.svg"}


def test_a_file_is_called_like_its_link() -> None:
    assert file_name(CameraLink("c001", "c002", 0, 1)) == "c001-c002"
    assert file_name(CameraLink("east gate", "../b", 0, 1)) == "east_gate-.._b"


def test_places_on_the_ground_are_kept_in_the_file(tmp_path: Path) -> None:
    placed, unplaced = road(vehicles=1, cameras="a")[0], road(vehicles=1, cameras="a")[0]
    unplaced = type(unplaced)(1, "a", 30, 31, unplaced.mean, unplaced.views)
    save_scene_embeddings(tmp_path / "emb.npz", SceneEmbeddings({"a": 1}, [1, 2], [placed, unplaced]))

    first, second = load_scene_embeddings(tmp_path / "emb.npz").tracklets

    assert placed.entry is not None
    assert first.entry is not None
    np.testing.assert_array_equal(first.entry, placed.entry)
    assert (second.entry, second.exit) == (None, None)
