"""Labelled vehicles as a set: what is held back is never among the pictures to train on, and can be asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.datasets.reid import read_picture, read_reid
from ml.datasets.reid.from_labels import LabelledFilm, LabelledVehicle, ViewRule, cut_labelled
from ml.datasets.reid.table import UNKNOWN
from ml.detection.classes import BUS, CAR, TRUCK
from ml.reid.attributes import COLOURS, VEHICLE_TYPES
from ml.types import Tracklet, UserError
from ml.video import FrameIndex
from tests.unit.ml.video.clips import number_shown, write_clip

RULE = ViewRule(views=2, margin=0.0)


def vehicle(
    identity: int, frames: list[int], *, held: bool = False, colour: str = "", side: float = 40
) -> LabelledVehicle:
    """Square boxes that grow by a pixel a frame."""
    boxes = np.array([[0, 0, side + frame, side + frame] for frame in frames], np.float32)
    tracklet = Tracklet(identity * 10, np.array(frames, np.int32), boxes, np.ones(len(frames), np.float32), 6)
    return LabelledVehicle(identity, held, colour, tracklet)


@pytest.fixture
def films(tmp_path: Path) -> list[LabelledFilm]:
    """Vehicle 7 is trained on, 9 is held and seen by both cameras, 11 is held and seen by one."""
    video = write_clip(tmp_path / "clip.mp4", times_ms=range(0, 800, 100), options={"qp": "0"})
    index = FrameIndex(np.arange(8) / 10)
    first = [vehicle(7, [0, 1, 2, 3], colour="red"), vehicle(9, [4, 5], held=True)]
    second = [vehicle(9, [6], held=True), vehicle(11, [2], held=True)]
    return [
        LabelledFilm(1, lambda: video, index, (2000, 2000), 0.0, first),
        LabelledFilm(2, lambda: video, index, (2000, 2000), 2.0, second),
    ]


def test_the_set_reads_back_with_all_that_is_known(films: list[LabelledFilm], tmp_path: Path) -> None:
    assert cut_labelled(films, tmp_path / "out", RULE) == 6
    found = read_reid(tmp_path / "out")
    train, query, gallery = found.train, found.query, found.gallery
    # Of each half of a tracklet the largest box: 0, 1 | 2, 3.
    assert [path.name for path in train.paths] == ["0007_c001_00000002_0.jpg", "0007_c001_00000004_0.jpg"]
    assert (train.identity.tolist(), train.vehicle_type.tolist(), train.colour.tolist()) == ([7, 7], [7, 7], [5, 5])
    assert train.tracklet[0] == train.tracklet[1]
    assert np.allclose(train.time_s, [0.1, 0.3])
    assert sorted(zip(gallery.identity.tolist(), gallery.camera_names().tolist(), strict=True)) == [
        (9, "c001"), (9, "c001"), (9, "c002"), (11, "c002"),
    ]  # fmt: skip
    assert [path.name for path in query.paths] == ["0009_c001_00000006_0.jpg", "0009_c002_00000007_0.jpg"]
    assert np.allclose(query.time_s, [0.5, 2.6])
    assert [number_shown(read_picture(query, row)) for row in (0, 1)] == [5, 6]


def test_types_and_colours_have_the_numbers_by_which_heads_learn_them(
    films: list[LabelledFilm], tmp_path: Path
) -> None:
    """A car of no known sort and purple are beyond VeRi's 12 types and our 11 colours."""
    seen = [(CAR, "purple"), (TRUCK, "black"), (BUS, "")]
    vehicles = [
        replace(each, tracklet=replace(each.tracklet, category=category))
        for each, (category, _) in zip([vehicle(n, [n], colour=seen[n][1]) for n in range(3)], seen, strict=True)
    ]
    cut_labelled([replace(films[0], vehicles=vehicles)], tmp_path / "out", RULE)
    train = read_reid(tmp_path / "out").train
    assert train.vehicle_type.tolist() == [13, VEHICLE_TYPES.index("truck") + 1, VEHICLE_TYPES.index("bus") + 1]
    assert train.colour.tolist() == [12, COLOURS.index("black") + 1, UNKNOWN]


def test_numbered_pictures_say_the_same(films: list[LabelledFilm], tmp_path: Path) -> None:
    cut_labelled(films, tmp_path / "out", RULE, numbered=True)
    found = read_reid(tmp_path / "out")
    assert (found.layout, [path.name for path in found.query.paths]) == ("aicity", ["000001.jpg", "000002.jpg"])
    assert found.gallery.identity.tolist() == [9, 9, 9, 11]


def test_without_held_vehicles_there_is_only_a_part_to_train_on(films: list[LabelledFilm], tmp_path: Path) -> None:
    one = LabelledFilm(1, films[0].path, films[0].index, (2000, 2000), 0.0, films[0].vehicles[:1])
    cut_labelled([one], tmp_path / "out", RULE)
    assert list(read_reid(tmp_path / "out").tables()) == ["train"]


def test_small_boxes_are_left_out_and_a_set_is_not_written_over(films: list[LabelledFilm], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No labelled box"):
        cut_labelled(films, tmp_path / "out", ViewRule(smallest=60))
    assert list((tmp_path / "out").iterdir()) == []
    cut_labelled(films, tmp_path / "out", RULE)
    with pytest.raises(UserError, match="has pictures already"):
        cut_labelled(films, tmp_path / "out", RULE)
