"""Which pairs to ask people about first: those whose answer is expected to change the most identities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.matching.graph.checks import require_chances, require_column, require_index_pairs
from ml.matching.graph.conflicts import IndexPairs
from ml.matching.graph.grouping import must_link_groups
from ml.types import Bool1D, Double1D

Labels = npt.NDArray[np.integer]
Rows = npt.NDArray[np.int64]


def expected_changes(
    chances: npt.NDArray[np.floating], one_sizes: Labels, other_sizes: Labels, together: Bool1D
) -> Double1D:
    """[m] the probability of the answer that changes something, times the tracklets that it would join or split.

    chances                 [m] that both are one vehicle
    one_sizes, other_sizes  [m] tracklets of the identities of either end       together  [m] true where it is one

    Of two identities "same" joins the smaller one's tracklets; of one, "different" parts all but one at most.
    UserError: wrong-shape, not-a-number, not-a-probability.
    """
    require_chances(chances, len(chances), "chances")
    for name, values in (("one_sizes", one_sizes), ("other_sizes", other_sizes), ("together", together)):
        require_column(values, len(chances), name)
    surprise = np.where(together, 1 - chances, chances)
    stakes = np.where(together, one_sizes - 1, np.minimum(one_sizes, other_sizes))
    changes: Double1D = surprise.astype(np.float64) * stakes
    return changes


def settled_pairs(pairs: IndexPairs, labels: Labels, must_links: IndexPairs, cannot_links: IndexPairs) -> Bool1D:
    """[m] true for pairs of which nothing more can be learned.

    pairs  [m, 2] tracklets        labels  [n] identity of each tracklet under the decisions

    Settled are pairs that somebody answered, those that "same" answers connect within an identity, and all between
    two identities of which one pair was called different. UserError: bad-pairs.
    """
    for name, each in (("pairs", pairs), ("must_links", must_links), ("cannot_links", cannot_links)):
        require_index_pairs(each, len(labels), name)
    answered = np.concatenate((must_links, cannot_links))
    said = np.isin(_codes(pairs, len(labels)), _codes(answered, len(labels)))
    vehicles, _ = must_link_groups(len(labels), must_links, cannot_links)
    linked = vehicles[pairs[:, 0]] == vehicles[pairs[:, 1]]
    apart = np.isin(_codes(labels[pairs], len(labels)), _codes(labels[cannot_links], len(labels)))
    settled: Bool1D = said | linked | (apart & (labels[pairs[:, 0]] != labels[pairs[:, 1]]))
    return settled


def review_order(pairs: IndexPairs, chances: npt.NDArray[np.floating], labels: Labels, open_pairs: Bool1D) -> Rows:
    """Rows of the open pairs, the greatest expected change first, one of each two identities; ties by row.

    pairs    [m, 2] tracklets       chances  [m] that both are one vehicle       labels  [n] identity of each tracklet

    UserError: bad-pairs, wrong-shape, not-a-number, not-a-probability.
    """
    require_index_pairs(pairs, len(labels), "pairs")
    require_chances(chances, len(pairs), "chances")
    require_column(open_pairs, len(pairs), "open pairs")
    rows = np.flatnonzero(open_pairs)
    one, other = labels[pairs[rows, 0]], labels[pairs[rows, 1]]
    sizes = np.bincount(labels)
    changes = expected_changes(chances[rows].astype(np.float64), sizes[one], sizes[other], one == other)
    ranked = rows[np.argsort(-changes, kind="stable")]
    _, firsts = np.unique(_codes(labels[pairs[ranked]], len(labels)), return_index=True)
    order: Rows = ranked[np.sort(firsts)]
    return order


def _codes(pairs: npt.NDArray[np.integer], count: int) -> Rows:
    """[m] one number for each pair of two of `count` things, whichever comes first."""
    wide = pairs.astype(np.int64)
    codes: Rows = wide.min(axis=1, initial=count) * np.int64(count) + wide.max(axis=1, initial=0)
    return codes
