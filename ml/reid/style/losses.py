"""SPGAN's losses (Deng et al. 2018, section 3.2): pictures x of the source, y of the target, G from source to target.

Pictures are [n, 3, h, w] float in -1..1; a critic's scores have any shape; embeddings are [n, d] of length 1.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

_SMALLEST = 1e-12  # under a root, where its slope is still finite


def critic_loss(real: Tensor, made: Tensor) -> Tensor:
    """What a critic makes small, E[(D(y) - 1)^2] + E[D(G(x))^2]: 1 for real pictures, 0 for made ones (eq. 1)."""
    return (real - 1).square().mean() + made.square().mean()


def fooling_loss(made: Tensor) -> Tensor:
    """What a generator makes small against that critic, E[(D(G(x)) - 1)^2]: least squares, as CycleGAN has it."""
    return (made - 1).square().mean()


def cycle_loss(there: Tensor, back: Tensor) -> Tensor:
    """E[|F(G(x)) - x|_1] (eq. 3), the mean over pixels and channels; one of its two parts.

    Of a picture of the target through G it is a part of the identity mapping loss, E[|G(y) - y|_1] (eq. 4).
    """
    return functional.l1_loss(back, there)


def contrastive_loss(left: Tensor, right: Tensor, *, same: bool, margin: float) -> Tensor:
    """The mean of i d^2 + (1 - i) max(0, m - d)^2, where d is the distance of a pair (Hadsell et al. 2006; eq. 5).

    same  i: whether a pair should be near, otherwise it should be `margin` apart or more
    """
    squared = (left - right).square().sum(dim=1)
    if same:
        return squared.mean()
    return functional.relu(margin - squared.clamp(min=_SMALLEST).sqrt()).square().mean()


def similarity_loss(source: Tensor, styled: Tensor, target: Tensor, *, margin: float) -> Tensor:
    """SPGAN's contrastive loss of a siamese network's embeddings of x, G(x) and y (section 3.2).

    A translated picture is near its own source and `margin` away from any picture of the target, which shows another
    one: translation changes the style and keeps what is shown.
    """
    near = contrastive_loss(source, styled, same=True, margin=margin)
    return near + contrastive_loss(styled, target, same=False, margin=margin)
