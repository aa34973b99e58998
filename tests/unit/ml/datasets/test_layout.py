from __future__ import annotations

from pathlib import Path

import pytest

from ml.datasets.layout import CameraContent, write_scene
from ml.types import UserError


@pytest.mark.parametrize("name", ["", ".", "..", "../c001", "/etc", "c/1", "c\x00"])
def test_no_name_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    root = tmp_path / "out"
    with pytest.raises(UserError) as caught:
        write_scene(root, "S01", [CameraContent("c001"), CameraContent(name)])
    assert caught.value.code == "name-is-no-folder"
    with pytest.raises(UserError):
        write_scene(root, name, [CameraContent("c001")])
    assert not list(tmp_path.iterdir())


def test_a_name_with_dots_and_spaces_is_one_folder(tmp_path: Path) -> None:
    assert write_scene(tmp_path, "S 01..a", [CameraContent("..c1")]).is_dir()
