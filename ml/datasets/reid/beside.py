"""A set with other sets beside it: VehicleNet's union of sources around one target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ml.datasets.reid.sets import ReidSet
from ml.datasets.reid.table import ReidTable


def with_beside(target: ReidSet, others: Sequence[ReidSet]) -> ReidSet:
    """`target` with the training and the rendered pictures of `others` among those beside its real ones.

    Its own training pictures, queries and gallery stay as they are; the others' vehicles, tracklets and cameras are
    moved past those before, so that nothing of one set is taken for something of another. A recipe leaves them all out
    by `data.synthetic_identities: 0`.
    """
    tables = [target.synthetic, *(table for other in others for table in (other.train, other.synthetic))]
    there = [table for table in tables if len(table)]
    return replace(target, synthetic=ReidTable.union(there)) if others and there else target
