from pathlib import Path

import numpy as np
import pytest

from ml.matching import MatcherConfig, constrained_sync, roomy_links
from ml.matching.blocks import compared_pairs
from ml.matching.columns import Columns
from ml.pipeline.blocks import StoredBlocks, read_block, write_block
from ml.pipeline.cache import StageCache
from tests.unit.ml.matching.road import road


def test_a_block_is_read_as_it_was_written(tmp_path: Path) -> None:
    block = compared_pairs(Columns.of(road(3)), roomy_links("ab"), MatcherConfig())

    write_block(tmp_path / "block", block)
    read = read_block(tmp_path / "block")

    for name in ("left", "right", "distances", "probabilities"):
        assert getattr(read, name).dtype == getattr(block, name).dtype
        assert getattr(read, name).tobytes() == getattr(block, name).tobytes()
    assert {name: term.tobytes() for name, term in read.terms.items()} == {
        name: term.tobytes() for name, term in block.terms.items()
    }


def test_the_next_match_finds_what_the_last_one_compared(tmp_path: Path) -> None:
    scene, store = road(6, "abc"), StoredBlocks(StageCache(tmp_path))
    first = constrained_sync(scene, roomy_links("abc"), config=MatcherConfig(), store=store)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob("compare/*/block.npz")}

    reported: list[tuple[int, str]] = []
    store = StoredBlocks(StageCache(tmp_path), lambda done, total, unit: reported.append((done, unit)))
    again = constrained_sync(scene, roomy_links("abc"), config=MatcherConfig(), store=store)

    assert len(kept) == 3 + 3
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("compare/*/block.npz")} == kept
    assert reported[-1] == (6, "camera pairs")
    np.testing.assert_array_equal(first.pairs.probability, again.pairs.probability)
    np.testing.assert_array_equal(first.labels, again.labels)


def test_who_hears_of_the_blocks_may_stop_the_match(tmp_path: Path) -> None:
    def stop(done: int, total: int | None, unit: str) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        constrained_sync(
            road(6), roomy_links("ab"), config=MatcherConfig(), store=StoredBlocks(StageCache(tmp_path), stop)
        )
