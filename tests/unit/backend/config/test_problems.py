from __future__ import annotations

import errno
from pathlib import Path

import pytest

from backend.config.demo.problems import DemoProblem, explained, log_tail
from backend.config.embedded.postgres import PostgresFailed


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "is full"),
        (PermissionError(errno.EACCES, "Permission denied", "/data/run"), "/data/run cannot be written"),
        (OSError(errno.EROFS, "Read-only file system", "/data"), "CROSSTRACK_DATA"),
        (ImportError("libGL.so.1: cannot open shared object file: No such file"), "libGL.so.1 is missing"),
        (PostgresFailed("initdb failed; the reason is in a log."), "the reason is in a log"),
    ],
)
def test_each_known_trouble_is_one_sentence_with_a_remedy(error: Exception, part: str, tmp_path: Path) -> None:
    with pytest.raises(DemoProblem) as problem, explained(tmp_path):
        raise error
    assert part in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_service_that_failed_for_want_of_space_says_so(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "postgres.log").write_text("FATAL:  could not write: No space left on device\n")
    with pytest.raises(DemoProblem, match="is full"), explained(tmp_path):
        raise PostgresFailed("pg_ctl failed")


def test_a_bug_stays_a_bug(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="a bug"), explained(tmp_path):
        raise RuntimeError("a bug")


def test_log_tail_shows_the_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("\n".join(f"line {n}" for n in range(100)))
    assert log_tail(log, 2) == "line 98\nline 99"
    assert log_tail(tmp_path / "none.log") == ""
