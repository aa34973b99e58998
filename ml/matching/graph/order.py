"""Which pairs to ask people about first: those whose answer is expected to change the most identities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.matching.graph.checks import require_chances, require_column, require_index_pairs
from ml.matching.graph.conflicts import IndexPairs
from ml.matching.graph.grouping import must_link_groups, pair_codes
from ml.matching.graph.growth import log_odds
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
    said = np.isin(pair_codes(pairs, len(labels)), pair_codes(answered, len(labels)))
    vehicles, _ = must_link_groups(len(labels), must_links, cannot_links)
    linked = vehicles[pairs[:, 0]] == vehicles[pairs[:, 1]]
    apart = np.isin(pair_codes(labels[pairs], len(labels)), pair_codes(labels[cannot_links], len(labels)))
    settled: Bool1D = said | linked | (apart & (labels[pairs[:, 0]] != labels[pairs[:, 1]]))
    return settled


def chances_between(pairs: IndexPairs, chances: npt.NDArray[np.floating], labels: Labels) -> Double1D:
    """[m] that the two identities of each pair are one vehicle; of a pair within an identity its own chance.

    pairs  [m, 2] tracklets, all that were compared       chances  [m] that both are one vehicle
    labels [n] identity of each tracklet

    Between two identities it is the sigmoid of the mean log-odds over all compared pairs between them: one answer
    decides about both of them. UserError: bad-pairs, wrong-shape, not-a-number, not-a-probability.
    """
    require_index_pairs(pairs, len(labels), "pairs")
    require_chances(chances, len(pairs), "chances")
    ends = labels[pairs]
    _, between = np.unique(pair_codes(ends, int(labels.max(initial=0)) + 1), return_inverse=True)
    mean = np.bincount(between, log_odds(chances)) / np.bincount(between)
    shared: Double1D = 1 / (1 + np.exp(-mean[between]))
    return np.where(ends[:, 0] == ends[:, 1], chances, shared)


def review_order(pairs: IndexPairs, chances: npt.NDArray[np.floating], labels: Labels, open_pairs: Bool1D) -> Rows:
    """Rows of the open pairs, the greatest expected change first, one of each two identities.

    pairs    [m, 2] tracklets, all that were compared       chances  [m] that both are one vehicle
    labels   [n] identity of each tracklet                  open_pairs  [m] those that an answer can change

    Between two identities what counts is the chance that both are one (`chances_between`), and their likeliest pair is
    asked about; ties by chance, then by row.

    UserError: bad-pairs, wrong-shape, not-a-number, not-a-probability.
    """
    require_index_pairs(pairs, len(labels), "pairs")
    require_chances(chances, len(pairs), "chances")
    require_column(open_pairs, len(pairs), "open pairs")
    rows = np.flatnonzero(open_pairs)
    one, other = labels[pairs[rows, 0]], labels[pairs[rows, 1]]
    sizes = np.bincount(labels)
    shared = chances_between(pairs, chances, labels)[rows]
    changes = expected_changes(shared, sizes[one], sizes[other], one == other)
    ranked = rows[np.lexsort((-chances[rows], -changes))]
    _, firsts = np.unique(pair_codes(labels[pairs[ranked]], len(labels)), return_index=True)
    order: Rows = ranked[np.sort(firsts)]
    return order
