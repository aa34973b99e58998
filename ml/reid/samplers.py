"""Which pictures stand together in a batch.

A sampler is a pure function from the number of an epoch to its batches, so that a training that was stopped goes on
with the very batches it would have had: what must be kept is the place (epoch, batch), see `BatchStream`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ml.types import UserError

Rows = npt.NDArray[np.int64]


class Sampler(Protocol):
    """Batches of row numbers, all of one size; the number of batches is the same in every epoch."""

    def __len__(self) -> int:
        """Batches an epoch."""
        ...

    def epoch(self, number: int) -> Rows:
        """[batches, size] int64, the rows of each batch of epoch `number`; the same for the same number."""
        ...


class IdentitySampler:
    """P identities with K pictures of each, side by side (Hermans et al., 2017: PK batches for batch-hard triplets).

    Every picture is in every epoch. An identity's pictures are shuffled and cut into groups of K, the last one filled
    up with pictures of the others; one with fewer than K has them repeated. A batch has P different identities; an
    epoch is as short as that allows, and batches that are left with fewer are filled up with other identities.

    labels  [n] int64, identity of each row; any numbers
    """

    def __init__(self, labels: Rows, *, identities: int, pictures: int, seed: int) -> None:
        _require_positive(identities=identities, pictures=pictures)
        self._labels = np.unique(labels, return_inverse=True)[1].reshape(len(labels))
        self._counts = np.bincount(self._labels)
        if len(self._counts) < identities:
            raise UserError(
                "too-few-identities",
                f"the training set has {len(self._counts)} identities; batches of {identities} need as many",
            )
        self._identities, self._pictures, self._seed = identities, pictures, seed
        groups = -(-self._counts // pictures)
        self._batches = max(-(-int(groups.sum()) // identities), int(groups.max()))

    def __len__(self) -> int:
        return self._batches

    def epoch(self, number: int) -> Rows:
        rng = np.random.default_rng((self._seed, number))
        shuffled = _Shuffled.of(self._labels, self._counts, rng)
        groups, owners = shuffled.groups(self._pictures)
        every = [slice(place, None, len(self)) for place in range(len(self))]
        batches = [self._batch(groups[one], owners[one], shuffled, rng) for one in every]
        return np.stack(batches)[rng.permutation(len(self))]

    def _batch(self, groups: Rows, owners: Rows, shuffled: _Shuffled, rng: np.random.Generator) -> Rows:
        """The groups of one batch, filled up to P identities.

        Taking every len(self)-th group never takes two of one identity: its groups are neighbours, and no identity has
        more of them than there are batches.
        """
        lacking = self._identities - len(owners)
        if not lacking:
            return groups.ravel()
        others = np.setdiff1d(np.arange(len(self._counts)), owners)
        added = rng.permutation(others)[:lacking]
        filling = [shuffled.drawn(owner, self._pictures, rng) for owner in added.tolist()]
        return np.concatenate([groups.ravel(), *filling])


@dataclass(frozen=True)
class _Shuffled:
    """Rows with those of an identity together, shuffled; identities in random order, numbered by it.

    rows  [n]      starts, counts  [k] where each identity's rows begin, and how many they are
    """

    rows: Rows
    starts: Rows
    counts: Rows

    @staticmethod
    def of(labels: Rows, counts: Rows, rng: np.random.Generator) -> _Shuffled:
        identities = rng.permutation(len(counts))
        place = np.empty_like(identities)
        place[identities] = np.arange(len(identities))
        rows = rng.permutation(len(labels))
        rows = rows[np.argsort(place[labels[rows]], kind="stable")]
        ordered = counts[identities]
        return _Shuffled(rows, np.cumsum(ordered) - ordered, ordered)

    def groups(self, size: int) -> tuple[Rows, Rows]:
        """All rows in groups of `size` of one identity [g, size], and the identity of each group [g], not falling."""
        parts = -(-self.counts // size)
        owners = np.repeat(np.arange(len(parts)), parts)
        part = np.arange(len(owners)) - np.repeat(np.cumsum(parts) - parts, parts)
        within = (part[:, None] * size + np.arange(size)) % self.counts[owners][:, None]
        return self.rows[self.starts[owners][:, None] + within], owners

    def drawn(self, owner: int, size: int, rng: np.random.Generator) -> Rows:
        """`size` rows of one identity, from a random one on; each once before any is repeated."""
        first, total = int(self.starts[owner]), int(self.counts[owner])
        rows = self.rows[first : first + total]
        return np.resize(np.roll(rows, -int(rng.integers(total))), size)


class NaiveSampler:
    """Every picture once in every epoch, in random order; the last batch is filled up with the epoch's first ones."""

    def __init__(self, rows: int, *, batch: int, seed: int) -> None:
        _require_positive(rows=rows, batch=batch)
        self._rows, self._batch, self._seed = rows, batch, seed

    def __len__(self) -> int:
        return -(-self._rows // self._batch)

    def epoch(self, number: int) -> Rows:
        order = np.random.default_rng((self._seed, number)).permutation(self._rows)
        return np.resize(order, (len(self), self._batch))


class BalancedSampler:
    """Every group equally often, however many pictures it has; an epoch is as long as the naive one's.

    With identities as groups this is VehicleNet's balanced sampling ("images of different class with equal
    possibility"); with domains as groups, each domain has its equal share of every batch.

    groups  [n] int64, group of each row; any numbers
    """

    def __init__(self, groups: Rows, *, batch: int, seed: int) -> None:
        _require_positive(rows=len(groups), batch=batch)
        self._members = _places(np.unique(groups, return_inverse=True)[1].reshape(len(groups)))
        self._rows, self._batch, self._seed = len(groups), batch, seed

    def __len__(self) -> int:
        return -(-self._rows // self._batch)

    def epoch(self, number: int) -> Rows:
        rng = np.random.default_rng((self._seed, number))
        places = len(self) * self._batch
        turns = _in_turn(np.arange(len(self._members)), places, rng)
        rows = np.empty(places, np.int64)
        drawn, mine = np.unique(turns), _places(turns)
        for group, where in zip(drawn.tolist(), mine, strict=True):
            rows[where] = _in_turn(self._members[group], len(where), rng)
        return rows.reshape(len(self), self._batch)


class BatchStream:
    """The batches of one epoch after another; `state` is what must be kept to go on from here."""

    def __init__(self, sampler: Sampler, state: Mapping[str, int] | None = None) -> None:
        self._sampler = sampler
        self._epoch, self._batch = (0, 0) if state is None else (state["epoch"], state["batch"])

    def state(self) -> dict[str, int]:
        """epoch, and the batch of it that comes next."""
        return {"epoch": self._epoch, "batch": self._batch}

    def __iter__(self) -> Iterator[Rows]:
        """Batches [size] without end; the state is already behind a batch when it is handed out."""
        for number in count(self._epoch):
            for rows in self._sampler.epoch(number)[self._batch :]:
                self._advance()
                yield rows

    def _advance(self) -> None:
        self._batch += 1
        if self._batch == len(self._sampler):
            self._epoch, self._batch = self._epoch + 1, 0


def _places(groups: Rows) -> list[Rows]:
    """The places of each group, groups rising."""
    order = np.argsort(groups, kind="stable").astype(np.int64)
    return np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)


def _in_turn(members: Rows, length: int, rng: np.random.Generator) -> Rows:
    """`length` of `members`: all in random order, then all again in another, and so on."""
    rounds = -(-length // len(members))
    return np.concatenate([members[:0], *(rng.permutation(members) for _ in range(rounds))])[:length]


def _require_positive(**numbers: int) -> None:
    for name, number in numbers.items():
        if number < 1:
            raise UserError("bad-sampler", f"{name} of a sampler is {number}; it must be 1 or more")
