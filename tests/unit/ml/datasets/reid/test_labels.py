"""Label files: decoded as they declare, and refused by file, line and reason."""

import math
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.datasets.reid.labels import read_items, read_names, read_tracklets, whole_number
from ml.types import UserError
from tests.unit.ml.datasets.reid.trees import write_labels


@pytest.mark.parametrize("encoding", ["gb2312", "GB2312", "gbk", "utf-8"])
def test_a_label_file_is_read_in_the_encoding_that_it_declares(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "train_label.xml"
    write_labels(path, [{"imageName": "车.jpg", "vehicleID": "0347"}], encoding)
    assert list(read_items(path)) == ["车.jpg"]


def test_items_know_their_line_and_what_they_do_not_say(tmp_path: Path) -> None:
    path = tmp_path / "train_label.xml"
    write_labels(path, [{"imageName": "a.jpg"}, {"imageName": "b.jpg", "vehicleID": "0347", "orientation": "-12.5"}])
    first, second = read_items(path).values()
    assert (first.line, second.line) == (5, 6)
    assert (first.whole("vehicleID"), first.camera()) == (-1, "")
    assert math.isnan(first.real("orientation"))
    assert (second.whole("vehicleID"), second.real("orientation")) == (347, -12.5)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<Items>\n<Item imageName='a.jpg'/>\n", r"line 3: not XML \(no element found\)"),
        ("<Items/>", r"has no <Item imageName"),
        ("<Items>\n<Item vehicleID='1'/></Items>", r"line 2: '' is not the name of a picture"),
        ("<Items><Item imageName='../a.jpg'/></Items>", r"line 1: '\.\./a\.jpg' is not the name"),
        ("<Items>\n<Item imageName='a'/>\n<Item imageName='a'/></Items>", r"line 3: picture a is named twice .*line 2"),
        ("<Items><Item imageName='..'/></Items>", r"line 1: '\.\.' is not the name"),
        ("<!DOCTYPE x [<!ENTITY e 'b'>]><Item imageName='&e;'/>", r"line 1: a document type has no place"),
        ("<?xml version='1.0' encoding='klingon'?><Item imageName='a'/>", r"declares klingon, which is not read"),
    ],
)
def test_a_bad_label_file_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "train_label.xml"
    path.write_text(text)
    with pytest.raises(UserError, match=reason):
        read_items(path)


def test_bytes_that_are_not_in_the_declared_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "train_label.xml"
    path.write_bytes(b'<?xml version="1.0" encoding="gb2312"?><Item imageName="\xff\xff"/>')
    with pytest.raises(UserError, match="not text in gb2312"):
        read_items(path)


@pytest.mark.parametrize(
    ("attribute", "value", "reason"),
    [
        ("vehicleID", "12a", "vehicleID is '12a'; a whole number"),
        ("vehicleID", "-1", "vehicleID is '-1'; a whole number"),
        ("vehicleID", "2147483648", "a whole number"),
        ("vehicleID", "9" * 5000, "a whole number"),
        ("orientation", "left", "orientation is 'left', not a number"),
        ("orientation", "inf", "orientation is 'inf', not a number"),
    ],
)
def test_a_value_that_is_no_number_is_refused_with_its_line(
    tmp_path: Path, attribute: str, value: str, reason: str
) -> None:
    path = tmp_path / "train_label.xml"
    write_labels(path, [{"imageName": "a.jpg", attribute: value}])
    item = read_items(path)["a.jpg"]
    with pytest.raises(UserError, match=f"line 5: .*{reason}"):
        (item.whole if attribute == "vehicleID" else item.real)(attribute)


def test_whole_numbers_may_have_zeros_in_front() -> None:
    assert [whole_number(text) for text in ("0347", "0" * 20 + "7", "2147483647", "", "+1", "１")] == [
        347,
        7,
        2147483647,
        None,
        None,
        None,
    ]


@settings(max_examples=60)
@given(st.binary(max_size=12), st.integers(0, 200), st.integers(0, 12))
def test_a_damaged_label_file_is_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, at: int, overwritten: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.xml"
    write_labels(path, [{"imageName": "a.jpg", "vehicleID": "0347"}])
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + junk + whole[at + overwritten :])
    with suppress(UserError):
        assert read_items(path)


def test_a_list_of_names_may_not_repeat_one(tmp_path: Path) -> None:
    path = tmp_path / "name_query.txt"
    path.write_text("a.jpg\n\nb.jpg\na.jpg\n")
    with pytest.raises(UserError, match=r"line 4: picture a\.jpg is named twice \(first on line 1\)"):
        read_names(path)


def test_tracklets_are_numbered_by_line(tmp_path: Path) -> None:
    path = tmp_path / "train_track.txt"
    path.write_text("b.jpg a.jpg \n\nc.jpg\n")
    assert read_tracklets(path, {"a.jpg", "b.jpg", "c.jpg"}, first=7) == {"b.jpg": 7, "a.jpg": 7, "c.jpg": 8}


@pytest.mark.parametrize(
    ("text", "reason"),
    [("a.jpg\nz.jpg\n", r"line 2: picture z\.jpg is not in the set"), ("a.jpg\na.jpg\n", r"line 2: .*two tracklets")],
)
def test_a_tracklet_of_unknown_or_shared_pictures_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "train_track.txt"
    path.write_text(text)
    with pytest.raises(UserError, match=reason):
        read_tracklets(path, {"a.jpg"}, first=0)
