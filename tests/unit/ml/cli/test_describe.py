"""`python -m ml describe` and `crops`: what they print and write."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest

from ml.cli.main import main
from ml.datasets.layout import CameraContent, write_scene
from ml.datasets.reid import LAYOUTS
from tests.unit.ml.datasets.reid.test_from_scene import truth
from tests.unit.ml.datasets.reid.trees import write_veri
from tests.unit.ml.video.clips import write_clip


def test_a_set_is_described_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_veri(tmp_path / "VeRi")
    assert main(["describe", str(tmp_path / "VeRi"), "--sheet", str(tmp_path / "new" / "sheet.png")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "VeRi: layout veri"
    assert lines[2].split() == ["train", "3", "2", "2", "0", "1/1.5/2", "1/1.5/2", "8/8/8", "6/6/6"]
    assert "train: types 3: 3; colours 5: 3" in lines
    assert "  one-picture: 1 training identities have one picture: 4" in lines
    assert cv2.imread(str(tmp_path / "new" / "sheet.png")) is not None


def test_a_set_is_described_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", str(write_veri(tmp_path)), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["layout"] == "veri"
    assert said["tables"]["gallery"]["pictures"] == 4
    assert [problem["code"] for problem in said["problems"]] == ["one-picture", "one-camera"]


def test_a_layout_can_be_named_and_a_wrong_one_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", str(write_veri(tmp_path)), "--format", "vehicleid"]) == 2
    assert "train_test_split has neither train_list.txt" in capsys.readouterr().err


def test_help_names_every_layout(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["describe", "--help"])
    said = capsys.readouterr().out
    assert [name for name in LAYOUTS if name not in said] == []


def test_crops_of_a_scene_can_be_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    video = write_clip(tmp_path / "clip.mp4", times_ms=range(0, 800, 100))
    write_scene(tmp_path, "S01", [CameraContent("c001", video, ground_truth=truth([0, 5], [7, 9]))])
    assert main(["crops", str(tmp_path / "S01"), "--out", str(tmp_path / "out"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pictures"] == 2
    assert main(["describe", str(tmp_path / "out"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tables"]["train"]["times"] == 2
