"""A file of boxes doubles the pictures that it names."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.datasets.reid import ReidTable, read_picture
from ml.datasets.reid.cropped import with_cropped, write_boxes
from ml.types import UserError


@pytest.fixture
def table(tmp_path: Path) -> ReidTable:
    folder = tmp_path / "image_train"
    folder.mkdir()
    for number in range(2):
        picture = np.zeros((20, 30, 3), np.uint8)
        picture[5:15, 10:20] = 200
        assert cv2.imwrite(str(folder / f"{number}.png"), picture)
    return ReidTable.of([folder / "0.png", folder / "1.png"], [7, 8], domain="own")


def test_pictures_come_once_more_cut_to_their_boxes(table: ReidTable, tmp_path: Path) -> None:
    path = tmp_path / "boxes.csv"
    write_boxes(path, table.take(np.array([1])), np.array([[10, 5, 20, 15]], np.float32))
    both = with_cropped(table, path)
    assert both.identity.tolist() == [7, 8, 8]
    assert [read_picture(both, row).shape[:2] for row in range(3)] == [(20, 30), (20, 30), (10, 10)]
    assert read_picture(both, 2).min() == 200


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "file-missing"),
        ("a,b\n", "malformed-file"),
        ("name,left,top,right,bottom\nimage_train/0.png,1,2\n", "malformed-file"),
        ("name,left,top,right,bottom\nimage_train/0.png,1,2,x,4\n", "malformed-file"),
        ("name,left,top,right,bottom\nimage_train/0.png,5,2,5,4\n", "malformed-file"),
        ("name,left,top,right,bottom\nimage_train/0.png,1,2,inf,4\n", "malformed-file"),
        ("name,left,top,right,bottom\nelsewhere/9.png,1,2,3,4\n", "boxes-unfit"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(table: ReidTable, tmp_path: Path, text: str | None, code: str) -> None:
    path = tmp_path / "boxes.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UserError) as refused:
        with_cropped(table, path)
    assert refused.value.code == code
    assert str(path) in str(refused.value)
