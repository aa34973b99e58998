"""When a video was recorded, by its name and by its header."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import av
import pytest

from ml.video import time_in_header, time_in_name

AFTERNOON = datetime(2021, 3, 14, 15, 30, 9)


@pytest.mark.parametrize(
    "name",
    [
        "20210314_153009.mp4",
        "north-2021-03-14T15-30-09.mkv",
        "ch01_20210314153009_x.avi",
        "VID 2021.03.14 15.30.09.mov",
        "2021-03-14_15h30m09.mp4",
    ],
)
def test_common_ways_of_naming_are_read(name: str) -> None:
    assert time_in_name(name) == AFTERNOON


@pytest.mark.parametrize(
    "name",
    [
        "vdo.avi",
        "c001.mp4",
        "20211314_153009.mp4",  # no such month
        "19700101_000000.mp4",  # a clock that was never set
        "20210314_153009_to_20210314_163009.mp4",  # two times
        "120210314_1530091.mp4",  # digits of something else
    ],
)
def test_what_is_no_time_is_none(name: str) -> None:
    assert time_in_name(name) is None


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("2021-03-14T15:30:09.000000Z", AFTERNOON.replace(tzinfo=UTC)),
        ("1970-01-01T00:00:00.000000Z", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_headers_time_is_read(tmp_path: Path, said: str, read: datetime | None) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        container.metadata["creation_time"] = said
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for packet in [*stream.encode(av.VideoFrame(32, 32, "yuv420p")), *stream.encode()]:
            container.mux(packet)
    assert time_in_header(path) == read
