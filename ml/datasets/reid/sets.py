"""A re-identification set: its tables, and what all readers do alike to build them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ml.datasets.reid.index_files import IndexFiles
from ml.datasets.reid.labels import Item
from ml.datasets.reid.table import UNKNOWN, ReidTable
from ml.types import UserError

DRAWS = 10  # of VehicleID's protocol


@dataclass(frozen=True, slots=True, eq=False)
class ReidSet:
    """A set as read from its folder. Identities, cameras and tracklets are numbered alike in all of its tables,
    except that the rendered vehicles of `synthetic` are others, in cameras of their own.

    train, query, gallery   without rows where the set has none
    synthetic               rendered pictures that come with the set
    index_files             VeRi's gt_index.txt and jk_index.txt, where both are there
    test_lists              VehicleID: the pictures of each test list; query and gallery are drawn from them
    """

    name: str
    layout: str
    train: ReidTable
    query: ReidTable
    gallery: ReidTable
    synthetic: ReidTable
    index_files: IndexFiles | None = None
    test_lists: Mapping[str, ReidTable] = field(default_factory=dict)

    def tests(self, size: str | None = None) -> list[tuple[ReidTable, ReidTable]]:
        """(query, gallery) pairs over which scores are averaged: the set's one, or VehicleID's ten draws.

        size  which of `test_lists` is drawn from; the first where it is None

        UserError "test-list-missing": the set has no list of that size.
        """
        if size is None and not self.test_lists:
            return [(self.query, self.gallery)]
        chosen = next(iter(self.test_lists), "") if size is None else size
        if chosen not in self.test_lists:
            known = ", ".join(self.test_lists) or "none"
            raise UserError("test-list-missing", f"{self.name} has no test list of {size}; it has {known}.")
        return [gallery_draw(self.test_lists[chosen], seed) for seed in range(DRAWS)]

    def tables(self) -> dict[str, ReidTable]:
        """The tables that have rows, by name; test lists as test_<size>."""
        parts = {"train": self.train, "query": self.query, "gallery": self.gallery, "synthetic": self.synthetic}
        if self.test_lists:
            parts |= {f"test_{size}": table for size, table in self.test_lists.items()}
            del parts["query"], parts["gallery"]
        return {name: table for name, table in parts.items() if len(table)}


def gallery_draw(pictures: ReidTable, seed: int) -> tuple[ReidTable, ReidTable]:
    """VehicleID's protocol: one picture of each identity, drawn at random, is the gallery, the others are queries.

    Returns query, gallery.
    """
    labels, identities = pictures.dense_identities()
    order = np.random.default_rng(seed).permutation(len(pictures))
    drawn = np.zeros(len(pictures), np.bool_)
    drawn[order[np.unique(labels[order], return_index=True)[1]]] = True
    assert drawn.sum() == len(identities)
    return pictures.take(~drawn), pictures.take(drawn)


@dataclass(frozen=True, slots=True)
class Picture:
    """One row on its way into a table; camera "" is an unknown one."""

    path: Path
    identity: int
    camera: str = ""
    vehicle_type: int = UNKNOWN
    colour: int = UNKNOWN
    orientation_deg: float = np.nan
    time_s: float = np.nan

    @staticmethod
    def labelled(path: Path, item: Item | None, identity: int, camera: str) -> Picture:
        """A picture with the attributes of its `item`; without one they are unknown."""
        if item is None:
            return Picture(path, identity, camera)
        return Picture(
            path,
            identity,
            camera,
            item.whole("typeID"),
            item.whole("colorID"),
            item.real("orientation"),
            item.real("time"),
        )


def camera_names(parts: Iterable[Sequence[Picture]]) -> tuple[str, ...]:
    """The cameras of all parts, sorted."""
    return tuple(sorted({picture.camera for part in parts for picture in part} - {""}))


def make_table(
    pictures: Sequence[Picture], *, domain: str, cameras: tuple[str, ...], tracklets: Mapping[str, int] | None = None
) -> ReidTable:
    """The table of `pictures`; `tracklets` maps file names to numbers."""
    numbers = {name: place for place, name in enumerate(cameras)}
    return ReidTable.of(
        [picture.path for picture in pictures],
        [picture.identity for picture in pictures],
        domain=domain,
        cameras=cameras,
        camera=[numbers.get(picture.camera, UNKNOWN) for picture in pictures],
        tracklet=[(tracklets or {}).get(picture.path.name, UNKNOWN) for picture in pictures],
        time_s=[picture.time_s for picture in pictures],
        vehicle_type=[picture.vehicle_type for picture in pictures],
        colour=[picture.colour for picture in pictures],
        orientation_deg=[picture.orientation_deg for picture in pictures],
    )
