"""Pictures of a table: read whole or by their box, refused by path."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.datasets.reid import ReidTable, read_picture
from ml.datasets.reid.pictures import missing_pictures, unlisted_pictures
from ml.types import UserError
from tests.unit.ml.datasets.reid.trees import write_pictures


def of(path: Path, box: tuple[float, float, float, float] | None = None) -> ReidTable:
    return ReidTable.of([path], [1], domain="set", boxes=None if box is None else [box])


def test_a_picture_is_rgb(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.full((4, 5, 3), (255, 0, 0), np.uint8))
    picture = read_picture(of(tmp_path / "a.png"), 0)
    assert picture.shape == (4, 5, 3)
    assert picture[0, 0].tolist() == [0, 0, 255]


def test_a_box_is_cut_out_and_clipped_to_the_picture(tmp_path: Path) -> None:
    columns = np.broadcast_to(np.arange(10, dtype=np.uint8)[None, :, None] * 10, (8, 10, 3))
    cv2.imwrite(str(tmp_path / "a.png"), columns)
    picture = read_picture(of(tmp_path / "a.png", (7.0, -3.0, 30.0, 5.0)), 0)
    assert picture.shape == (5, 3, 3)
    assert picture[0, :, 0].tolist() == [70, 80, 90]


def test_a_box_outside_of_its_picture_is_refused(tmp_path: Path) -> None:
    write_pictures(tmp_path, ["a.jpg"])
    with pytest.raises(UserError, match=r"a\.jpg is 8x6; its box 9, 0, 12, 5 lies outside"):
        read_picture(of(tmp_path / "a.jpg", (9, 0, 12, 5)), 0)


@pytest.mark.parametrize("content", [None, b"", b"no picture"])
def test_a_broken_or_missing_picture_is_refused_by_name(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a.jpg").write_bytes(content)
    with pytest.raises(UserError, match=r"a\.jpg is missing, or is no picture"):
        read_picture(of(tmp_path / "a.jpg"), 0)


def test_missing_and_unlisted_pictures_are_found(tmp_path: Path) -> None:
    write_pictures(tmp_path, ["a.jpg", "b.jpg"])
    tables = [of(tmp_path / "a.jpg"), of(tmp_path / "c.jpg"), of(tmp_path / "c.jpg")]
    assert missing_pictures(tables) == [tmp_path / "c.jpg"]
    assert unlisted_pictures(tables) == [tmp_path / "b.jpg"]
