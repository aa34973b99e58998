"""Traffic lights: the arms of a junction have green one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.synthesis.traffic.network import Edge, Network

_CLEARANCE = 2.5  # seconds between two greens
_GREEN = {1: 8.0, 2: 14.0}  # seconds by number of lanes


@dataclass(frozen=True)
class Signal:
    """The arms of a junction in turn, each with its seconds of green; `shift` seconds into the round at time 0."""

    arms: tuple[Edge, ...]
    shift: float

    def green(self, time: float) -> Edge | None:
        """The arm that may go at `time` seconds; None while the junction clears."""
        spans = [_GREEN[arm.lanes] + _CLEARANCE for arm in self.arms]
        left = (time + self.shift) % sum(spans)
        for arm, span in zip(self.arms, spans, strict=True):
            if left < span:
                return arm if left < span - _CLEARANCE else None
            left -= span
        return None


def drawn_signals(network: Network, generator: np.random.Generator) -> dict[str, Signal]:
    """A signal at every junction."""
    return {
        node: Signal(tuple(network.entering(node)), float(generator.uniform(0, 60))) for node in network.junctions()
    }
