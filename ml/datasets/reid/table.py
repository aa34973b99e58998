"""The table of a re-identification set: one row a picture, whichever layout it was read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.types import Bool1D, Double1D, Float1D, Float2D, Int1D, UserError

Ids = npt.NDArray[np.int64]
UNKNOWN = -1

_DTYPES = {
    "identity": np.int64,
    "camera": np.int32,
    "tracklet": np.int64,
    "time_s": np.float64,
    "vehicle_type": np.int32,
    "colour": np.int32,
    "orientation_deg": np.float32,
    "domain": np.int32,
}


@dataclass(frozen=True, slots=True, eq=False)
class ReidTable:
    """Pictures of vehicles with what is known about them; integers are -1 and floats nan where it is not.

    paths            n files; a path may occur in several rows
    identity         [n] int64, comparable between the tables of one `ReidSet`; -1 where the set keeps it back
    camera           [n] int32, index into `cameras`; -1 unknown
    tracklet         [n] int64, one vehicle's passage of one camera; -1 unknown
    time_s           [n] float64, seconds on the set's own clock; nan unknown
    vehicle_type     [n] int32, the set's own numbering; -1 unknown
    colour           [n] int32, the set's own numbering; -1 unknown
    orientation_deg  [n] float32, 0 facing the camera, counter-clockwise seen from above; nan unknown
    domain           [n] int32, index into `domains`, the sets that the rows come from
    boxes            [n, 4] float32 xyxy, the part of the picture that shows the vehicle; nan: all of it

    UserError "bad-reid-table" where columns differ in length or hold a number that they cannot.
    """

    paths: tuple[Path, ...]
    identity: Ids
    camera: Int1D
    tracklet: Ids
    time_s: Double1D
    vehicle_type: Int1D
    colour: Int1D
    orientation_deg: Float1D
    domain: Int1D
    domains: tuple[str, ...]
    cameras: tuple[str, ...]
    boxes: Float2D

    def __post_init__(self) -> None:
        for name, dtype in _DTYPES.items():
            _require_column(name, getattr(self, name), (len(self),), dtype)
        _require_column("boxes", self.boxes, (len(self), 4), np.float32)
        _require_range("identity", self.identity, UNKNOWN, None)
        _require_range("tracklet", self.tracklet, UNKNOWN, None)
        _require_range("camera", self.camera, UNKNOWN, len(self.cameras))
        _require_range("domain", self.domain, 0, len(self.domains))

    def __len__(self) -> int:
        return len(self.paths)

    @staticmethod
    def of(
        paths: Sequence[Path],
        identity: Sequence[int] | Ids,
        *,
        domain: str,
        cameras: tuple[str, ...] = (),
        camera: npt.ArrayLike | None = None,
        tracklet: npt.ArrayLike | None = None,
        time_s: npt.ArrayLike | None = None,
        vehicle_type: npt.ArrayLike | None = None,
        colour: npt.ArrayLike | None = None,
        orientation_deg: npt.ArrayLike | None = None,
        boxes: npt.ArrayLike | None = None,
    ) -> ReidTable:
        """A table of one domain; what is left out is unknown."""
        n = len(paths)

        def whole(values: npt.ArrayLike | None) -> npt.NDArray[np.int64]:
            return np.full(n, UNKNOWN, np.int64) if values is None else np.asarray(values, np.int64)

        def real(values: npt.ArrayLike | None, shape: tuple[int, ...] = (n,)) -> npt.NDArray[np.float64]:
            return np.full(shape, np.nan) if values is None else np.asarray(values, np.float64)

        return ReidTable(
            tuple(paths),
            np.asarray(identity, np.int64),
            whole(camera).astype(np.int32),
            whole(tracklet),
            real(time_s),
            whole(vehicle_type).astype(np.int32),
            whole(colour).astype(np.int32),
            real(orientation_deg).astype(np.float32),
            np.zeros(n, np.int32),
            (domain,),
            cameras,
            real(boxes, (n, 4)).reshape(n, 4).astype(np.float32),
        )

    def take(self, rows: npt.NDArray[np.integer] | Bool1D) -> ReidTable:
        """The table of `rows` (indices, which may repeat, or a boolean mask)."""
        chosen = np.arange(len(self))[rows]
        columns: dict[str, Any] = {name: getattr(self, name)[chosen] for name in (*_DTYPES, "boxes")}
        return replace(self, paths=tuple(self.paths[row] for row in chosen.tolist()), **columns)

    def of_several_cameras(self) -> ReidTable:
        """The rows of those vehicles alone that two cameras saw: the others say nothing of how a vehicle looks
        elsewhere, and held back they cannot be looked for.
        """
        places = np.unique(np.stack((self.identity, self.camera.astype(np.int64))), axis=1)
        vehicles, cameras = np.unique(places[0], return_counts=True)
        return self.take(np.isin(self.identity, vehicles[cameras > 1]))

    def camera_names(self) -> npt.NDArray[np.str_]:
        """[n] the camera of each row, "" where unknown (as `ml.evaluation.ranking.Labels` wants it)."""
        return np.array([*self.cameras, ""], np.str_)[self.camera]

    def dense_identities(self) -> tuple[Ids, Ids]:
        """labels [n] int64 in 0..k-1, and the k identities [k] int64 that they stand for, rising.

        UserError "no-labels": a row's identity is not known.
        """
        self._require_labels()
        identities, labels = np.unique(self.identity, return_inverse=True)
        return labels.astype(np.int64).reshape(len(self)), identities

    def split_by_identity(self, share: float, seed: int) -> tuple[ReidTable, ReidTable]:
        """Two tables with no identity in common; about `share` of the identities are in the first.

        Each side has one identity at least; rows keep their order.

        UserError "bad-split": fewer than two identities, or a share that is not between 0 and 1; "no-labels".
        """
        self._require_labels()
        identities = np.unique(self.identity)
        if not 0 < share < 1:
            raise UserError("bad-split", f"the share is {share}; it must be between 0 and 1")
        if len(identities) < 2:
            raise UserError("bad-split", f"{len(identities)} identities cannot be split in two; two are needed")
        count = int(np.clip(round(share * len(identities)), 1, len(identities) - 1))
        chosen = np.random.default_rng(seed).permutation(identities)[:count]
        first = np.isin(self.identity, chosen)
        return self.take(first), self.take(~first)

    def _require_labels(self) -> None:
        unlabelled = int((self.identity == UNKNOWN).sum())
        if unlabelled:
            raise UserError("no-labels", f"{unlabelled} of {len(self)} pictures have no identity")

    @staticmethod
    def union(tables: Sequence[ReidTable]) -> ReidTable:
        """The rows of all `tables`, in their order; nothing of one table is taken for something of another.

        Identities and tracklets are moved up by as much as the tables before need (those of the first stay as they
        are). Cameras become `domain/camera`, and a domain that is there already becomes `domain#2`, `#3`, ...

        UserError "bad-reid-table": no table at all.
        """
        if not tables:
            raise UserError("bad-reid-table", "a union needs one table at least")
        united = _Union()
        for table in tables:
            united.add(table)
        return united.table()


class _Union:
    """Joins tables one by one, keeping their numbers apart."""

    def __init__(self) -> None:
        self._parts: list[ReidTable] = []
        self._domains: list[str] = []
        self._cameras: list[str] = []
        self._identities = self._tracklets = 0

    def add(self, table: ReidTable) -> None:
        domains = _fresh(table.domains, self._domains)
        moved = replace(
            table,
            identity=_moved(table.identity, self._identities),
            tracklet=_moved(table.tracklet, self._tracklets),
            camera=_moved(table.camera, len(self._cameras)).astype(np.int32),
            domain=(table.domain + len(self._domains)).astype(np.int32),
            domains=(*self._domains, *domains),
            cameras=(*self._cameras, *_fresh(_with_domain(table, domains[0]), self._cameras)),
        )
        self._parts.append(moved)
        self._domains, self._cameras = list(moved.domains), list(moved.cameras)
        self._identities = max(self._identities, int(moved.identity.max(initial=-1)) + 1)
        self._tracklets = max(self._tracklets, int(moved.tracklet.max(initial=-1)) + 1)

    def table(self) -> ReidTable:
        columns: dict[str, Any] = {
            name: np.concatenate([getattr(part, name) for part in self._parts]) for name in (*_DTYPES, "boxes")
        }
        paths = tuple(path for part in self._parts for path in part.paths)
        return replace(self._parts[-1], paths=paths, **columns)


def _fresh(names: Sequence[str], taken: Sequence[str]) -> list[str]:
    """`names`, those that are taken numbered: a, a#2, a#3, ..."""
    found: list[str] = []
    for name in names:
        number = 1
        while (fresh := f"{name}#{number}" if number > 1 else name) in (*taken, *found):
            number += 1
        found.append(fresh)
    return found


def _moved(numbers: npt.NDArray[np.integer], by: int) -> Ids:
    """`numbers` moved up by `by`; unknown stays unknown."""
    return np.where(numbers == UNKNOWN, UNKNOWN, numbers + np.int64(by))


def _with_domain(table: ReidTable, domain: str) -> list[str]:
    """Cameras as `domain/camera`; those of a union have their domain already."""
    if len(table.domains) > 1:
        return list(table.cameras)
    return [f"{domain}/{camera.removeprefix(f'{table.domains[0]}/')}" for camera in table.cameras]


def _require_column(name: str, values: npt.NDArray[np.generic], shape: tuple[int, ...], dtype: type) -> None:
    if values.shape != shape or values.dtype != dtype:
        raise UserError(
            "bad-reid-table",
            f"column {name} is {values.dtype} {values.shape}; {np.dtype(dtype)} {shape} is needed",
        )


def _require_range(name: str, values: npt.NDArray[np.integer], least: int, end: int | None) -> None:
    wrong = (values < least) | (False if end is None else values >= end)
    if wrong.any():
        row = int(np.argmax(wrong))
        allowed = f"{least} or more" if end is None else f"{least}..{end - 1}"
        raise UserError("bad-reid-table", f"{name} of row {row} is {values[row]}; it must be {allowed}")
