"""Where a video is decoded: as asked for, with the reason, and to the same pictures."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from ml.types import UserError
from ml.video import index_frames, read_frames
from ml.video.container import pixels
from ml.video.hardware import choose_decoding
from tests.unit.ml.video.clips import number_shown, write_clip
from tests.unit.ml.video.damage import write_moving


@pytest.mark.parametrize("first", [0, 13])
def test_decoding_by_whatever_can_gives_the_same_numbers(tmp_path: Path, first: int) -> None:
    clip = write_clip(tmp_path / "clip.mp4", size=(320, 240), options={"bf": "2", "g": "12"})
    read = read_frames(clip, index=index_frames(clip), first=first, decode="auto")
    assert [(number, number_shown(picture)) for number, picture in read] == [(n, n) for n in range(first, 30)]


def test_pictures_as_graphics_cards_hand_them_over_have_the_same_colours(tmp_path: Path) -> None:
    moving = write_moving(tmp_path / "moving.mp4")
    with av.open(str(moving)) as container:
        for picture in container.decode(video=0):
            interleaved = picture.reformat(format="nv12")
            size = picture.width, picture.height
            assert np.array_equal(pixels(interleaved, "rgb24", *size), pixels(picture, "rgb24", *size))


def test_the_choice_of_decoding_gives_its_reason(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4")
    off, auto = choose_decoding(clip, "cpu"), choose_decoding(clip, "auto")
    assert (off.hwaccel, off.reason) == (None, "decoded in software, as asked for")
    assert auto.reason.startswith("decoded in software: " if auto.hwaccel is None else "decoded by ")
    assert len(auto.reason) > len("decoded in software: ")


def test_a_codec_that_no_device_offers_is_decoded_in_software_unless_a_device_is_asked_for(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mkv", codec="ffv1")
    assert choose_decoding(clip, "auto").reason == "decoded in software: no device offers this codec"
    with pytest.raises(UserError, match=r"cannot be decoded by cuda .*no device offers this codec.*decode: \"auto\""):
        next(read_frames(clip, index=index_frames(clip), decode="cuda"))
