from pathlib import Path

import numpy as np
import pytest

from ml.matching import MatcherConfig, constrained_sync, roomy_links
from ml.matching.blocks import compared_pairs
from ml.matching.columns import Columns
from ml.pipeline.blocks import StoredBlocks, read_block, read_parts, write_block, write_parts
from ml.pipeline.cache import StageCache
from ml.pipeline.results import KEPT
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
    scene, store = road(6, "abc"), StoredBlocks(StageCache(tmp_path), "city")
    first = constrained_sync(scene, roomy_links("abc"), config=MatcherConfig(), store=store)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob("compare/*/block.npz")}

    reported: list[tuple[int, str]] = []
    store = StoredBlocks(StageCache(tmp_path), "city", lambda done, total, unit: reported.append((done, unit)))
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
            road(6), roomy_links("ab"), config=MatcherConfig(), store=StoredBlocks(StageCache(tmp_path), "city", stop)
        )


def test_components_are_read_as_they_were_written(tmp_path: Path) -> None:
    parts = {b"a" * 32: np.array([0, 0, 2], np.int32), b"b" * 32: np.array([0, 1], np.int32)}

    for kept in (parts, {}):
        write_parts(tmp_path / "parts", kept)
        read = read_parts(tmp_path / "parts")

        assert {digest: own.tolist() for digest, own in read.items()} == {d: own.tolist() for d, own in kept.items()}


def test_the_next_match_knows_the_components_of_the_last_one(tmp_path: Path) -> None:
    cache = StageCache(tmp_path)
    assert StoredBlocks(cache, "city").known_parts() == {}
    constrained_sync(road(6), roomy_links("ab"), config=MatcherConfig(), store=StoredBlocks(cache, "city"))

    known = StoredBlocks(cache, "city").known_parts()
    store = StoredBlocks(cache, "city")
    constrained_sync(road(6), roomy_links("ab"), config=MatcherConfig(), store=store)

    assert known
    assert store.known_parts().keys() == known.keys()
    assert StoredBlocks(cache, "village").known_parts() == {}


def test_blocks_that_no_kept_result_needs_are_removed(tmp_path: Path) -> None:
    """Camera a is seen anew each time: its own block and those with b and c are others, the other three stay."""
    cache = StageCache(tmp_path)
    for start in range(KEPT + 2):
        scene = [one for one in road(6, "abc") if one.camera != "a" or one.key >= start]
        constrained_sync(scene, roomy_links("abc"), config=MatcherConfig(), store=StoredBlocks(cache, "city"))

    assert len(list(tmp_path.glob("compare/*/block.npz"))) == 3 + 3 * KEPT


def test_a_block_that_another_match_is_removing_is_made_again(tmp_path: Path) -> None:
    scene, cache = road(6), StageCache(tmp_path)
    for _ in range(2):
        store = StoredBlocks(cache, "city")
        result = constrained_sync(scene, roomy_links("ab"), config=MatcherConfig(), store=store)
        for block in tmp_path.glob("compare/*/block.npz"):
            block.unlink()  # its manifest is still found

    assert result.labels.tolist() == constrained_sync(scene, roomy_links("ab"), config=MatcherConfig()).labels.tolist()
