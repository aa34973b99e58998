"""What goes through the steps of a post file: features of one model or several, then distances, then places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Protocol

import numpy as np

from ml.matching.reranking.checks import UNKNOWN, Ids
from ml.matching.reranking.ensembles import combined_distances
from ml.matching.reranking.measures import cosine
from ml.types import Double1D, Float2D, Int1D, UserError

Pair = tuple[Float2D, Float2D]  # features of queries and gallery


class Stage(IntEnum):
    """What a step works on; steps come in this order."""

    PICTURES = 0
    FEATURES = 1
    RANKING = 2
    DISTANCES = 3
    PLACES = 4


@dataclass(frozen=True, slots=True)
class Views:
    """Ways in which a picture is seen, features averaged.

    flip     as it is, and left side right       scales  at each of these shares of its size
    cropped  as it is, and cut to the vehicle that a detector finds in it
    """

    flip: bool = False
    scales: tuple[float, ...] = (1.0,)
    cropped: bool = False


class Source(Protocol):
    """Features of both sides by the name of a model, or by the file of one that was trained."""

    def __call__(self, model: str, views: Views) -> Pair: ...


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the pictures of one side, [n] each; -1 and nan where it is not (as in a `ReidTable`)."""

    camera: Int1D
    tracklet: Ids
    time_s: Double1D
    vehicle_type: Ids
    colour: Ids


@dataclass(frozen=True, slots=True)
class Look:
    """What one model sees, and its weight beside others."""

    model: str
    query: Float2D
    gallery: Float2D
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Chain:
    """Where the steps stand. distances [queries, gallery] is None until a step of stage RANKING has made them."""

    source: Source
    query: Known
    gallery: Known
    views: Views
    looks: tuple[Look, ...]
    distances: Float2D | None = None

    @staticmethod
    def start(source: Source, model: str, query: Known, gallery: Known) -> Chain:
        """Features of `model`, every picture seen once."""
        views = Views()
        return Chain(source, query, gallery, views, (Look(model, *source(model, views)),))

    def changed(self, change: Callable[[Float2D, Float2D], Pair]) -> Chain:
        """With the features of every look changed."""
        return replace(self, looks=tuple(_with(look, change(look.query, look.gallery)) for look in self.looks))

    def beside(self, looks: Sequence[Look]) -> Chain:
        """With further looks."""
        return replace(self, looks=(*self.looks, *looks))

    def ranked(self, distances_of: Callable[[Float2D, Float2D], Float2D]) -> Chain:
        """With the distances of every look, averaged by weight."""
        every = [distances_of(look.query, look.gallery) for look in self.looks]
        return replace(self, distances=combined_distances(every, [look.weight for look in self.looks]))

    def corrected(self, change: Callable[[Float2D], Float2D]) -> Chain:
        """With the distances changed; they are cosine distances where no step made any."""
        return replace(self, distances=change(self.final()))

    def final(self) -> Float2D:
        """The distances as they stand, [queries, gallery]."""
        chain = self if self.distances is not None else self.ranked(cosine)
        assert chain.distances is not None
        return chain.distances

    def tracklets(self) -> Ids:
        """[gallery] tracklets; UserError "no-tracklets" where none is known."""
        if (self.gallery.tracklet == UNKNOWN).all():
            raise UserError(
                "no-tracklets", "no gallery picture has a tracklet; give the set's list of them, or leave the step out"
            )
        return self.gallery.tracklet


def _with(look: Look, pair: Pair) -> Look:
    return replace(look, query=np.asarray(pair[0], np.float32), gallery=np.asarray(pair[1], np.float32))
