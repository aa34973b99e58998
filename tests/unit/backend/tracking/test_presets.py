"""Presets by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.config.problems import BadInput
from backend.tracking.presets import Preset, preset_get, preset_list


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """Two presets, one of which is no YAML."""
    settings.PRESETS_DIR = tmp_path
    (tmp_path / "night.yaml").write_text("# At night.\n# Slow, and sees\n# in the dark.\ntracker:\n  name: jde\n")
    (tmp_path / "unwritten.yaml").write_text("detector: [\n")
    return tmp_path


def test_a_preset_is_read_alone(folder: Path) -> None:
    """What is wrong with another one does not matter."""
    expected = Preset("night", "At night", "Slow, and sees in the dark.", {"tracker": {"name": "jde"}})

    assert preset_get("night") == expected
    (folder / "unwritten.yaml").write_text("")
    assert preset_list() == [expected, Preset("unwritten", "unwritten", "", {})]


def test_a_preset_that_is_not_there_is_told_with_those_that_are(folder: Path) -> None:
    with pytest.raises(BadInput) as refused:
        preset_get("../night")

    assert "choose one of night, unwritten" in refused.value.detail
