"""A set from its tables to its score, without a network."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.datasets.reid import ReidTable
from ml.evaluation.ranking import Labels, score_ranking
from ml.pipeline.reid_ranking import PictureFeatures, embedder_config, largest, mean_score, score_pair, seen
from ml.types import Detections, UserError


def table(*identities: int) -> ReidTable:
    paths = [Path(f"{number}.jpg") for number in range(len(identities))]
    return ReidTable.of(paths, identities, domain="set")


@pytest.mark.parametrize(
    ("query", "gallery", "code"),
    [
        (table(), table(1), "no-queries"),
        (table(1), table(), "no-queries"),
        (table(1), table(-1), "no-labels"),
        (table(-1), table(1), "no-labels"),
    ],
)
def test_what_cannot_be_scored_is_refused_before_it_is_embedded(
    query: ReidTable, gallery: ReidTable, code: str
) -> None:
    with pytest.raises(UserError) as refused:
        score_pair(PictureFeatures([query, gallery]), query, gallery, model="efficientnet-lite0-lda")

    assert refused.value.code == code


def test_models_are_embedders_by_name_and_trained_ones_by_file(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    path.touch()

    assert embedder_config("efficientnet-lite0").name == "efficientnet-lite0"
    assert (embedder_config(str(path)).name, embedder_config(str(path)).weights) == ("trained", str(path))
    for unknown in ("trained", str(tmp_path / "gone")):
        with pytest.raises(
            UserError, match=r"no file of weights and no embedder; choose a file, or efficientnet-lite0"
        ):
            embedder_config(unknown)


def test_pictures_are_turned_and_made_smaller() -> None:
    picture = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)

    assert (seen(picture, False, 1.0) == picture).all()
    assert (seen(picture, True, 1.0)[:, 0] == picture[:, -1]).all()
    assert seen(picture, True, 0.5).shape == (2, 3, 3)
    assert seen(picture, False, 0.1).shape == (1, 1, 3)
    assert (seen(picture, True, 1.0, np.array([1, 2, 3, 4], np.float32)) == picture[2:4, 1:3][:, ::-1]).all()


def test_the_vehicle_of_a_picture_is_the_largest_that_is_found() -> None:
    boxes = np.array([[0, 0, 4, 4], [1, 1, 9, 4], [0, 0, 3, 3]], np.float32)
    found = Detections(np.zeros(3, np.int32), boxes, np.array([0.9, 0.5, 0.4], np.float32), np.full(3, 3, np.int32))

    assert (largest(found) == boxes[1]).all()
    assert largest(Detections.empty()) is None


def test_scores_of_several_draws_are_averaged_and_their_queries_counted() -> None:
    query, gallery = Labels(np.array([1]), np.array(["a"])), Labels(np.array([1, 2]), np.array(["b", "b"]))
    first, second = (score_ranking(np.array([row], np.float32), query, gallery) for row in ([0, 1], [1, 0]))

    found = mean_score([first, second])

    assert (found.map_all, found.cmc[1], found.cmc[5], found.minp, found.scored) == (0.75, 0.5, 1, 0.75, 2)
    assert mean_score([first]) == replace(first)
