"""Losses against examples worked by hand."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ml.reid.losses import CenterLoss, attribute_loss, batch_hard_triplet, identity_loss, pairwise_distances

# Two vehicles on a line: A at 0 and 3, B at 4 and 10.
#   anchor   hardest positive   hardest negative
#   A at 0          3                  4
#   A at 3          3                  1
#   B at 4          6                  1
#   B at 10         6                  7
LINE = torch.tensor([[0.0], [3.0], [4.0], [10.0]])
VEHICLES = torch.tensor([0, 0, 1, 1])


def test_distances_by_hand() -> None:
    corner = torch.tensor([[0.0, 0.0], [3.0, 4.0]])
    torch.testing.assert_close(pairwise_distances(corner)[0, 1], torch.tensor(5.0))
    torch.testing.assert_close(pairwise_distances(corner, squared=True)[0, 1], torch.tensor(25.0))


@pytest.mark.parametrize(
    ("margin", "squared", "expected"),
    [
        (0.3, False, (0 + 2.3 + 5.3 + 0) / 4),
        (2.0, False, (1 + 4 + 7 + 1) / 4),
        (0.3, True, (0 + (9 - 1 + 0.3) + (36 - 1 + 0.3) + 0) / 4),
        (None, False, sum(math.log1p(math.exp(gap)) for gap in (-1, 2, 5, -1)) / 4),
    ],
)
def test_each_anchor_is_hinged_then_the_mean_taken(margin: float | None, squared: bool, expected: float) -> None:
    loss = batch_hard_triplet(LINE, VEHICLES, margin=margin, squared=squared)
    assert float(loss) == pytest.approx(expected, rel=1e-5)


def test_hinging_once_on_the_sums_would_give_another_figure() -> None:
    on_sums = max(0.0, (3 + 3 + 6 + 6) - (4 + 1 + 1 + 7) + 0.3) / 4
    assert float(batch_hard_triplet(LINE, VEHICLES)) != pytest.approx(on_sums)


def test_a_vehicle_seen_once_is_its_own_positive() -> None:
    loss = batch_hard_triplet(torch.tensor([[0.0], [1.0]]), torch.tensor([0, 1]), margin=1.5)
    assert float(loss) == pytest.approx(0.5, abs=1e-5)


def test_a_batch_of_one_vehicle_has_no_loss_and_no_slope() -> None:
    features = torch.tensor([[0.0], [1.0]], requires_grad=True)
    loss = batch_hard_triplet(features, torch.tensor([5, 5]))
    torch.autograd.backward(loss)
    assert float(loss.detach()) == 0
    assert features.grad is not None
    assert torch.equal(features.grad, torch.zeros(2, 1))


def test_equal_features_have_a_finite_slope() -> None:
    features = torch.ones(4, 3, requires_grad=True)
    torch.autograd.backward(batch_hard_triplet(features, VEHICLES))
    assert features.grad is not None
    assert torch.isfinite(features.grad).all()


@given(st.permutations(range(6)), st.booleans())
def test_order_in_the_batch_does_not_matter(order: list[int], squared: bool) -> None:
    features = torch.tensor([[0.0, 1.0], [2.0, 0.5], [4.0, 1.0], [1.0, 3.0], [0.5, 2.0], [3.0, 3.0]])
    labels = torch.tensor([0, 0, 1, 1, 2, 2])
    mixed = batch_hard_triplet(features[order], labels[order], squared=squared)
    assert float(mixed) == pytest.approx(float(batch_hard_triplet(features, labels, squared=squared)), rel=1e-5)


def test_cross_entropy_by_hand() -> None:
    # Softmax of (ln 3, 0) is (3/4, 1/4).
    logits = torch.tensor([[math.log(3), 0.0]])
    plain = -math.log(3 / 4)
    smoothed = -(0.95 * math.log(3 / 4) + 0.05 * math.log(1 / 4))
    assert float(identity_loss(logits, torch.tensor([0]))) == pytest.approx(plain)
    assert float(identity_loss(logits, torch.tensor([0]), smoothing=0.1)) == pytest.approx(smoothed)


def test_center_loss_and_its_centers_by_hand() -> None:
    loss = CenterLoss(3, 1)
    # From centers at 0: (0 + 9 + 16 + 100) / 2 / 4.
    assert float(loss(LINE, VEHICLES)) == pytest.approx(125 / 8)
    # Vehicle 0: 0 - 0.5 * (0 - 3) / 3; vehicle 1: 0 - 0.5 * (-4 - 10) / 3; vehicle 2 was not seen.
    loss.move(LINE, VEHICLES)
    torch.testing.assert_close(loss.centers, torch.tensor([[0.5], [7 / 3], [0.0]]))


def test_attribute_loss_is_the_mean_over_known_labels_by_hand() -> None:
    logits = torch.tensor([[math.log(3.0), 0.0], [0.0, 0.0], [5.0, 1.0]])  # 3/4 and 1/4; 1/2 and 1/2; not known
    loss = attribute_loss(logits, torch.tensor([1, 0, -1]))
    assert float(loss) == pytest.approx((math.log(4) + math.log(2)) / 2)


def test_attribute_loss_of_unknown_labels_alone_is_nothing_and_moves_nothing() -> None:
    logits = torch.ones(2, 3, requires_grad=True)
    loss = attribute_loss(logits, torch.tensor([-1, -1]))
    loss.backward()
    assert float(loss.detach()) == 0
    assert logits.grad is not None
    assert not logits.grad.any()
