"""Describing a set: counts by hand, what does not fit together, and the sheet of samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml.datasets.reid import read_reid
from ml.datasets.reid.checks import find_problems
from ml.datasets.reid.describe import Spread, describe
from ml.datasets.reid.sheet import CAPTION, GAP, HEADING, LABEL, TILE, draw_sheet
from tests.unit.ml.datasets.reid.trees import (
    VERI_QUERY,
    VERI_TRAIN,
    veri_item,
    write_aicity,
    write_labels,
    write_pictures,
    write_vehiclex,
    write_veri,
)


def problems(path: Path) -> dict[str, list[str]]:
    """Code -> examples of the set's problems."""
    return {problem.code: problem.examples for problem in find_problems(read_reid(path, require_pictures=False))}


def test_counts_are_those_of_the_tree(tmp_path: Path) -> None:
    found = describe(read_reid(write_veri(tmp_path)))
    assert {name: (part.pictures, part.identities, part.cameras) for name, part in found.tables.items()} == {
        "train": (3, 2, 2),
        "query": (2, 2, 2),
        "gallery": (4, 3, 3),
    }
    train = found.tables["train"]
    assert train.per_identity == Spread(1, 1.5, 2)
    assert train.cameras_per_identity == Spread(1, 1.5, 2)
    assert (train.types, train.colours) == ({3: 3}, {5: 3})
    assert (train.opened, train.width, train.height) == (3, Spread(8, 8, 8), Spread(6, 6, 6))


def test_what_is_kept_back_and_what_is_known_besides(tmp_path: Path) -> None:
    query = describe(read_reid(write_aicity(tmp_path / "a"))).tables["query"]
    assert (query.identities, query.unlabelled, query.per_identity) == (0, 1, None)
    assert describe(read_reid(write_vehiclex(tmp_path / "x"))).tables["train"].orientations == 3


def test_a_sound_set_has_the_small_identities_of_its_training_part_named(tmp_path: Path) -> None:
    assert problems(write_veri(tmp_path)) == {"one-picture": ["4"], "one-camera": ["4"]}


def test_an_identity_on_both_sides_is_named(tmp_path: Path) -> None:
    write_veri(tmp_path)
    names = [*VERI_TRAIN, "0002_c003_00000001_0.jpg"]
    (tmp_path / "name_train.txt").write_text("\n".join(names))
    write_pictures(tmp_path / "image_train", names)
    found = [problem for problem in find_problems(read_reid(tmp_path)) if problem.code == "identity-in-train-and-test"]
    assert [(problem.message, problem.examples) for problem in found] == [
        ("1 identities of query are in train too", ["2"]),
        ("1 identities of gallery are in train too", ["2"]),
    ]


def test_a_query_without_its_vehicle_in_another_camera_is_named(tmp_path: Path) -> None:
    write_veri(tmp_path)
    (tmp_path / "name_query.txt").write_text(f"{VERI_QUERY[0]}\n0005_c003_00000009_0.jpg\n")
    write_pictures(tmp_path / "image_query", ["0005_c003_00000009_0.jpg"])
    (tmp_path / "gt_index.txt").write_text("2\n\n")
    (tmp_path / "jk_index.txt").write_text("1\n4\n")
    found = problems(tmp_path)
    assert found["unanswerable-query"] == [str(tmp_path / "image_query" / "0005_c003_00000009_0.jpg")]
    assert "index-differs" not in found


def test_index_files_that_contradict_the_names_are_named_by_line(tmp_path: Path) -> None:
    (write_veri(tmp_path) / "gt_index.txt").write_text("2\n3 4\n")
    assert problems(tmp_path)["index-differs"] == ["2"]


def test_a_tracklet_over_two_cameras_is_named(tmp_path: Path) -> None:
    (write_veri(tmp_path) / "train_track.txt").write_text(f"{VERI_TRAIN[2]}\n{VERI_TRAIN[0]} {VERI_TRAIN[1]}\n")
    assert problems(tmp_path)["mixed-tracklet"] == ["1"]


def test_an_identity_of_two_colours_is_named(tmp_path: Path) -> None:
    items = [veri_item(name, colorID=str(place), typeID="3") for place, name in enumerate(VERI_TRAIN)]
    write_labels(write_veri(tmp_path) / "train_label.xml", items)
    found = problems(tmp_path)
    assert found["several-colours"] == ["1"]
    assert "several-types" not in found


@pytest.mark.parametrize(("emptied", "code"), [("name_query.txt", "half-a-test"), ("name_test.txt", "half-a-test")])
def test_half_a_test_is_said(tmp_path: Path, emptied: str, code: str) -> None:
    (write_veri(tmp_path) / emptied).write_text("")
    for name in ("gt_index.txt", "jk_index.txt"):
        (tmp_path / name).unlink()
    assert code in problems(tmp_path)


def test_one_identity_cannot_be_learned_from(tmp_path: Path) -> None:
    write_pictures(tmp_path / "image_train", VERI_TRAIN[:2])
    assert "one-identity" in problems(tmp_path)


def test_files_that_are_missing_broken_or_in_no_list_are_named(tmp_path: Path) -> None:
    train = write_veri(tmp_path) / "image_train"
    (train / VERI_TRAIN[0]).unlink()
    (train / VERI_TRAIN[1]).write_bytes(b"no picture")
    write_pictures(tmp_path / "image_test", ["0009_c001_0_0.jpg"])
    found = describe(read_reid(tmp_path, require_pictures=False))
    examples = {problem.code: problem.examples for problem in found.problems}
    assert examples["pictures-missing"] == [str(train / VERI_TRAIN[0])]
    assert examples["pictures-unreadable"] == [str(train / VERI_TRAIN[1])]
    assert examples["pictures-unlisted"] == [str(tmp_path / "image_test" / "0009_c001_0_0.jpg")]
    assert found.tables["train"].opened == 1


def test_city_a_reid_fits_together(shared_data: Path) -> None:
    assert find_problems(read_reid(shared_data / "city_a_reid")) == []


def test_the_sheet_has_a_row_an_identity_and_the_query_framed(tmp_path: Path) -> None:
    sheet = draw_sheet(read_reid(write_veri(tmp_path)), views=3)
    band = TILE + CAPTION + GAP
    assert sheet.shape == (2 * HEADING + 4 * band, LABEL + 3 * (TILE + GAP), 3)
    query = sheet[2 * HEADING + 2 * band :][:TILE, LABEL : LABEL + TILE]
    answer = sheet[2 * HEADING + 2 * band :][:TILE, LABEL + TILE + GAP : LABEL + 2 * TILE + GAP]
    assert query[2, TILE // 2].tolist() == [230, 160, 0]
    assert answer[2, TILE // 2].tolist() == [235, 235, 235]


def test_a_tile_shows_the_whole_picture_in_its_middle(tmp_path: Path) -> None:
    """Pictures of 8x6 become 120x90: 15 rows of the tile above and below stay empty."""
    write_pictures(tmp_path / "image_train", VERI_TRAIN)
    sheet = draw_sheet(read_reid(tmp_path), identities=1, views=2)
    column = sheet[HEADING : HEADING + TILE, LABEL + TILE // 2, 0]
    assert np.flatnonzero(np.abs(column.astype(int) - 235) > 20).tolist() == list(range(15, 105))


def test_a_picture_that_cannot_be_read_is_crossed_out(tmp_path: Path) -> None:
    write_pictures(tmp_path / "image_train", VERI_TRAIN)
    given = read_reid(tmp_path)
    middle = (HEADING + TILE // 2, LABEL + TILE // 2)
    assert draw_sheet(given, views=2)[middle].tolist() != [200, 60, 60]
    (tmp_path / "image_train" / VERI_TRAIN[0]).unlink()
    assert draw_sheet(given, views=2)[middle].tolist() == [200, 60, 60]


def test_pictures_without_identities_still_have_a_row(tmp_path: Path) -> None:
    sheet = draw_sheet(read_reid(write_aicity(tmp_path)), views=2)
    assert sheet.shape[0] == 2 * HEADING + 3 * (TILE + CAPTION + GAP)
