"""A set with other sets beside it: VehicleNet's union of sources around one target; or with other rendered pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ml.datasets.reid.sets import ReidSet
from ml.datasets.reid.table import ReidTable
from ml.datasets.reid.vehiclex import FOLDER
from ml.types import UserError

ALONE = "vehiclex"  # the layout of sets that have rendered pictures alone


def rendered(data: ReidSet) -> ReidTable:
    """The set's rendered pictures: those beside its own, or all of a set in VehicleX's layout.

    UserError "no-rendered-pictures".
    """
    found = data.train if data.layout == ALONE else data.synthetic
    if not len(found):
        raise UserError("no-rendered-pictures", f"{data.name} has no rendered pictures ({FOLDER}).")
    return found


def with_rendered(target: ReidSet, other: ReidSet) -> ReidSet:
    """`target` with the rendered pictures of `other` in place of its own, as of the same vehicles in another style:
    beside each other they would be learned as different vehicles.

    UserError "no-rendered-pictures", of `other`.
    """
    return replace(target, synthetic=rendered(other))


def with_beside(target: ReidSet, others: Sequence[ReidSet]) -> ReidSet:
    """`target` with the training and the rendered pictures of `others` among those beside its real ones.

    Its own training pictures, queries and gallery stay as they are; the others' vehicles, tracklets and cameras are
    moved past those before, so that nothing of one set is taken for something of another. A recipe leaves them all out
    by `data.synthetic_identities: 0`.
    """
    tables = [target.synthetic, *(table for other in others for table in (other.train, other.synthetic))]
    there = [table for table in tables if len(table)]
    return replace(target, synthetic=ReidTable.union(there)) if others and there else target
