"""One training by several processes, as `torchrun` starts them: each sees its part of every batch.

What the backbone pools is gathered, and every process computes neck and losses of the whole batch: the hardest
triplets and the neck's normalisation are those of one process. Each then follows the same loss back through its own
part, and the backbone's gradients are summed. On several GPUs the backbone's batch normalisations are over the whole
batch too; on CPUs each process has its own, unless the recipe keeps the statistics it begins with.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

from ml.types import UserError


@dataclass(frozen=True, slots=True)
class Together:
    """The processes of a training; rank says which this is."""

    rank: int = 0
    count: int = 1

    @property
    def first(self) -> bool:
        """Whether this one writes and scores."""
        return self.rank == 0

    def part(self, size: int) -> slice:
        """This one's part of a batch. UserError "bad-configuration" where it cannot be divided."""
        if size % self.count:
            message = f"batches of {size} pictures cannot be divided by {self.count} processes; change batch.identities"
            raise UserError("bad-configuration", message)
        each = size // self.count
        return slice(self.rank * each, (self.rank + 1) * each)

    def gathered(self, part: Tensor) -> Tensor:
        """The whole batch [n, ...] of the processes' parts, in the order of their ranks; slopes reach the own part."""
        if self.count == 1:
            return part
        whole: Tensor = _Gathered.apply(part, self)
        return whole

    def sum_gradients(self, module: nn.Module) -> None:
        """Each weight's gradient becomes the sum over the processes."""
        if self.count > 1:
            for weight in module.parameters():
                if weight.grad is not None:
                    dist.all_reduce(weight.grad)

    def agreed(self, said: bool) -> bool:
        """What the first process said, in all of them."""
        if self.count == 1:
            return said
        place = torch.device("cuda" if dist.get_backend() == "nccl" else "cpu")
        answer = torch.tensor([said], dtype=torch.uint8, device=place)
        dist.broadcast(answer, 0)
        return bool(answer.item())

    def with_shared_statistics(self, network: nn.Module, device: torch.device) -> None:
        """On GPUs the backbone's batch normalisations become ones over all processes, in place."""
        if self.count > 1 and device.type == "cuda":
            shared = nn.SyncBatchNorm.convert_sync_batchnorm(network.get_submodule("backbone"))  # type: ignore[no-untyped-call]
            network.add_module("backbone", shared)


ALONE = Together()
_PATIENCE = timedelta(hours=6)  # the others wait while the first one scores a large set


class _Gathered(torch.autograd.Function):
    """All parts forward; backward the own part's share, for every process computes the same from the whole."""

    @staticmethod
    def forward(ctx: Any, part: Tensor, together: Together) -> Tensor:
        parts = [torch.empty_like(part) for _ in range(together.count)]
        dist.all_gather(parts, part.contiguous())
        ctx.own = together.part(len(part) * together.count)
        return torch.cat(parts)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, None]:
        return slope[ctx.own], None


@contextmanager
def joined(device: torch.device) -> Iterator[tuple[Together, torch.device]]:
    """The processes that torchrun's environment names, and this one's device; alone without such an environment."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield ALONE, device
        return
    if device.type == "cuda":
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=_PATIENCE)
    try:
        yield Together(dist.get_rank(), count), device
        dist.barrier()  # nobody leaves while another may still wait for it
    finally:
        dist.destroy_process_group()
