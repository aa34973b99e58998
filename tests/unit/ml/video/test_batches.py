"""Batches hold the numbered pictures, their times and the region asked for, on whatever device."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ml.video import Region, batches_on, choose_decoding, index_frames, read_batches, read_frames
from tests.unit.ml.video.clips import number_shown, write_clip
from tests.unit.ml.video.damage import COUNT, GROUP, blanked, write_moving


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_moving(tmp_path_factory.mktemp("video") / "moving.mp4", options={"bf": "2"})


@pytest.mark.parametrize("ahead", [0, 1, 3])
def test_batches_are_the_frames_in_order(moving: Path, ahead: int) -> None:
    index = index_frames(moving)
    frames = dict(read_frames(moving, index=index, first=3, stop=40, stride=4))
    batches = list(read_batches(moving, index=index, size=4, first=3, stop=40, stride=4, ahead=ahead))
    assert [batch.frames.tolist() for batch in batches] == [[3, 7, 11, 15], [19, 23, 27, 31], [35, 39]]
    assert [len(batch) for batch in batches] == [4, 4, 2]
    for batch in batches:
        assert batch.times_s == pytest.approx(batch.frames / 10)
        assert np.array_equal(batch.images, [frames[number] for number in batch.frames.tolist()])


def test_a_lost_picture_leaves_no_hole_and_shifts_no_time(moving: Path) -> None:
    hurt = blanked(moving, 0)
    index = index_frames(hurt)
    start_s = index.start_s
    batches = list(read_batches(hurt, index=index, size=5))
    times = np.concatenate([batch.times_s for batch in batches]) + start_s
    assert times == pytest.approx(np.arange(GROUP, COUNT) / 10)
    assert [len(batch) for batch in batches] == [5] * 7 + [1]


def test_a_region_is_that_part_of_each_picture(moving: Path) -> None:
    index, region = index_frames(moving), Region(10, 20, 90, 80)
    whole = next(read_batches(moving, index=index, size=3)).images
    part = next(read_batches(moving, index=index, size=3, region=region)).images
    assert part.shape == (3, 60, 80, 3)
    assert np.array_equal(part, whole[:, 20:80, 10:90])


@pytest.mark.parametrize("region", [Region(0, 0, 161, 10), Region(-1, 0, 5, 5), Region(5, 5, 5, 9)])
def test_a_region_beyond_the_picture_is_refused(moving: Path, region: Region) -> None:
    with pytest.raises(ValueError, match="reaches beyond"):
        next(read_batches(moving, index=index_frames(moving), size=1, region=region))


def test_batches_of_nothing_are_refused(moving: Path) -> None:
    with pytest.raises(ValueError, match="size 0"):
        next(read_batches(moving, index=index_frames(moving), size=0))


@given(hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12)), st.integers(0, 3))
def test_the_region_around_a_mask_holds_all_of_it_and_no_less(mask: np.ndarray, margin: int) -> None:
    if not mask.any():
        with pytest.raises(ValueError, match="empty"):
            Region.around(mask, margin=margin)
        return
    region = Region.around(mask, margin=margin)
    inside = mask[region.top : region.bottom, region.left : region.right]
    assert inside.sum() == mask.sum()
    if margin == 0:
        assert all(edge.any() for edge in (inside[0], inside[-1], inside[:, 0], inside[:, -1]))


def test_boxes_of_a_region_move_to_the_full_frame() -> None:
    boxes = np.array([[0, 0, 4, 5], [1, 2, 3, 4]], np.float32)
    assert Region(10, 20, 90, 80).to_full_frame(boxes).tolist() == [[10, 20, 14, 25], [11, 22, 13, 24]]


def test_batches_on_the_cpu_are_the_same_pictures_as_tensors(moving: Path) -> None:
    index = index_frames(moving)
    arrays = list(read_batches(moving, index=index, size=20))
    tensors = list(batches_on("cpu", read_batches(moving, index=index, size=20)))
    assert [batch.frames.tolist() for batch in tensors] == [batch.frames.tolist() for batch in arrays]
    assert all(np.array_equal(t.images.numpy(), a.images) for t, a in zip(tensors, arrays, strict=True))


def test_batches_on_the_graphics_card_are_the_same_pictures(moving: Path) -> None:
    torch = pytest.importorskip("torch")
    if not torch.cuda.is_available():
        pytest.skip("needs a CUDA device")
    index = index_frames(moving)
    for array, tensor in zip(
        read_batches(moving, index=index, size=20),
        batches_on("cuda", read_batches(moving, index=index, size=20)),
        strict=True,
    ):
        assert tensor.images.is_cuda
        assert np.array_equal(tensor.images.cpu().numpy(), array.images)


def test_reading_arrays_does_not_load_torch() -> None:
    code = "import sys, ml.video; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("first", [0, 13])
def test_hardware_decoding_gives_the_same_numbers_or_falls_back(tmp_path: Path, first: int) -> None:
    clip = write_clip(tmp_path / "clip.mp4", size=(320, 240), options={"bf": "2", "g": "12"})
    read = read_frames(clip, index=index_frames(clip), first=first, hardware="auto")
    assert [(number, number_shown(picture)) for number, picture in read] == [(n, n) for n in range(first, 30)]


def test_the_choice_of_decoding_gives_its_reason(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4")
    off, auto = choose_decoding(clip, "off"), choose_decoding(clip, "auto")
    assert (off.hwaccel, off.reason) == (None, "decoded in software: hardware decoding is off")
    assert auto.reason.startswith("decoded in software: " if auto.hwaccel is None else "decoded by ")
    assert len(auto.reason) > len("decoded in software: ")


def test_a_codec_that_no_device_offers_is_decoded_in_software(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mkv", codec="ffv1")
    assert choose_decoding(clip, "auto").reason == "decoded in software: no device offers this codec"
