"""Labels for query and gallery pictures, written and read."""

from pathlib import Path

import numpy as np
import pytest

from ml.datasets.reid.mined import pictures_to_label, read_mined, write_labels
from ml.reid.training.pictures import choose_pictures
from ml.reid.training.recipe import DataConfig
from ml.types import UserError
from tests.unit.ml.reid.training.painted import painted_set, tiny_recipe


def test_labelled_rows_are_read_back_with_their_labels_and_cameras(tmp_path: Path) -> None:
    data = painted_set(tmp_path)
    pictures = pictures_to_label(data)
    assert len(pictures) == len(data.query) + len(data.gallery) == 16
    labels = np.where(np.arange(16) % 3 == 0, np.arange(16) // 6, -1)

    write_labels(tmp_path / "labels.csv", pictures, labels)
    found = read_mined(tmp_path / "labels.csv", data)

    chosen = labels >= 0
    assert found.paths == pictures.take(chosen).paths
    assert found.identity.tolist() == labels[chosen].tolist()
    assert found.camera.tolist() == pictures.camera[chosen].tolist()


def test_mined_pictures_are_learned_from_as_other_vehicles_than_the_set_s_own(tmp_path: Path) -> None:
    data = painted_set(tmp_path)
    write_labels(tmp_path / "labels.csv", pictures_to_label(data), np.repeat([0, 1], 8))
    recipe = tiny_recipe(data=DataConfig(held=0.0, mined=str(tmp_path / "labels.csv")))

    learned = choose_pictures(data, recipe).learned

    assert len(learned) == 24 + 16
    assert learned.domains == ("own", "mined")
    assert len(np.unique(learned.identity)) == 6 + 2


@pytest.mark.parametrize(
    ("line", "said"), [("elsewhere/1.png,3,c1", "picture elsewhere/1.png is not in painted"), ("{},x,c1", "label x")]
)
def test_labels_of_another_set_are_refused(tmp_path: Path, line: str, said: str) -> None:
    data = painted_set(tmp_path)
    path = data.query.paths[0]
    (tmp_path / "labels.csv").write_text(line.format(f"{path.parent.name}/{path.name}") + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=said) as error:
        read_mined(tmp_path / "labels.csv", data)
    assert error.value.code == "labels-unfit"
