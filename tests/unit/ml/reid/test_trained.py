"""An embedder that is named by its file of weights."""

import numpy as np
import pytest

from ml.reid import EmbedderConfig, create_embedder, weights_checksum
from ml.reid.trained import network_input
from ml.types import UserError


def test_pictures_are_normalised_channel_by_channel() -> None:
    red = np.array([[[[30, 10, 0]]]], np.uint8)
    made = network_input(red, (10.0, 10.0, 10.0), (10.0, 5.0, 2.0))
    np.testing.assert_allclose(made, [[[[2.0]], [[0.0]], [[-5.0]]]])


def test_other_embedders_have_no_such_file() -> None:
    with pytest.raises(UserError, match="for the embedder 'trained'"):
        EmbedderConfig(name="efficientnet-lite0", weights="own.safetensors")


def test_without_a_file_it_is_said_what_is_missing() -> None:
    with pytest.raises(UserError, match="needs `weights`"):
        create_embedder(EmbedderConfig(name="trained"), device="cpu")
    with pytest.raises(UserError, match="check the path") as error:
        weights_checksum(EmbedderConfig(name="trained", weights="/nowhere/w.safetensors"))
    assert error.value.code == "weights-missing"
