"""Groups under decisions: what the machine made of the pairs, changed where people say otherwise and nowhere else."""

from __future__ import annotations

import numpy as np

from ml.matching.graph.agglomerate import Indices
from ml.matching.graph.conflicts import IndexPairs
from ml.matching.graph.grouping import connected_parts, in_one_part, must_link_groups, pair_codes
from ml.matching.graph.growth import Graph, grown
from ml.types import Bool1D, Double1D, Float1D


def decided_groups(
    machine: Indices,
    graph: Graph,
    must_links: IndexPairs,
    cannot_links: IndexPairs,
) -> tuple[Indices, Bool1D]:
    """([n] groups, named by first member; [k] the must-links that the other decisions or the conflicts forbid).

    machine   [n] what `grown` makes of the graph without decisions, named by first member
    graph     its pairs, those of its conflicts that hold all the same (`apart`), and the probability from which on a
              pair is favoured

    The machine's groups that "same" connects, or that a "different" goes through, grow again from the known vehicles on
    and among themselves; all others stay, and nothing joins them. So an answer that agrees with the machine changes
    nothing, and whoever is freed by one waits for a question, in place of the next best join: that was the worse one.

    Of must-links that cannot all be true the likelier hold; ties, and pairs that were not compared, by their indices.
    """
    if not len(must_links) and not len(cannot_links):
        return machine, np.zeros(0, np.bool_)
    count = len(machine)
    apart = np.concatenate((cannot_links, graph.apart))
    groups, refused = must_link_groups(count, must_links, apart)
    if refused.any():
        likely = chances_of(must_links, graph.pairs, graph.probabilities, count)
        groups, refused = must_link_groups(count, must_links, apart, chances=likely)
    items = np.arange(count)
    ties = np.concatenate((np.column_stack((items, machine)), np.column_stack((items, groups))))
    parts = connected_parts(count, ties)
    grows = np.zeros(int(parts.max(initial=-1)) + 1, np.bool_)
    grows[parts[machine != machine[groups]]] = True
    within = machine[cannot_links[:, 0]] == machine[cannot_links[:, 1]]
    grows[parts[cannot_links[within, 0]]] = True
    chosen = grows[parts[graph.pairs[:, 0]]] & in_one_part(parts, graph.pairs)
    again = Graph(groups, graph.pairs[chosen], graph.probabilities[chosen], apart, parts, graph.join_probability)
    decided: Indices = np.where(grows[parts], grown(again), machine)
    return decided, refused


def chances_of(wanted: IndexPairs, pairs: IndexPairs, probabilities: Float1D, count: int) -> Double1D:
    """[k] the probability of each of the wanted pairs [k, 2] among the compared `pairs` [m, 2]; 0 if not compared."""
    codes, known = pair_codes(wanted, count), pair_codes(pairs, count)
    here = np.flatnonzero(np.isin(known, codes))
    distinct, place = np.unique(codes, return_inverse=True)
    best = np.zeros(len(distinct))
    np.maximum.at(best, np.searchsorted(distinct, known[here]), probabilities[here].astype(np.float64))
    chances: Double1D = best[place]
    return chances
