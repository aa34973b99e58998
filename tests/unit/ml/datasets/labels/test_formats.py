"""Every format: what is written reads back the same, byte for byte when written again; bad files are refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.datasets.labels import FORMATS, CameraLabels, Labels, LabelTrack, read_labels, write_labels
from ml.datasets.submission import read_submission
from ml.types import UserError

READ = [name for name, each in FORMATS.items() if each.read]
WITH_ATTRIBUTES = ["cvat", "coco", "datumaro"]


def track(number: int, identity: int | None, first: int, *, category: int = 3, colour: str = "") -> LabelTrack:
    """Boxes in frames first, first + 1 and first + 5, with corners that binary fractions cannot hold."""
    frames = np.array([first, first + 1, first + 5], np.int32)
    boxes = np.array([[0.1, 0.2, 40.3, 20.7], [1.1, 0.2, 41.3, 20.7], [5e-05, 7, 960, 540]], np.float32)
    return LabelTrack(number, identity, category, colour, frames, boxes)


CAMERAS = (
    CameraLabels("c001", (track(1, 7, 0, colour="red"), track(2, 9, 3, category=6)), 960, 540, 100, 10.0, 0.5),
    CameraLabels("c002", (track(4, 7, 94, category=8),), 960, 540, 100, 10.0),
)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def known(labels: Labels) -> list[tuple[str, list[tuple[object, ...]]]]:
    return [
        (each.name, [(row.number, row.identity, row.category, row.colour, row.frames.tolist(), row.boxes.tolist())
                     for row in each.tracks])
        for each in labels.cameras
    ]  # fmt: skip


@pytest.mark.parametrize("name", WITH_ATTRIBUTES)
def test_nothing_is_lost_on_the_way_out_and_back(name: str, tmp_path: Path) -> None:
    write_labels(name, tmp_path, CAMERAS)
    again = read_labels(name, tmp_path)
    assert known(again) == known(Labels(CAMERAS, {}))
    assert again.dropped == {}
    assert (again.cameras[0].width, again.cameras[0].height) == (960, 540)


@pytest.mark.parametrize("name", ["cityflow", "mot"])
def test_boxes_and_vehicles_come_back_where_a_format_has_no_more(name: str, tmp_path: Path) -> None:
    write_labels(name, tmp_path, CAMERAS)
    first, second = read_labels(name, tmp_path).cameras
    vehicles = [7, 9] if name == "cityflow" else [None, None]
    assert [each.number for each in first.tracks] == [7, 9]
    assert [each.identity for each in first.tracks] == vehicles
    assert second.tracks[0].boxes.tolist() == CAMERAS[1].tracks[0].boxes.tolist()
    assert second.tracks[0].frames.tolist() == [94, 95, 99]


@pytest.mark.parametrize("name", READ)
def test_what_is_read_is_written_to_the_same_bytes(name: str, tmp_path: Path) -> None:
    write_labels(name, tmp_path / "one", CAMERAS)
    read = {each.name: each for each in read_labels(name, tmp_path / "one").cameras}
    again = [replace(each, tracks=read[each.name].tracks) for each in CAMERAS]
    write_labels(name, tmp_path / "two", again)
    assert files(tmp_path / "one") == files(tmp_path / "two")


@settings(max_examples=15)
@given(st.lists(st.tuples(*[st.floats(0, 400, width=32)] * 2, *[st.floats(401, 960, width=32)] * 2), min_size=1))
def test_every_corner_survives_every_format(tmp_path_factory: pytest.TempPathFactory, rows: list[list[float]]) -> None:
    boxes = np.array(rows, np.float32)
    one = LabelTrack(1, 1, 3, "", np.arange(len(boxes), dtype=np.int32), boxes)
    for name in READ:
        folder = tmp_path_factory.mktemp(name)
        write_labels(name, folder, [CameraLabels("c001", (one,), 960, 540, 1000, 10.0)])
        assert read_labels(name, folder).cameras[0].tracks[0].boxes.tolist() == boxes.tolist()


def test_a_submission_numbers_cameras_by_their_names(tmp_path: Path) -> None:
    write_labels("track1", tmp_path, CAMERAS)
    rows = read_submission(tmp_path / "track1.txt")
    assert rows.cameras.tolist() == [1] * 6 + [2] * 3
    assert rows.ids.tolist() == [7, 7, 9, 9, 7, 9, 7, 7, 7]


def test_one_vehicle_twice_in_a_picture_cannot_be_written_by_identity(tmp_path: Path) -> None:
    twice = CameraLabels("c001", (track(1, 7, 0), track(2, 7, 0)), 960, 540, 100, 10.0)
    with pytest.raises(UserError, match="identity 7 has two boxes in frame 0"):
        write_labels("mot", tmp_path, [twice])


def test_two_cameras_of_one_name_are_not_written_over_each_other(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="both be called c001"):
        write_labels("cvat", tmp_path / "in", [CAMERAS[0], replace(CAMERAS[1], name=CAMERAS[0].name)])
    assert not (tmp_path / "in").exists()


def test_a_camera_whose_name_leads_elsewhere_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be the name of a folder"):
        write_labels("cvat", tmp_path / "in", [replace(CAMERAS[0], name="../c001")])


@pytest.mark.parametrize("name", READ)
def test_a_folder_without_labels_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no"):
        read_labels(name, tmp_path)


def test_a_foreign_file_says_what_of_it_has_no_place(tmp_path: Path) -> None:
    (tmp_path / "c001.xml").write_text(
        '<annotations><track id="3" label="Van"><attribute name="maker">X</attribute>\n'
        '<box frame="4" outside="0" occluded="1" xtl="1" ytl="2" xbr="30" ybr="40"/>'
        '<box frame="5" outside="1" occluded="0" xtl="1" ytl="2" xbr="30" ybr="40"/></track>\n'
        '<track id="4" label="person"><box frame="4" outside="0" xtl="1" ytl="2" xbr="30" ybr="40"/></track>\n'
        '<track id="5" label="car"><polygon frame="4" points="1,2"/></track></annotations>'
    )
    labels = read_labels("cvat", tmp_path)
    assert known(labels) == [("c001", [(3, None, 3, "", [4], [[1.0, 2.0, 30.0, 40.0]])])]
    assert labels.dropped == {
        "shapes other than boxes (polygon)": 1,
        "the mark that a box is occluded": 1,
        "the track attribute 'maker'": 1,
        "the type 'Van', taken as a car": 1,
        "tracks or boxes of 'person', which is no vehicle": 1,
    }


def cvat(box: str, head: str = "", track: str = 'id="1" label="car"') -> str:
    return f"{head}<annotations>\n<track {track}>\n<box {box}/>\n</track></annotations>"


SOUND = 'frame="0" outside="0" xtl="1" ytl="2" xbr="3" ybr="4"'
ENTITY = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
COCO = (
    '{{"categories": [{{"id": 3, "name": "car"}}], "images": [{{"id": 1, "file_name": "c001/0.jpg"}}],\n'
    '"annotations": [{}]}}'
)
ITEM = (
    '{{"categories": {{"label": {{"labels": [{{"name": "car"}}]}}}}, "items": [{{"id": "f_0", "annotations": [{}]}}]}}'
)


@pytest.mark.parametrize(
    ("name", "file", "content", "reason"),
    [
        ("mot", "c001/gt/gt.txt", "1,1,0,0,5,5,1\n1,2,nan,0,5,5,1", "c001/gt/gt.txt, line 2: left is not finite"),
        ("mot", "c001/gt/gt.txt", "1,1.5,0,0,5,5,1", "line 1: id is not a whole number"),
        ("mot", "c001/gt/gt.txt", "1,1,0,0,-5,5,1", "line 1: width and height must be positive"),
        ("mot", "c001/gt/gt.txt", "1,1,0,0,5,5,1\n1,1,9,9,5,5,1", "line 2: id 1 is in frame 1 twice"),
        ("cityflow", "c001/gt/gt.txt", "0,1,0,0,5,5,1", "line 1: frame must be 1 or more"),
        ("cvat", "c001.xml", cvat(SOUND, ENTITY), "c001.xml, line 1: a document type has no place"),
        ("cvat", "c001.xml", cvat(SOUND, track='id="1.5" label="car"'), "line 2: id of a track is '1.5'"),
        ("cvat", "c001.xml", cvat(SOUND.replace('"1"', '"nan"', 1)), "line 3: xtl is 'nan', not a number"),
        ("cvat", "c001.xml", cvat(SOUND.replace('xbr="3"', 'xbr="0"')), "line 3: a box must have a width"),
        ("cvat", "c001.xml", cvat(SOUND.replace('xbr="3"', 'xbr="1e99"')), "line 3: a box must have a width"),
        ("cvat", "c001.xml", "<annotations>\n<meta", "line 2: not XML"),
        ("cvat", "c001.xml", "<svg/>", "no <annotations>"),
        ("cvat", "c001.xml", "<a>" * 40, "too deep"),
        ("coco", "a.json", '{"images": [\n', "a.json, line 2: not JSON"),
        ("coco", "a.json", "[" * 100_000, "not JSON that can be read"),
        ("coco", "a.json", COCO.format('{"bbox": [NaN, 0, 1, 1]}'), "NaN is no number"),
        ("coco", "a.json", COCO.format('{"image_id": 1, "category_id": 3, "bbox": [0, 0, -1, 1], "track_id": 1}'),
         "annotation 1: a box must have a width"),
        ("coco", "a.json", COCO.format('{"image_id": 1, "category_id": 3, "bbox": [0, 0, 1, 1], "track_id": 1.0}'),
         "annotation 1: track_id is 1.0, not a whole number"),
        ("coco", "a.json", COCO.format('{"image_id": 2, "category_id": 3}'), "annotation 1: its image_id"),
        ("coco", "a.json", COCO.format("7"), "annotations is not a list of objects"),
        ("datumaro", "c001.json", ITEM.format('{"type": "bbox", "attributes": {"track_id": 1}, "label_id": 0}'),
         "item 1: its label_id is not in the file, or bbox"),
        ("datumaro", "c001.json", '{"categories": 3, "items": []}', "categories is not an object"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_name_line_and_reason(
    name: str, file: str, content: str, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    with pytest.raises(UserError) as refused:
        read_labels(name, tmp_path)
    assert reason in str(refused.value)
    assert str(tmp_path) not in str(refused.value)
