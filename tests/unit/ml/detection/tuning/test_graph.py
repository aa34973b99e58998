import numpy as np
import onnx
import pytest
import torch
from onnx import helper

from ml.detection.config import DetectorConfig
from ml.detection.nanodet import NanoDet
from ml.detection.registry import create_detector
from ml.detection.tuning.graph import GraphNetwork
from ml.detection.tuning.network import Average, TunedNetwork
from ml.detection.tuning.recipe import TuningRecipe
from ml.types import UserError
from ml.weights.nanodet_tuned import FEATURES, TunedNanoDet, published_model, save_tuned, tuned_model

PICTURE = np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8)
CONFIG = DetectorConfig(input_height=64, input_width=96, second_look=0.0, score_threshold=0.0, threads=1)


def test_graph_in_torch_gives_what_the_runtime_gives() -> None:
    model = published_model()
    detector = NanoDet(model.SerializeToString(), CONFIG)
    names = [output.name for output in model.graph.output]
    given = np.random.default_rng(1).normal(size=(2, 3, 64, 96)).astype(np.float32)

    with torch.no_grad():
        found = GraphNetwork(model)({"image": torch.from_numpy(given)}, names)

    for name, expected in zip(names, detector._session.run(names, {"image": given}), strict=True):
        assert found[name].numpy() == pytest.approx(expected, abs=1e-4), name


def test_part_that_learns_is_named_by_what_lies_behind_it() -> None:
    heads, neck, whole = (TunedNetwork(TuningRecipe(learned=part)).learned for part in ("heads", "neck", "all"))

    assert (len(heads), len(neck), len(whole)) == (12, 18, 68)
    assert set(heads) < set(neck) < set(whole)


def test_what_does_not_learn_gets_no_gradient() -> None:
    network = TunedNetwork(TuningRecipe(learned="heads"))

    found = network(torch.zeros(1, 3, 32, 32))
    torch.autograd.backward(found.scores.sum() + found.distances.sum())

    moved = {name for name, weight in network.graph.named_parameters() if weight.grad is not None}
    assert moved == set(network.learned)
    assert found.scores.shape == (1, 16 + 4 + 1, 3)
    assert found.distances.shape == (1, 21, 44)


def test_weights_put_in_give_the_same_as_in_torch(tmp_path_factory: pytest.TempPathFactory) -> None:
    recipe = TuningRecipe(learned="heads")
    network = TunedNetwork(recipe)
    with torch.no_grad():
        for weight in network.weights():
            weight.mul_(1.1)
    tensors = {name: weight.detach().numpy() for name, weight in zip(network.learned, network.weights(), strict=True)}
    file = tmp_path_factory.mktemp("weights") / "tuned.safetensors"
    save_tuned(TunedNanoDet(tensors, np.zeros(FEATURES, np.float32), {"epoch": 3}), file)

    again = TunedNetwork(TuningRecipe(learned="heads", start=str(file)))
    given = torch.from_numpy(np.random.default_rng(1).normal(size=(1, 3, 64, 96)).astype(np.float32))
    with torch.no_grad():
        (values,) = again.graph({"image": given}, ["scores_8"]).values()
    run = NanoDet(tuned_model(tensors, "here"), CONFIG)._session.run(["scores_8"], {"image": given.numpy()})[0]

    assert values.numpy() == pytest.approx(run, abs=1e-5)
    found = create_detector(DetectorConfig(**{**vars(CONFIG), "weights": str(file)})).detect([PICTURE])[0]
    shipped = create_detector(CONFIG).detect([PICTURE])[0]
    assert len(found)
    assert not np.array_equal(found.scores, shipped.scores)


def test_weights_of_another_network_are_refused() -> None:
    with pytest.raises(UserError, match="made for another network") as refused:
        GraphNetwork(published_model()).put_in({"constant_0": np.zeros((1, 2, 3, 4), np.float32)}, "mine")
    assert refused.value.code == "weights-unreadable"


@pytest.mark.parametrize("name", ["constant_0", "nothing"])
def test_weights_without_a_place_in_the_network_are_not_put_in(name: str) -> None:
    with pytest.raises(UserError, match="made for another network") as refused:
        tuned_model({name: np.zeros(3, np.float32)}, "mine")
    assert refused.value.code == "weights-unreadable"


def test_operation_that_is_not_known_is_refused() -> None:
    graph = helper.make_graph([helper.make_node("Erf", ["image"], ["scores"])], "graph", [], [])

    with pytest.raises(UserError, match="operations Erf: not NanoDet"):
        GraphNetwork(onnx.helper.make_model(graph))


def test_average_follows_the_weights() -> None:
    """0.75 of what it was and 0.25 of the weight: 4, then 0.75 * 4 + 0.25 * 8 = 5."""
    weight = torch.nn.Parameter(torch.tensor([4.0]))
    average = Average([weight], 0.75)

    with torch.no_grad():
        weight.fill_(8.0)
    average.follow([weight])

    assert average.means()[0].tolist() == [5.0]
