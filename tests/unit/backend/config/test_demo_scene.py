from __future__ import annotations

import os
from pathlib import Path

from backend.config.demo.scene import SHIPPED, SHIPPED_NAME, scene_name


def test_the_shipped_scene_has_its_name_however_its_folder_is_written() -> None:
    assert scene_name(SHIPPED) == SHIPPED_NAME
    assert scene_name(Path(os.path.relpath(SHIPPED))) == SHIPPED_NAME


def test_another_folder_is_another_scene(tmp_path: Path) -> None:
    (tmp_path / "harbour").mkdir()
    assert scene_name(tmp_path / "harbour") == "harbour"
    assert scene_name(tmp_path / "harbour" / ".." / "harbour") == "harbour"
