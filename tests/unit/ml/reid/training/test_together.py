"""Several processes in one training: which part of a batch each has."""

import pytest
import torch

from ml.reid.training.together import ALONE, Together, joined
from ml.types import UserError


def test_the_parts_of_a_batch_are_equal_and_make_up_the_whole() -> None:
    batch = list(range(12))
    parts = [batch[Together(rank, 3).part(12)] for rank in range(3)]
    assert parts == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]


def test_a_batch_that_cannot_be_divided_is_refused() -> None:
    with pytest.raises(UserError, match=r"10 pictures cannot be divided by 4 processes"):
        Together(0, 4).part(10)


def test_one_process_alone_has_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with joined(torch.device("cpu")) as (together, device):
        assert (together, device) == (ALONE, torch.device("cpu"))
        assert together.first
        pooled = torch.ones(2, 3)
        assert together.gathered(pooled) is pooled
        assert together.agreed(True)
