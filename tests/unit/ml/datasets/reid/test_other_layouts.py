"""VehicleID and CompCars, on small trees in their layouts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml.datasets.reid import gallery_draw, read_picture, read_reid
from ml.types import UserError
from tests.unit.ml.datasets.reid.trees import write_pictures, write_veri

TEST_LIST = "0000004 10\n0000005 10\n0000006 10\n0000007 11\n0000008 11\n0000009 12\n"


def write_vehicleid(path: Path, *, train: str = "0000001 3\n0000002 3\n0000003 5\n", test: str = TEST_LIST) -> Path:
    write_pictures(path / "image", [f"{number:07d}.jpg" for number in range(1, 10)])
    lists = path / "train_test_split"
    lists.mkdir()
    (lists / "train_list.txt").write_text(train)
    (lists / "test_list_800.txt").write_text(test)
    (lists / "test_list_1600.txt").write_text("0000001 3\n0000002 3\n")
    return path


def test_vehicleid_reads_its_lists(tmp_path: Path) -> None:
    found = read_reid(write_vehicleid(tmp_path))
    assert found.layout == "vehicleid"
    assert found.train.identity.tolist() == [3, 3, 5]
    assert found.train.paths[2] == tmp_path / "image" / "0000003.jpg"
    assert found.train.camera.tolist() == [-1, -1, -1]
    assert {size: len(table) for size, table in found.test_lists.items()} == {"800": 6, "1600": 2}
    assert list(found.tables()) == ["train", "test_800", "test_1600"]


def test_a_draw_puts_one_picture_of_each_identity_into_the_gallery(tmp_path: Path) -> None:
    pictures = read_reid(write_vehicleid(tmp_path)).test_lists["800"]
    for seed in range(10):
        query, gallery = gallery_draw(pictures, seed)
        assert gallery.identity.tolist() == [10, 11, 12]
        assert query.identity.tolist() == [10, 10, 11]
        assert sorted(query.paths + gallery.paths) == sorted(pictures.paths)


def test_draws_differ_by_seed_and_reach_every_picture(tmp_path: Path) -> None:
    found = read_reid(write_vehicleid(tmp_path))
    drawn = [gallery_draw(found.test_lists["800"], seed)[1].paths for seed in range(40)]
    assert {path.name for paths in drawn for path in paths} == {f"{number:07d}.jpg" for number in range(4, 10)}
    assert found.gallery.paths == drawn[0]


def test_vehicleid_is_scored_over_ten_draws_of_a_list(tmp_path: Path) -> None:
    found = read_reid(write_vehicleid(tmp_path))
    assert [(len(query), len(gallery)) for query, gallery in found.tests()] == [(3, 3)] * 10
    assert [(len(query), len(gallery)) for query, gallery in found.tests("1600")] == [(1, 1)] * 10
    with pytest.raises(UserError, match="has no test list of 2400; it has 800, 1600"):
        found.tests("2400")


def test_a_set_with_query_and_gallery_of_its_own_is_scored_on_them(tmp_path: Path) -> None:
    found = read_reid(write_veri(tmp_path))
    assert found.tests() == [(found.query, found.gallery)]


@pytest.mark.parametrize(
    ("train", "reason"),
    [
        ("0000001 3\n0000002\n", r"train_list\.txt, line 2: expected a picture and its identity"),
        ("0000001 x\n", r"line 1: expected a picture and its identity"),
        ("0000001 3\n\n0000001 4\n", r"line 3: picture 0000001\.jpg is named twice \(first on line 1\)"),
        ("../0000001 3\n", r"line 1: '\.\./0000001\.jpg' is not the name of a picture"),
        ("0000099 3\n", r"1 of 9 pictures are missing: .*0000099\.jpg"),
    ],
)
def test_a_bad_list_of_vehicleid_is_refused(tmp_path: Path, train: str, reason: str) -> None:
    write_vehicleid(tmp_path, train=train)
    with pytest.raises(UserError, match=reason):
        read_reid(tmp_path)


def test_vehicleid_without_lists_is_refused(tmp_path: Path) -> None:
    for name in ("image", "train_test_split"):
        (tmp_path / name).mkdir()
    with pytest.raises(UserError, match="has neither train_list"):
        read_reid(tmp_path)


def write_compcars(path: Path, label: str = "1\n1\n3 2 6 5\n") -> Path:
    for year, label_text in (("2012", label), ("2014", "4\n2\n1 1 2 2\n1 1 8 6\n")):
        write_pictures(path / "data" / "image" / "78" / "3" / year, ["0a1b.jpg"])
        folder = path / "data" / "label" / "78" / "3" / year
        folder.mkdir(parents=True)
        (folder / "0a1b.txt").write_text(label_text)
    return path


@pytest.mark.parametrize("start", [".", "data"])
def test_compcars_classes_are_models_of_a_year_cut_out_by_their_box(tmp_path: Path, start: str) -> None:
    found = read_reid(write_compcars(tmp_path) / start)
    assert found.layout == "compcars"
    assert found.train.identity.tolist() == [0, 1]
    np.testing.assert_array_equal(found.train.orientation_deg, [0, np.nan])
    assert found.train.boxes.tolist() == [[2, 1, 6, 5], [0, 0, 8, 6]]
    assert read_picture(found.train, 0).shape == (4, 4, 3)


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("7\n1\n3 2 6 5\n", r"0a1b\.txt, line 1: viewpoint is 7"),
        ("front\n1\n3 2 6 5\n", "line 1: 'front' is not a whole number"),
        ("1\n0\n", "line 2: one box at least"),
        ("1\n2\n3 2 6 5\n", "line 4: expected a box"),
        ("1\n1\n3 2 6\n", "line 3: expected a box"),
        ("1\n1\n7 2 6 5\n", "line 3: x1 and y1 must be 1 or more"),
    ],
)
def test_a_bad_label_of_compcars_is_refused(tmp_path: Path, label: str, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        read_reid(write_compcars(tmp_path, label))


def test_a_picture_of_compcars_needs_its_label(tmp_path: Path) -> None:
    (write_compcars(tmp_path) / "data/label/78/3/2012/0a1b.txt").unlink()
    with pytest.raises(UserError, match=r"2012/0a1b\.txt does not exist"):
        read_reid(tmp_path)
