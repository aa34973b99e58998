"""Damage loses pictures, says how many, and never gives a picture another's number."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from ml.types import Image
from ml.video import FrameIndex, index_frames, ingest_video, read_frames
from tests.unit.ml.video.damage import COUNT, GROUP, blanked, flipped, places, without_packets, write_moving


def _by_tenth(path: Path, index: FrameIndex, start_s: float) -> dict[int, Image]:
    """Pictures by the tenth of a second at which they are due after `start_s` on the container's clock."""
    due = np.rint((index.times_s + index.start_s - start_s) * 10).astype(int)
    return {int(due[number]): picture for number, picture in read_frames(path, index=index)}


def _same(pictures: dict[int, Image], whole: dict[int, Image], numbers: range) -> bool:
    return all(np.array_equal(pictures[number], whole[number]) for number in numbers)


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts", "clip.avi"])
@pytest.mark.parametrize("b_frames", ["0", "2"])
def test_pictures_after_the_next_key_frame_are_those_of_the_whole_file(
    tmp_path: Path, name: str, b_frames: str
) -> None:
    clip = write_moving(tmp_path / name, options={"bf": b_frames})
    start_s = index_frames(clip).start_s
    whole = _by_tenth(clip, index_frames(clip), start_s)
    hurt = flipped(clip, [GROUP + 1])
    index = index_frames(hurt)
    read = _by_tenth(hurt, index, start_s)
    assert index.corrupt_packets >= COUNT - len(index)
    assert len(read) == len(index)
    assert set(read) <= set(whole)
    assert len(read) < COUNT or not _same(read, whole, range(GROUP, 2 * GROUP))
    assert _same(read, whole, range(GROUP))
    assert _same(read, whole, range(2 * GROUP, COUNT))


def test_a_damaged_key_frame_is_counted_with_every_picture_that_it_takes_along(tmp_path: Path) -> None:
    clip = write_moving(tmp_path / "clip.mp4", options={"bf": "2"})
    whole = _by_tenth(clip, index_frames(clip), 0)
    hurt = blanked(clip, 0)
    index = index_frames(hurt)
    assert index.corrupt_packets == COUNT - len(index) == GROUP
    assert _same(_by_tenth(hurt, index, 0), whole, range(GROUP, COUNT))


def test_damage_in_the_last_packet_is_counted(tmp_path: Path) -> None:
    hurt = blanked(write_moving(tmp_path / "clip.mp4", options={"bf": "2"}), COUNT - 1)
    index = index_frames(hurt)
    assert index.corrupt_packets >= COUNT - len(index) == 1


def test_a_missing_key_frame_at_the_start_leaves_the_pictures_up_to_the_next_out(tmp_path: Path) -> None:
    clip = write_moving(tmp_path / "clip.ts")
    late = without_packets(clip, 5)
    whole = index_frames(clip)
    index = index_frames(late)
    read = _by_tenth(late, index, index.start_s - GROUP / 10)
    assert index.corrupt_packets == GROUP - 5
    assert list(read) == list(range(GROUP, COUNT))
    assert _same(read, _by_tenth(clip, whole, whole.start_s), range(GROUP, COUNT))


def test_a_tail_cut_off_inside_a_packet_loses_that_packet_and_what_came_after(tmp_path: Path) -> None:
    clip = write_moving(tmp_path / "clip.mkv")
    whole = _by_tenth(clip, index_frames(clip), 0)
    position, size = places(clip)[30]
    clip.write_bytes(clip.read_bytes()[: position + size // 2])
    index = index_frames(clip)
    read = _by_tenth(clip, index, 0)
    assert list(read) == list(range(30))
    assert _same(read, whole, range(30))


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts"])
@pytest.mark.parametrize("damage", [(GROUP, 2 * GROUP + 4), (GROUP + 1,)])
def test_damaged_pictures_are_the_same_wherever_reading_starts(
    tmp_path: Path, name: str, damage: tuple[int, ...]
) -> None:
    hurt = flipped(write_moving(tmp_path / name, options={"bf": "2"}), damage)
    index = index_frames(hurt)
    front = dict(read_frames(hurt, index=index))
    assert list(front) == list(range(len(index)))
    for first in (5, GROUP - 1, GROUP + 1, 2 * GROUP - 1, 30):
        middle = dict(read_frames(hurt, index=index, first=first))
        assert list(middle) == list(range(first, len(index)))
        assert _same(middle, front, range(first, len(index)))


def test_pictures_passed_over_in_a_damaged_video_are_heard_of(tmp_path: Path) -> None:
    hurt = blanked(write_moving(tmp_path / "clip.mp4"), 0)
    index = index_frames(hurt)
    heard: list[tuple[int, int | None]] = []
    read = read_frames(hurt, index=index, first=20, skipping=lambda done, total, unit: heard.append((done, total)))
    assert next(read)[0] == 20
    assert heard == [(done, 20) for done in range(1, 21)]


def test_ingest_of_a_damaged_video_counts_what_is_missing_and_keeps_the_times(tmp_path: Path) -> None:
    hurt = flipped(write_moving(tmp_path / "clip.mp4", options={"bf": "2"}), [20, 30])
    result = ingest_video(hurt, tmp_path / "out")
    assert result.info.corrupt_frames == result.index.corrupt_packets > 0
    assert result.index.corrupt_packets >= COUNT - len(result.index)
    assert result.index.times_s == pytest.approx(index_frames(hurt).times_s)
    assert index_frames(result.proxy).times_s == pytest.approx(result.index.times_s, abs=1e-9)


@pytest.mark.parametrize("taken_in", [False, True])
def test_progress_of_a_damaged_video_counts_on_in_its_second_pass(tmp_path: Path, taken_in: bool) -> None:
    hurt, seen = blanked(write_moving(tmp_path / "clip.mp4"), COUNT - 1), list[tuple[int, int | None]]()

    def note(done: int, total: int | None, unit: str) -> None:
        seen.append((done, total))

    if taken_in:
        ingest_video(hurt, tmp_path / "out", progress=note)
    else:
        index_frames(hurt, note)
    shown = COUNT - 1
    first = [(done, COUNT) for done in range(1, shown + 1)]
    assert seen == first + [(shown + done, shown + total) for done, total in first]


@pytest.mark.parametrize("b_frames", ["0", "2"])
@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_every_picture_of_a_sound_avi_has_its_even_time(tmp_path: Path, codec: str, b_frames: str) -> None:
    index = index_frames(write_moving(tmp_path / "clip.avi", codec=codec, options={"bf": b_frames}))
    assert index.corrupt_packets == 0
    assert index.times_s == pytest.approx(np.arange(COUNT) / 10)


def _starting_late(path: Path, tenths: int) -> Path:
    """The same pictures in a file whose edit list says to show them from `tenths` on only."""
    copy = path.with_stem("edited")
    with av.open(str(path)) as given, av.open(str(copy), "w", options={"avoid_negative_ts": "disabled"}) as out:
        source = given.streams.video[0]
        assert source.time_base is not None
        stream, shift = out.add_stream_from_template(source), int(Fraction(tenths, 10) / source.time_base)
        for packet in given.demux(source):
            if packet.dts is not None and packet.pts is not None:
                packet.pts, packet.dts, packet.stream = packet.pts - shift, packet.dts - shift, stream
                out.mux(packet)
    return copy


def test_pictures_that_the_file_itself_leaves_out_are_no_damage(tmp_path: Path) -> None:
    clip = write_moving(tmp_path / "clip.mp4", options={"bf": "2"})
    whole = dict(read_frames(clip, index=index_frames(clip)))
    edited = _starting_late(clip, GROUP + 3)
    index = index_frames(edited)
    read = dict(read_frames(edited, index=index))
    assert (len(index), index.corrupt_packets) == (COUNT - GROUP - 3, 0)
    assert all(np.array_equal(picture, whole[number + GROUP + 3]) for number, picture in read.items())
