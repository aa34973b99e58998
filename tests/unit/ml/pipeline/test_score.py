"""A scene without true boxes is not scored, and the reason says which files are empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml.datasets.scene import SceneFolder, read_scene
from ml.pipeline.score import why_unscored


def scene_with(root: Path, **truths: str | None) -> SceneFolder:
    for name, truth in truths.items():
        (root / "S01" / name).mkdir(parents=True)
        (root / "S01" / name / "vdo.mp4").touch()
        if truth is not None:
            (root / "S01" / name / "gt").mkdir()
            (root / "S01" / name / "gt" / "gt.txt").write_text(truth)
    return read_scene(root)


@pytest.mark.parametrize(
    ("c001", "c002", "reason"),
    [
        (None, None, "the scene has no ground truth"),
        ("", None, "the scene's ground truth holds no box (ROOT/S01/c001/gt/gt.txt)"),
        ("", "1,1,2,3,4,5,1,-1,-1,-1\n", None),
    ],
)
def test_the_reason_for_no_score(tmp_path: Path, c001: str | None, c002: str | None, reason: str | None) -> None:
    found = why_unscored(scene_with(tmp_path, c001=c001, c002=c002))
    assert found == (reason and reason.replace("ROOT", str(tmp_path)))
