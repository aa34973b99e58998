"""The page of embeddings has two parts, and a command for each."""

from pathlib import Path

import pytest

from tests.benchmarks import reid


def test_each_command_leaves_the_other_s_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "reid.md"
    monkeypatch.setattr(reid, "PAGE", page)
    reid.write(first="# Title\n\nrows\n")
    reid.write(second="## Small\n\nrecipes\n")
    assert page.read_text() == "# Title\n\nrows\n\n## Small\n\nrecipes\n"
    reid.write(first="# Title\n\nnew rows\n")
    assert page.read_text() == "# Title\n\nnew rows\n\n## Small\n\nrecipes\n"
    reid.write(second="## Small\n\nnew recipes\n")
    assert page.read_text() == "# Title\n\nnew rows\n\n## Small\n\nnew recipes\n"
