"""Queries and galleries out of held pictures."""

from pathlib import Path

import numpy as np
import torch

from ml.datasets.reid import ReidTable
from ml.reid.models import ModelConfig, ReidNetwork
from ml.reid.training.scoring import embedded, nearest_is_of_class, query_and_gallery, score_with
from tests.unit.ml.reid.training.painted import painted_table


def test_first_picture_of_a_vehicle_in_a_camera_is_its_query() -> None:
    paths = [Path(name) for name in "abcdef"]
    table = ReidTable.of(paths, [1, 1, 1, 2, 2, 2], domain="own", cameras=("x", "y"), camera=[0, 0, 1, 0, 0, 0])
    query, gallery = query_and_gallery(table)
    assert [path.name for path in query.paths] == ["a", "c", "d"]
    assert [path.name for path in gallery.paths] == ["b", "c", "e", "f"]


def test_vectors_have_length_one_and_the_network_goes_on_training(tmp_path: Path) -> None:
    network = ReidNetwork(ModelConfig(backbone="osnet-x0.25", last_stride=2)).train()
    table = painted_table(tmp_path, range(2))
    vectors = embedded(network, table, side=32, device=torch.device("cpu"))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert network.training
    score = score_with(lambda t: embedded(network, t, side=32, device=torch.device("cpu")), table, table)
    assert score.scored == 8


def test_the_nearest_learned_picture_tells_the_class() -> None:
    learned = np.float32([[1, 0], [0, 1]])
    own = np.float32([[0.8, 0.6], [0.6, 0.8], [0, 1]])
    assert nearest_is_of_class(own, np.int64([7, 7, 9]), learned, np.int64([7, 9])).tolist() == [True, False, True]
