"""A file of a fine-tuned NanoDet that is none, or is damaged, is refused with a message that names it."""

import json
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from ml.types import UserError
from ml.weights.nanodet_tuned import FEATURES, read_tuned, tuned_model

MEAN = np.zeros(FEATURES, np.float32)
KERNEL = np.zeros((2, 1, 1, 1), np.float32)
CARD = json.dumps({"network": "nanodet"})


def written(path: Path, card: str, **tensors: np.ndarray) -> Path:
    safetensors.numpy.save_file(tensors, path, {"card": card})
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UserError, match=path.name) as refused:
        read_tuned(path)
    assert refused.value.code == "weights-unreadable"
    return str(refused.value)


@pytest.mark.parametrize("card", ["", "{oops", '["nanodet"]', '{"network": "another"}'])
def test_a_file_whose_card_is_none_of_nanodet_is_refused(tmp_path: Path, card: str) -> None:
    path = written(tmp_path / "a.safetensors", card, vehicle_mean=MEAN, kernel=KERNEL)

    assert "not weights of a fine-tuned NanoDet" in refusal(path)


@pytest.mark.parametrize("kernel", [KERNEL + np.float32("nan"), KERNEL - np.float32("inf"), KERNEL.astype(np.float64)])
def test_weights_that_are_no_finite_numbers_are_refused(tmp_path: Path, kernel: np.ndarray) -> None:
    assert "(kernel is not all finite" in refusal(
        written(tmp_path / "a.safetensors", CARD, vehicle_mean=MEAN, kernel=kernel)
    )


def test_a_mean_of_features_that_is_no_number_is_refused(tmp_path: Path) -> None:
    sound, damaged = (
        written(tmp_path / f"{name}.safetensors", CARD, vehicle_mean=mean)
        for name, mean in (("sound", MEAN), ("damaged", MEAN + np.float32("nan")))
    )

    assert read_tuned(sound).vehicle_mean.tolist() == MEAN.tolist()
    assert "(vehicle_mean is not all finite" in refusal(damaged)


def test_only_what_learns_can_be_put_in() -> None:
    with pytest.raises(UserError, match=r"constant_56 \(4,\) has no place in NanoDet"):  # what a resize goes by
        tuned_model({"constant_56": np.ones(4, np.float32)}, "mine")
