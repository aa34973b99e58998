"""What does not fit together in a re-identification set: nothing that its reader refuses, but worth a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ml.datasets.reid.sets import ReidSet
from ml.datasets.reid.table import UNKNOWN, Ids, ReidTable


@dataclass(frozen=True)
class Problem:
    """code  a short kebab-case name      message  a sentence with the count      examples  all of them, as text."""

    code: str
    message: str
    examples: list[str] = field(default_factory=list)


def find_problems(reid_set: ReidSet) -> list[Problem]:
    """Identities on both sides, too few pictures, unanswerable queries, lists and attributes that contradict."""
    found = [*_of_training(reid_set), *_of_test(reid_set)]
    for name, table in reid_set.tables().items():
        found += _of_table(name, table)
    return found


def _of_training(reid_set: ReidSet) -> Iterator[Problem]:
    train = _labelled(reid_set.train)
    identities, counts = np.unique(train.identity, return_counts=True)
    if len(train) and len(identities) < 2:
        yield Problem("one-identity", "the training part has one identity: nothing can be told apart")
    single = identities[counts == 1]
    if len(single):
        yield Problem("one-picture", f"{len(single)} training identities have one picture", _texts(single))
    in_one = _in_one_camera(train)
    if len(in_one):
        yield Problem("one-camera", f"{len(in_one)} training identities are seen by one camera", _texts(in_one))
    for name, table in _test_tables(reid_set).items():
        shared = np.intersect1d(identities, _labelled(table).identity)
        if len(shared):
            yield Problem(
                "identity-in-train-and-test", f"{len(shared)} identities of {name} are in train too", _texts(shared)
            )


def _test_tables(reid_set: ReidSet) -> dict[str, ReidTable]:
    return {name: table for name, table in reid_set.tables().items() if name not in ("train", "synthetic")}


def _in_one_camera(table: ReidTable) -> Ids:
    """Identities whose pictures are all of one camera; none where a camera is unknown."""
    if (table.camera == UNKNOWN).any():
        return np.zeros(0, np.int64)
    pairs = np.unique(np.stack((table.identity, table.camera.astype(np.int64))), axis=1)
    return _owners(pairs, of_several=False)


def _of_test(reid_set: ReidSet) -> Iterator[Problem]:
    query, gallery = reid_set.query, reid_set.gallery
    if bool(len(query)) != bool(len(gallery)):
        yield Problem("half-a-test", "there are query pictures or gallery pictures, but not both")
    if not len(query) or not len(gallery) or reid_set.test_lists or (query.identity == UNKNOWN).any():
        return
    answers = [_answers(query, row, gallery) for row in range(len(query))]
    unanswerable = [str(query.paths[row]) for row, (good, _) in enumerate(answers) if not len(good)]
    if unanswerable:
        message = f"{len(unanswerable)} queries have no picture of their vehicle by another camera in the gallery"
        yield Problem("unanswerable-query", message, unanswerable)
    yield from _of_index_files(reid_set, answers)


def _answers(query: ReidTable, row: int, gallery: ReidTable) -> tuple[Ids, Ids]:
    """Gallery rows that are right for a query (same identity, another camera) and junk (same camera)."""
    same = gallery.identity == query.identity[row]
    here = (gallery.camera == query.camera[row]) & (gallery.camera != UNKNOWN)
    return np.flatnonzero(same & ~here), np.flatnonzero(same & here)


def _of_index_files(reid_set: ReidSet, answers: list[tuple[Ids, Ids]]) -> Iterator[Problem]:
    if reid_set.index_files is None:
        return
    stated = {"gt_index.txt": reid_set.index_files.good, "jk_index.txt": reid_set.index_files.junk}
    for place, (file, rows) in enumerate(stated.items()):
        lines = [
            str(line)
            for line, (said, answer) in enumerate(zip(rows, answers, strict=True), start=1)
            if not np.array_equal(np.sort(said), answer[place])
        ]
        if lines:
            message = f"{len(lines)} lines of {file} differ from what identities and cameras say (examples: lines)"
            yield Problem("index-differs", message, lines)


def _of_table(name: str, table: ReidTable) -> Iterator[Problem]:
    repeated = _repeated(table)
    if repeated:
        yield Problem("picture-twice", f"{len(repeated)} pictures are in {name} more than once", repeated)
    tracked = table.take(table.tracklet != UNKNOWN)
    mixed = np.union1d(_of_several(tracked.tracklet, tracked.identity), _of_several(tracked.tracklet, tracked.camera))
    if len(mixed):
        message = f"{len(mixed)} tracklets of {name} have more than one identity or camera"
        yield Problem("mixed-tracklet", message, _texts(mixed))
    labelled = _labelled(table)
    for attribute, codes in (("type", labelled.vehicle_type), ("colour", labelled.colour)):
        several = _of_several(labelled.identity, codes)
        if len(several):
            message = f"{len(several)} identities of {name} have more than one {attribute}"
            yield Problem(f"several-{attribute}s", message, _texts(several))


def _repeated(table: ReidTable) -> list[str]:
    counts = Counter(zip(table.paths, map(str, table.boxes.tolist()), strict=True))
    return [str(path) for (path, _), count in counts.items() if count > 1]


def _of_several(owners: Ids, codes: npt.NDArray[np.integer]) -> Ids:
    """The owners that have more than one code; unknown codes do not count."""
    known = codes != UNKNOWN
    pairs = np.unique(np.stack((owners[known], codes[known].astype(np.int64))), axis=1)
    return _owners(pairs, of_several=True)


def _owners(pairs: npt.NDArray[np.int64], *, of_several: bool) -> Ids:
    """Of different (owner, code) pairs [2, n], the owners that are in several, or in one."""
    owners, counts = np.unique(pairs[0], return_counts=True)
    chosen: Ids = owners[(counts > 1) == of_several]
    return chosen


def _labelled(table: ReidTable) -> ReidTable:
    return table.take(table.identity != UNKNOWN)


def _texts(numbers: Iterable[object]) -> list[str]:
    return [str(number) for number in numbers]
