from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.media.ranges import ByteRange, Unsatisfiable, parse_range


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", ByteRange(0, 0)),
        ("bytes=0-", ByteRange(0, 99)),
        ("bytes=90-200", ByteRange(90, 99)),
        ("bytes=-1", ByteRange(99, 99)),
        ("bytes=-1000", ByteRange(0, 99)),
        ("bytes = 5 - 9", ByteRange(5, 9)),
        ("bytes=9-5", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("items=0-1", None),
        ("", None),
    ],
)
def test_ranges_of_a_hundred_bytes(header: str, expected: ByteRange | None) -> None:
    assert parse_range(header, 100) == expected


@pytest.mark.parametrize(("header", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0), ("bytes=-5", 0)])
def test_ranges_behind_the_end(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        parse_range(header, size)


@given(data=st.binary(min_size=1, max_size=64), first=st.integers(0, 80), length=st.integers(1, 80))
def test_a_range_inside_is_the_slice_of_the_file(data: bytes, first: int, length: int) -> None:
    header = f"bytes={first}-{first + length - 1}"
    if first >= len(data):
        with pytest.raises(Unsatisfiable):
            parse_range(header, len(data))
        return
    found = parse_range(header, len(data))
    assert found is not None
    assert data[found.first : found.first + found.length] == data[first : first + length]
