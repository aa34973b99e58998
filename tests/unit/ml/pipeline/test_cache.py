"""Stage results by content: found again, whole or absent, one maker at a time."""

import multiprocessing
import os
import signal
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.pipeline.cache import StageCache, StageKey, canonical_json, write_bytes
from ml.types import UserError

plain = st.dictionaries(
    st.text(), st.integers() | st.text() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
)


def key(**changes: Any) -> StageKey:
    values: dict[str, Any] = {"stage": "detect", "version": 1, "inputs": {"video": "a"}, "config": {"min_score": 0.3}}
    return StageKey(**{**values, **changes})


@given(content=plain)
def test_the_order_of_settings_does_not_matter(content: dict[str, object]) -> None:
    backwards = dict(reversed(content.items()))
    assert canonical_json(content) == canonical_json(backwards)
    assert key(config=content).digest == key(config=backwards).digest


@pytest.mark.parametrize(
    "change",
    [{"stage": "track"}, {"version": 2}, {"inputs": {"video": "b"}}, {"config": {"min_score": 0.4}}],
)
def test_every_part_of_the_key_counts(change: dict[str, object]) -> None:
    assert key(**change).digest != key().digest


def test_nan_has_no_key() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        _ = key(config={"min_score": float("nan")}).digest


def test_a_committed_result_is_found_whole(tmp_path: Path) -> None:
    cache = StageCache(tmp_path)
    assert cache.find(key()) is None
    with cache.claim(key()) as stage:
        assert not stage.complete
        write_bytes(stage.path / "part", b"content")
        assert cache.find(key()) is None
        final = stage.commit(key())
    assert cache.find(key()) == final
    with cache.claim(key()) as stage:
        assert (stage.complete, stage.path) == (True, final)
    assert (final / "part").read_bytes() == b"content"
    assert not any((tmp_path / "partial").iterdir())


def cut_short(cache: StageCache) -> None:
    with cache.claim(key()) as stage:
        write_bytes(stage.path / "part-0", b"done")
        raise KeyboardInterrupt


def test_an_unfinished_stage_finds_its_parts_again(tmp_path: Path) -> None:
    cache = StageCache(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        cut_short(cache)
    assert cache.find(key()) is None
    with cache.claim(key()) as stage:
        assert not stage.complete
        assert (stage.path / "part-0").read_bytes() == b"done"


def hold(root: Path, held: Event) -> None:
    with StageCache(root).claim(key()) as stage:
        write_bytes(stage.path / "part-0", b"done")
        held.set()
        signal.pause()


def test_a_killed_holder_frees_the_stage_and_leaves_its_parts(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    process = context.Process(target=hold, args=(tmp_path, held))
    process.start()
    assert held.wait(60)
    waits = []

    def kill_when_seen_waiting(done: int, total: int | None, unit: str) -> None:
        waits.append(unit)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)

    with StageCache(tmp_path).claim(key(), kill_when_seen_waiting) as stage:
        assert waits
        assert set(waits) == {"waiting"}
        assert not stage.complete
        assert (stage.path / "part-0").read_bytes() == b"done"
    process.join(60)


def test_waiting_can_be_cancelled(tmp_path: Path) -> None:
    def cancel(done: int, total: int | None, unit: str) -> None:
        raise KeyboardInterrupt

    cache = StageCache(tmp_path)
    with cache.claim(key()), pytest.raises(KeyboardInterrupt), cache.claim(key(), cancel):
        pytest.fail("the stage was claimed twice")


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(UserError, match=r"cannot be made .*choose another with --cache"),
        StageCache(tmp_path / "file").claim(key()),
    ):
        pytest.fail("claimed below a file")
