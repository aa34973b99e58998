"""One training at a time in a folder; whoever dies lets go."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ml.locks import alone_in
from ml.types import UserError


def test_the_second_training_in_a_folder_is_told_of_the_first(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with alone_in(folder):
        with (
            pytest.raises(UserError, match=rf"process {os.getpid()}.* under way in .*out: wait") as refused,
            alone_in(folder),
        ):
            pytest.fail("held twice")
        assert refused.value.code == "training-runs"
        with alone_in(tmp_path / "other"):
            pass
    with alone_in(folder):
        pass


def test_a_killed_training_lets_go(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\nfrom ml.locks import alone_in\n"
        f"with alone_in(Path({str(tmp_path)!r})): print('held', flush=True); input()"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(UserError, match=rf"process {holder.pid}\)"), alone_in(tmp_path):
            pytest.fail("held twice")
    finally:
        holder.kill()
        holder.communicate()
    with alone_in(tmp_path):
        pass
