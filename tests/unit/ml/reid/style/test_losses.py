"""SPGAN's losses, worked out by hand."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ml.reid.style.losses import contrastive_loss, critic_loss, cycle_loss, fooling_loss, similarity_loss

RIGHT, UP, LEFT = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]]), torch.tensor([[-1.0, 0.0]])


def test_a_critic_wants_one_of_real_and_nothing_of_made_pictures() -> None:
    # ((0.5 - 1)^2 + (1 - 1)^2) / 2 + (0.2^2 + 0.4^2) / 2 = 0.125 + 0.1
    assert float(critic_loss(torch.tensor([0.5, 1.0]), torch.tensor([0.2, 0.4]))) == pytest.approx(0.225)
    assert float(critic_loss(torch.ones(3), torch.zeros(3))) == 0


def test_a_generator_wants_its_pictures_taken_for_real() -> None:
    # ((0.2 - 1)^2 + (0.4 - 1)^2) / 2
    assert float(fooling_loss(torch.tensor([0.2, 0.4]))) == pytest.approx(0.5)


def test_the_way_there_and_back_is_compared_pixel_by_pixel() -> None:
    there, back = torch.tensor([[[[0.0, 1.0], [-1.0, 0.5]]]]), torch.tensor([[[[0.5, 1.0], [0.0, 0.0]]]])
    assert float(cycle_loss(there, back)) == pytest.approx((0.5 + 0 + 1 + 0.5) / 4)


@pytest.mark.parametrize(
    ("pair", "same", "margin", "loss"),
    [
        ((RIGHT, UP), True, 2.0, 2.0),  # d = sqrt 2, of which the square
        ((RIGHT, UP), False, 2.0, (2 - math.sqrt(2)) ** 2),
        ((RIGHT, UP), False, 1.0, 0.0),  # farther than the margin already
        ((RIGHT, LEFT), False, 2.0, 0.0),
        ((RIGHT, RIGHT), True, 2.0, 0.0),
        ((RIGHT, RIGHT), False, 2.0, 4.0),
    ],
)
def test_pairs_are_pulled_together_or_pushed_to_the_margin(
    pair: tuple[torch.Tensor, torch.Tensor], same: bool, margin: float, loss: float
) -> None:
    assert float(contrastive_loss(*pair, same=same, margin=margin)) == pytest.approx(loss, abs=1e-5)


def test_a_translated_picture_belongs_to_its_source_and_not_to_the_target() -> None:
    # near its source: d^2 = 2; from the target at d = sqrt 2, margin 2: (2 - sqrt 2)^2
    assert float(similarity_loss(RIGHT, UP, LEFT, margin=2.0)) == pytest.approx(2 + (2 - math.sqrt(2)) ** 2)
    assert float(similarity_loss(RIGHT, RIGHT, LEFT, margin=2.0)) == pytest.approx(0)


def test_pictures_that_look_the_same_to_the_network_have_a_finite_slope() -> None:
    left = RIGHT.clone().requires_grad_()
    contrastive_loss(left, RIGHT, same=False, margin=2.0).backward()  # type: ignore[no-untyped-call]
    assert left.grad is not None
    assert torch.isfinite(left.grad).all()


@given(st.floats(0, 2 * math.pi), st.floats(0.01, 2))
def test_no_pair_of_unit_vectors_costs_more_than_its_bound(angle: float, margin: float) -> None:
    turned = torch.tensor([[math.cos(angle), math.sin(angle)]])
    assert 0 <= float(contrastive_loss(RIGHT, turned, same=True, margin=margin)) <= 4 + 1e-5
    assert 0 <= float(contrastive_loss(RIGHT, turned, same=False, margin=margin)) <= margin**2 + 1e-5
