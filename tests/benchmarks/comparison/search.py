"""One random search for every tracker: the same number of trials, the same seeds, the same aim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Value = int | float
Settings = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Between:
    """A number drawn evenly from low..high; whole, ends included, where both ends are."""

    low: Value
    high: Value

    def draw(self, rng: np.random.Generator) -> Value:
        if isinstance(self.low, int) and isinstance(self.high, int):
            return int(rng.integers(self.low, self.high + 1))
        return round(float(rng.uniform(self.low, self.high)), 4)


Space = Mapping[str, Between]


@dataclass(frozen=True, slots=True)
class Found:
    """The best settings and their value."""

    settings: Settings
    value: float


Aim = Callable[[Settings], float]


def drawn(space: Space, value: Aim, *, trials: int, seed: int) -> Found:
    """The best of `trials` draws. Defaults are no trial: those of ours were chosen with more effort than a draw."""
    rng = np.random.default_rng(seed)
    tried: list[Settings] = [{name: entry.draw(rng) for name, entry in space.items()} for _ in range(trials)]
    return max((Found(settings, value(settings)) for settings in tried), key=lambda found: found.value)
