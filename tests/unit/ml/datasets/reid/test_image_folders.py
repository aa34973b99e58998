"""VeRi-776, AI City Track 2 and VehicleX, on small trees in their layouts and on the rendered set of our own."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from ml.datasets.reid import ReidSet, ReidTable, read_reid
from ml.types import UserError
from tests.unit.ml.datasets.reid.trees import (
    VERI_QUERY,
    VERI_TEST,
    VERI_TRAIN,
    veri_item,
    write_aicity,
    write_labels,
    write_pictures,
    write_vehiclex,
    write_veri,
)


def names(table: ReidTable) -> list[str]:
    return [path.name for path in table.paths]


def test_veri_reads_identity_and_camera_from_names_and_the_rest_from_labels(tmp_path: Path) -> None:
    found = read_reid(write_veri(tmp_path / "VeRi"))
    assert (found.name, found.layout) == ("VeRi", "veri")
    assert [names(table) for table in (found.train, found.query, found.gallery)] == [VERI_TRAIN, VERI_QUERY, VERI_TEST]
    assert found.train.identity.tolist() == [1, 1, 4]
    assert found.train.camera_names().tolist() == ["c001", "c002", "c001"]
    assert found.train.colour.tolist() == [5, 5, 5]
    assert found.train.vehicle_type.tolist() == [3, 3, 3]
    assert found.gallery.vehicle_type.tolist() == [0, 0, 0, 0]
    assert np.isnan(found.train.time_s).all()
    assert len(found.synthetic) == 0


def test_cameras_are_numbered_alike_in_query_and_gallery(tmp_path: Path) -> None:
    found = read_reid(write_veri(tmp_path))
    assert found.query.cameras == found.gallery.cameras == found.train.cameras == ("c001", "c002", "c003")
    assert found.query.camera.tolist() == [0, 2]
    assert found.gallery.camera.tolist() == [0, 1, 0, 2]


def test_index_files_count_the_gallery_from_1(tmp_path: Path) -> None:
    index = read_reid(write_veri(tmp_path)).index_files
    assert index is not None
    assert [rows.tolist() for rows in index.good] == [[1], [2]]
    assert [rows.tolist() for rows in index.junk] == [[0], []]


@pytest.mark.parametrize("text", ["2\n5\n", "2\n0\n", "2\nsome\n"])
def test_an_index_outside_the_gallery_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    (write_veri(tmp_path) / "gt_index.txt").write_text(text)
    with pytest.raises(UserError, match=r"gt_index\.txt, line 2: .* is no number of a gallery picture \(1\.\.4\)"):
        read_reid(tmp_path)


def test_index_files_need_a_line_a_query(tmp_path: Path) -> None:
    (write_veri(tmp_path) / "jk_index.txt").write_text("1\n")
    with pytest.raises(UserError, match=r"jk_index\.txt has 1 lines for 2 queries"):
        read_reid(tmp_path)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"vehicleID": "0009"}, "line 5: vehicleID is 0009, the picture's name says 1"),
        ({"cameraID": "c009"}, "line 5: cameraID is c009, the picture's name says c001"),
        ({"colorID": "red"}, "line 5: colorID is 'red'"),
    ],
)
def test_a_label_that_contradicts_a_name_is_refused(tmp_path: Path, changed: dict[str, str], reason: str) -> None:
    write_labels(write_veri(tmp_path) / "train_label.xml", [veri_item(VERI_TRAIN[0]) | changed])
    with pytest.raises(UserError, match=rf"train_label\.xml, {reason}"):
        read_reid(tmp_path)


def test_veri_without_lists_and_labels_is_read_from_its_folders(tmp_path: Path) -> None:
    write_pictures(tmp_path / "image_train", VERI_TRAIN)
    found = read_reid(tmp_path)
    assert names(found.train) == sorted(VERI_TRAIN)
    assert found.train.colour.tolist() == [-1, -1, -1]
    assert list(found.tables()) == ["train"]


def test_a_name_of_another_layout_among_veri_s_is_refused(tmp_path: Path) -> None:
    write_pictures(tmp_path / "image_train", [*VERI_TRAIN, "holiday.jpg"])
    with pytest.raises(UserError, match=r"holiday\.jpg: the name must say identity, camera, time, flag"):
        read_reid(tmp_path)


def test_aicity_keeps_back_test_identities(tmp_path: Path) -> None:
    found = read_reid(write_aicity(tmp_path))
    assert found.layout == "aicity"
    assert found.train.identity.tolist() == [347, 347, 12]
    assert found.train.camera_names().tolist() == ["c026", "c027", "c026"]
    assert found.query.identity.tolist() == [-1]
    assert found.query.camera_names().tolist() == ["c006"]
    assert found.gallery.camera_names().tolist() == ["c007", "c006"]


def test_tracklets_of_a_set_do_not_share_numbers(tmp_path: Path) -> None:
    found = read_reid(write_aicity(tmp_path))
    assert found.train.tracklet.tolist() == [0, -1, 1]
    assert found.gallery.tracklet.tolist() == [2, 2]
    assert found.query.tracklet.tolist() == [-1]


def test_aicity_of_2020_has_no_test_labels_at_all(tmp_path: Path) -> None:
    found = read_reid(write_aicity(tmp_path, labelled=False))
    assert names(found.gallery) == ["000001.jpg", "000002.jpg"]
    assert found.gallery.identity.tolist() == [-1, -1]
    assert found.gallery.camera_names().tolist() == ["", ""]


def test_aicity_needs_its_training_labels(tmp_path: Path) -> None:
    (write_aicity(tmp_path) / "train_label.xml").unlink()
    with pytest.raises(UserError, match=r"train_label\.xml does not exist; it says which vehicle"):
        read_reid(tmp_path)


def test_vehiclex_has_identity_camera_and_orientation(tmp_path: Path) -> None:
    found = read_reid(write_vehiclex(tmp_path))
    assert found.layout == "vehiclex"
    assert found.train.identity.tolist() == [1, 1, 2]
    assert found.train.camera_names().tolist() == ["c001", "c004", "c011"]
    np.testing.assert_allclose(found.train.orientation_deg, [87.3, 274, 0])
    assert found.train.vehicle_type.tolist() == [10, 10, 10]


def test_rendered_pictures_beside_a_set_are_its_synthetic_part(tmp_path: Path) -> None:
    write_veri(tmp_path / "city")
    rendered = write_vehiclex(tmp_path / "rendered")
    shutil.move(rendered / "sys_image_train", tmp_path / "city")
    shutil.move(rendered / "train_label.xml", tmp_path / "city" / "sys_train_label.xml")
    found = read_reid(tmp_path / "city")
    assert found.layout == "veri"
    assert (len(found.train), len(found.synthetic)) == (3, 3)
    united = ReidTable.union([found.train, found.synthetic])
    assert united.domains == ("city", "city/synthetic")
    assert len(set(united.identity.tolist())) == 4


def test_missing_pictures_are_counted_and_the_first_ten_named(tmp_path: Path) -> None:
    given = [f"00{number:02d}_c001_0_0.jpg" for number in range(13)]
    write_pictures(tmp_path / "image_train", given)
    (tmp_path / "name_train.txt").write_text("\n".join(given))
    for name in given[1:]:
        (tmp_path / "image_train" / name).unlink()
    with pytest.raises(UserError) as caught:
        read_reid(tmp_path)
    assert caught.value.code == "pictures-missing"
    assert str(caught.value).startswith("12 of 13 pictures are missing: ")
    assert str(caught.value).endswith("0010_c001_0_0.jpg and 2 more.")
    assert len(read_reid(tmp_path, require_pictures=False).train) == 13


@pytest.mark.parametrize(
    ("folder", "layout", "code"),
    [
        ("nowhere", None, "reid-set-missing"),
        ("empty", None, "layout-unknown"),
        ("empty", "market1501", "layout-unknown"),
        ("empty", "veri", "reid-set-empty"),
    ],
)
def test_what_is_no_set_is_refused(tmp_path: Path, folder: str, layout: str | None, code: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError) as caught:
        read_reid(tmp_path / folder, layout)
    assert caught.value.code == code


@pytest.fixture(scope="module")
def city(shared_data: Path) -> ReidSet:
    return read_reid(shared_data / "city_a_reid")


def test_city_a_reid_has_the_counts_that_it_states(city: ReidSet) -> None:
    counts = {name: (len(table), len(table.dense_identities()[1])) for name, table in city.tables().items()}
    assert counts == {"train": (1716, 140), "query": (250, 90), "gallery": (1361, 141), "synthetic": (1976, 120)}
    assert not np.isnan(city.synthetic.orientation_deg).any()
    assert (city.train.tracklet >= 0).all()


def test_city_a_reid_s_index_files_follow_the_rule(city: ReidSet) -> None:
    assert city.index_files is not None
    same = city.query.identity[:, None] == city.gallery.identity
    here = city.query.camera[:, None] == city.gallery.camera
    assert [rows.tolist() for rows in city.index_files.good] == [np.flatnonzero(row).tolist() for row in same & ~here]
    assert [rows.tolist() for rows in city.index_files.junk] == [np.flatnonzero(row).tolist() for row in same & here]
