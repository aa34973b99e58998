"""A damaged video goes through detection with its frames' own numbers, and its damage is reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ml.cli.main import main
from ml.video import index_frames
from tests.unit.ml.video.damage import COUNT, GROUP, blanked, write_moving

pytestmark = pytest.mark.slow


def test_detect_says_how_many_frames_are_damaged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hurt = blanked(write_moving(tmp_path / "clip.mp4", options={"bf": "2"}), 0)
    assert main(["detect", "--json", str(hurt), "--out", str(tmp_path / "det.txt"), "--device", "cpu"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["damaged_frames"] == index_frames(hurt).corrupt_packets == GROUP
    assert told["frames"] == COUNT - GROUP
