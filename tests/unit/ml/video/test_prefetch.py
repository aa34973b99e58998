"""Items made ahead arrive in order, failures where they happened, and nothing runs on."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.video import prefetched


def _alive() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "prefetch"]


@given(st.lists(st.integers()), st.integers(0, 4))
def test_items_come_in_order(items: list[int], depth: int) -> None:
    assert list(prefetched(iter(items), depth=depth)) == items
    assert _alive() == []


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_a_failure_comes_after_the_items_before_it(depth: int) -> None:
    def source() -> Iterator[int]:
        yield 1
        yield 2
        raise OSError("the disk is gone")

    items = prefetched(source(), depth=depth)
    assert [next(items), next(items)] == [1, 2]
    with pytest.raises(OSError, match="the disk is gone"):
        next(items)
    assert _alive() == []


@pytest.mark.parametrize("depth", [1, 3])
def test_no_more_than_depth_items_wait(depth: int) -> None:
    made, used = [], 0

    def source() -> Iterator[int]:
        for item in range(50):
            made.append(item)
            assert len(made) - used <= depth + 1
            yield item

    for _ in prefetched(source(), depth=depth):
        used += 1
    assert (len(made), used) == (50, 50)


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_stopping_early_closes_the_source_and_ends_the_thread(depth: int) -> None:
    closed = []

    def source() -> Iterator[int]:
        try:
            yield from range(10**9)
        finally:
            closed.append(True)

    items = prefetched(source(), depth=depth)
    assert next(items) == 0
    items.close()
    assert closed == [True]
    assert _alive() == []
