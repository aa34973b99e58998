"""All of SPGAN's networks together, and one step of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ml.reid.style.losses import critic_loss, cycle_loss, fooling_loss, similarity_loss
from ml.reid.style.networks import Critic, Generator, Siamese
from ml.reid.style.recipe import StyleRecipe

_BETAS = (0.5, 0.999)  # Adam's


class StyleGan(nn.Module):
    """to_target, to_source            generators: G, whose pictures are wanted, and F, the way back
    target_critic, source_critic      tell the domain's own pictures from made ones
    siamese                           embeds pictures, so that a translated one stays near what it was made of
    """

    def __init__(self, recipe: StyleRecipe) -> None:
        super().__init__()
        self.to_target, self.to_source = (
            Generator(recipe.width, recipe.blocks, residual=recipe.residual) for _ in range(2)
        )
        self.target_critic, self.source_critic = (Critic(recipe.width) for _ in range(2))
        self.siamese = Siamese(recipe.width, recipe.input_size)

    def parts(self) -> tuple[nn.ModuleList, ...]:
        """What learns in turn while the others stand still: generators, critics, the siamese network."""
        generators = nn.ModuleList([self.to_target, self.to_source])
        critics = nn.ModuleList([self.target_critic, self.source_critic])
        return generators, critics, nn.ModuleList([self.siamese])


@dataclass(frozen=True, slots=True)
class _Pictures:
    """source, target  [n, 3, side, side] in -1..1

    styled    the source's in the target's style, G(x)        unstyled  the target's in the source's, F(y)
    """

    source: Tensor
    target: Tensor
    styled: Tensor
    unstyled: Tensor

    def detached(self) -> _Pictures:
        return _Pictures(self.source, self.target, self.styled.detach(), self.unstyled.detach())


class StyleSteps:
    """Steps of a GAN: each moves the generators, then the critics, then the siamese network."""

    def __init__(self, gan: StyleGan, recipe: StyleRecipe) -> None:
        self._gan, self._recipe = gan, recipe
        groups = [{"params": list(part.parameters())} for part in gan.parts()]
        self.optimizer = torch.optim.Adam(groups, lr=recipe.learning_rate, betas=_BETAS)

    def take(self, source: Tensor, target: Tensor, *, rate: float) -> dict[str, float]:
        """One step from [n, 3, side, side] pictures of each domain; returns the losses, not weighted."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        generators, critics, siamese = self._gan.parts()
        with self._moving(generators):
            made, losses = self._generators(source, target)
            self._down(self._weighted(losses))
        made = made.detached()
        with self._moving(critics):
            losses["critics"] = self._critics(made)
            self._down(losses["critics"])
        with self._moving(siamese):
            self._down(self._similarity(made))
        return {name: float(value.detach()) for name, value in losses.items()}

    def _generators(self, source: Tensor, target: Tensor) -> tuple[_Pictures, dict[str, Tensor]]:
        gan = self._gan
        made = _Pictures(source, target, gan.to_target(source), gan.to_source(target))
        fooling = fooling_loss(gan.target_critic(made.styled)) + fooling_loss(gan.source_critic(made.unstyled))
        cycle = cycle_loss(source, gan.to_source(made.styled)) + cycle_loss(target, gan.to_target(made.unstyled))
        mapped = cycle_loss(target, gan.to_target(target)) + cycle_loss(source, gan.to_source(source))
        return made, {"fooling": fooling, "cycle": cycle, "mapped": mapped, "similar": self._similarity(made)}

    def _weighted(self, losses: dict[str, Tensor]) -> Tensor:
        """L_sp = adversarial losses + lambda_1 cycle + lambda_2 identity mapping + lambda_3 similarity (eq. 6)."""
        recipe = self._recipe
        kept = recipe.cycle * losses["cycle"] + recipe.mapped * losses["mapped"]
        return losses["fooling"] + kept + recipe.similar * losses["similar"]

    def _critics(self, made: _Pictures) -> Tensor:
        gan = self._gan
        of_target = critic_loss(gan.target_critic(made.target), gan.target_critic(made.styled))
        return of_target + critic_loss(gan.source_critic(made.source), gan.source_critic(made.unstyled))

    def _similarity(self, made: _Pictures) -> Tensor:
        """Both ways: from source to target and back."""
        source, target, styled, unstyled = (
            self._gan.siamese(pictures) for pictures in (made.source, made.target, made.styled, made.unstyled)
        )
        margin = self._recipe.margin
        there = similarity_loss(source, styled, target, margin=margin)
        return there + similarity_loss(target, unstyled, source, margin=margin)

    @contextmanager
    def _moving(self, part: nn.Module) -> Iterator[None]:
        """Only this part gets slopes, so that Adam leaves the others where they are."""
        self._gan.requires_grad_(False)
        part.requires_grad_(True)
        self.optimizer.zero_grad(set_to_none=True)
        yield
        self._gan.requires_grad_(True)

    def _down(self, loss: Tensor) -> None:
        torch.autograd.backward(loss)
        self.optimizer.step()
