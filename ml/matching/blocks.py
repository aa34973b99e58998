"""Candidate pairs and their evidence, two cameras at a time: a block depends on its two cameras and nothing else.

So new videos of one camera leave all blocks as they are in which it has no part; a `MatchStore` keeps them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ml.matching.candidates import fragment_link, link_pairs
from ml.matching.checks import require_pairs
from ml.matching.columns import Codes, Columns
from ml.matching.config import MatcherConfig
from ml.matching.evidence import OrderedPairs, calibration_digest, evidence
from ml.matching.graph.checks import require_links
from ml.matching.graph.growth import KnownParts
from ml.matching.ranges import Indices, unique_pairs
from ml.types import CameraLink, Float1D, Int1D

VERSION = 3  # raised when the code changes what a block holds


@dataclass(frozen=True, slots=True)
class ComparedPairs:
    """m pairs of tracklets and what speaks for their being one vehicle.

    left, right    [m] int32 rows of the tracklets, left < right
    distances      [m] float32 between their looks            probabilities  [m] float32
    terms          name -> [m] float32, what adds up to the probability's log-odds
    """

    left: Int1D
    right: Int1D
    distances: Float1D
    probabilities: Float1D
    terms: Mapping[str, Float1D]


class MatchStore(Protocol):
    """Keeps between the matches of a scene what they worked out."""

    def __call__(self, key: str, make: Callable[[], ComparedPairs]) -> ComparedPairs:
        """The block that was kept under `key`, else what `make` gives, kept from now on."""

    def known_parts(self) -> KnownParts | None:
        """What the last match made of each component; None where such things are not kept."""

    def keep_parts(self, parts: KnownParts) -> None:
        """The match is done, and these are its components, all of them; blocks that it did not ask for may go."""


class _Nothing:
    """A `MatchStore` that keeps nothing."""

    def __call__(self, key: str, make: Callable[[], ComparedPairs]) -> ComparedPairs:
        return make()

    def known_parts(self) -> KnownParts | None:
        return None

    def keep_parts(self, parts: KnownParts) -> None:
        pass


nothing_kept: MatchStore = _Nothing()


def compared_pairs(
    columns: Columns, links: Sequence[CameraLink], config: MatcherConfig, store: MatchStore = nothing_kept
) -> ComparedPairs:
    """Every pair that a link allows, or that may be two pieces of one vehicle in one camera; block after block.

    UserError: bad-link.
    """
    found = [_placed(block, rows) for rows, block in blocks(columns, links, config, store)]
    found = found or [block_of(columns, [], config)]
    return ComparedPairs(
        left=np.concatenate([each.left for each in found]),
        right=np.concatenate([each.right for each in found]),
        distances=np.concatenate([each.distances for each in found]),
        probabilities=np.concatenate([each.probabilities for each in found]),
        terms={name: np.concatenate([each.terms[name] for each in found]) for name in found[0].terms},
    )


def blocks(
    columns: Columns, links: Sequence[CameraLink], config: MatcherConfig, store: MatchStore = nothing_kept
) -> Iterator[tuple[Indices, ComparedPairs]]:
    """(rows, block) of each camera, and of each two that a link joins; the block counts within its `rows`."""
    rows = columns.rows()
    digests = {} if store is nothing_kept else {name: digest_of(columns, rows[name]) for name in columns.names}
    for names, between in sorted(links_between(columns.names, links).items()):
        here = np.concatenate([rows[name] for name in names])

        def make(here: Indices = here, between: list[CameraLink] = between) -> ComparedPairs:
            return block_of(columns.take(here), between, config)

        key = _key({name: digests[name] for name in names}, between, config, columns.confirmed[here]) if digests else ""
        yield here, store(key, make)


def block_of(columns: Columns, links: Sequence[CameraLink], config: MatcherConfig) -> ComparedPairs:
    """The pairs of `block_pairs` and their evidence."""
    left, right = block_pairs(columns, links, config)
    weighed = evidence(columns, ordered_pairs(columns, left, right), camera_bias=config.camera_bias)
    return ComparedPairs(left, right, weighed.distances, weighed.probabilities(), weighed.terms)


def block_pairs(columns: Columns, links: Sequence[CameraLink], config: MatcherConfig) -> tuple[Int1D, Int1D]:
    """(left, right) rows [m] of the pairs of one camera or between two, left < right, rising.

    columns  the camera's tracklets, or those of both; of one camera, pieces are compared, of two, what `links` allow

    UserError: bad-link.
    """
    require_links(links)
    rows = columns.rows()
    allowed = [fragment_link(name, config.fragment_s) for name in columns.names] if len(rows) == 1 else links
    found = [link_pairs(link, rows, columns.starts_s, columns.ends_s) for link in allowed]
    nothing = np.zeros(0, np.int64)
    one, other = (np.concatenate([nothing, *(pair[place] for pair in found)]) for place in (0, 1))
    left, right = unique_pairs(one, other, max(len(columns.cameras), 1))
    return left.astype(np.int32), right.astype(np.int32)


def ordered_pairs(columns: Columns, left: Int1D, right: Int1D) -> OrderedPairs:
    """The pairs with the one that is seen first (ends first, of equal starts) as the earlier one.

    UserError: wrong-shape, unknown-tracklet.
    """
    require_pairs(left, right, len(columns.starts_s))
    starts, ends = columns.starts_s, columns.ends_s
    first = (starts[left] < starts[right]) | ((starts[left] == starts[right]) & (ends[left] <= ends[right]))
    earlier, later = np.where(first, left, right), np.where(first, right, left)
    return OrderedPairs(earlier, later, starts[later] - ends[earlier])


def digest_of(columns: Columns, rows: Indices) -> str:
    """sha256 of everything that a match knows of these tracklets, in their order."""
    known = hashlib.sha256(f"{len(rows)} {columns.looks.shape[1]}".encode())
    for values in (columns.starts_s, columns.ends_s, columns.looks, columns.entries, columns.exits):
        known.update(np.ascontiguousarray(values[rows]).tobytes())
    return known.hexdigest()


def links_between(names: Sequence[str], links: Sequence[CameraLink]) -> dict[tuple[str, ...], list[CameraLink]]:
    """The links of each block, in an order that does not depend on that of `links`; of one camera none are needed.

    UserError: bad-link.
    """
    require_links(links)
    known = set(names)
    between: dict[tuple[str, ...], list[CameraLink]] = {(name,): [] for name in names}
    for link in sorted(links, key=lambda link: (link.source, link.target, link.min_s, link.max_s)):
        if link.source != link.target and {link.source, link.target} <= known:
            between.setdefault(tuple(sorted((link.source, link.target))), []).append(link)
    return between


def _key(digests: Mapping[str, str], links: Sequence[CameraLink], config: MatcherConfig, confirmed: Codes) -> str:
    places = {name: place for place, name in enumerate(digests)}
    windows = [(places[link.source], link.min_s, link.max_s) for link in links]
    settings = config.fragment_s, config.camera_bias
    content = VERSION, calibration_digest(), list(digests.values()), windows, *settings, _vehicles(confirmed)
    return hashlib.sha256(repr(content).encode()).hexdigest()


def _vehicles(confirmed: Codes) -> list[list[int]]:
    """The rows that are one vehicle, people said: of every two or more."""
    rows = np.flatnonzero(confirmed)
    rows = rows[np.argsort(confirmed[rows], kind="stable")]
    groups = np.split(rows, np.flatnonzero(np.diff(confirmed[rows])) + 1)
    return sorted(group.tolist() for group in groups if len(group) > 1)


def _placed(block: ComparedPairs, rows: Indices) -> ComparedPairs:
    """The block with its rows counted among all tracklets."""
    one, other = (rows[each].astype(np.int32) for each in (block.left, block.right))
    low, high = np.minimum(one, other), np.maximum(one, other)
    return ComparedPairs(low, high, block.distances, block.probabilities, block.terms)
