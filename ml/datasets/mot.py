"""Files of one camera: detections, single-camera tracks and ground truth, as MOTChallenge and CityFlow write them.

One line a box: `frame,id,left,top,width,height,conf,x,y,z`; frames in files are 1-based, here 0-based.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml.datasets.text import LARGEST, Table, box_texts, malformed, read_table, read_text, single_texts, write_lines
from ml.types import Bool1D, Detections, Float1D, Float2D, Int1D, Tracklet

COLUMNS = ("frame", "id", "left", "top", "width", "height", "conf")
CAR = 3


@dataclass(frozen=True)
class TrackRows:
    """Boxes with identities in one camera, in the file's order.

    frames  [n] int32, 0-based        ids     [n] int32, 0 or more
    boxes   [n, 4] float32 xyxy       scores  [n] float32; in MOTChallenge ground truth the active flag
    """

    frames: Int1D
    ids: Int1D
    boxes: Float2D
    scores: Float1D

    def __len__(self) -> int:
        return len(self.frames)

    @staticmethod
    def of(tracklets: Iterable[Tracklet]) -> TrackRows:
        """The boxes of `tracklets`, ordered by frame, then by number."""
        listed = list(tracklets)
        if not listed:
            return TrackRows(
                np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros((0, 4), np.float32), np.zeros(0, np.float32)
            )
        frames = np.concatenate([tracklet.frames for tracklet in listed])
        ids = np.repeat(np.array([t.number for t in listed], np.int32), [len(t) for t in listed])
        order = np.lexsort((ids, frames))
        boxes = np.concatenate([tracklet.boxes for tracklet in listed])
        scores = np.concatenate([tracklet.scores for tracklet in listed])
        return TrackRows(frames[order], ids[order], boxes[order], scores[order])

    def tracklets(self) -> list[Tracklet]:
        """One tracklet an id, by rising id, its boxes by rising frame."""
        order = np.lexsort((self.frames, self.ids))
        ids, starts, counts = np.unique(self.ids[order], return_index=True, return_counts=True)
        parts = [order[start : start + count] for start, count in zip(starts, counts, strict=True)]
        return [
            Tracklet(int(number), self.frames[rows], self.boxes[rows], self.scores[rows], CAR)
            for number, rows in zip(ids, parts, strict=True)
        ]


def read_tracks(path: Path, *, first_frame: int = 1) -> TrackRows:
    """A gt.txt or mtsc.txt; `first_frame` is 0 for sets that count from there.

    Refuses, naming the line: missing columns, text, frames before the first, negative ids, boxes without
    area, an id twice in one frame.
    """
    table = read_table(path, COLUMNS)
    frames = _frames(table, first_frame)
    ids = table.integers(1, "id", least=0)
    _refuse_repeated(table, frames, ids)
    return TrackRows(frames, ids, table.boxes(2), table.values[:, 6].astype(np.float32))


@dataclass(frozen=True)
class Truth:
    """Ground truth of one camera, as MOTChallenge has it.

    active   [n] bool, false for boxes that are neither to be found nor wrong to be found (flag 0)
    classes  [n] int32, the class column, or None where the file has none (CityFlow writes -1 there)
    """

    rows: TrackRows
    active: Bool1D
    classes: Int1D | None


def read_truth(path: Path, *, first_frame: int = 1) -> Truth:
    """A gt.txt with its flags and classes; refuses what `read_tracks` refuses."""
    rows = read_tracks(path, first_frame=first_frame)
    return Truth(rows, rows.scores != 0, _read_classes(path))


def _read_classes(path: Path) -> Int1D | None:
    first = next((line for line in read_text(path).splitlines() if line.strip()), "")
    if len(first.split("," if "," in first else None)) <= len(COLUMNS):
        return None
    values = read_table(path, (*COLUMNS, "class")).values[:, len(COLUMNS)]
    whole = (values == np.floor(values)) & (values >= 1) & (values <= LARGEST)
    return values.astype(np.int32) if whole.all() else None


def write_tracks(path: Path, rows: TrackRows, *, first_frame: int = 1) -> None:
    """Write a gt.txt or mtsc.txt that `read_tracks` reads to the same rows."""
    write_lines(path, _lines(rows.frames + first_frame, rows.ids, rows.boxes, rows.scores))


def read_detections(path: Path, *, first_frame: int = 1) -> Detections:
    """A det.txt, ordered by frame. The format has no category: every box is taken as a car."""
    table = read_table(path, COLUMNS)
    frames = _frames(table, first_frame)
    scores = table.values[:, 6]
    table.require((scores >= 0) & (scores <= 1), "conf must lie in 0..1")
    order = np.argsort(frames, kind="stable")
    return Detections(
        frames[order],
        table.boxes(2)[order],
        scores[order].astype(np.float32),
        np.full(len(frames), CAR, np.int32),
    )


def write_detections(path: Path, detections: Detections, *, first_frame: int = 1) -> None:
    """Write a det.txt; categories and features have no place in the format and are left out."""
    ids = np.full(len(detections), -1, np.int32)
    write_lines(path, _lines(detections.frames + first_frame, ids, detections.boxes, detections.scores))


def _frames(table: Table, first_frame: int) -> Int1D:
    frames = table.integers(0, "frame", least=first_frame) - np.int32(first_frame)
    return frames.astype(np.int32)


def _refuse_repeated(table: Table, frames: Int1D, ids: Int1D) -> None:
    order = np.lexsort((table.lines, ids, frames))
    same = (np.diff(frames[order]) == 0) & (np.diff(ids[order]) == 0)
    if same.any():
        first, second = sorted(int(line) for line in table.lines[order[np.argmax(same) + np.arange(2)]])
        row = order[np.argmax(same)]
        place = f"frame {int(table.values[row, 0])}"
        raise malformed(table.path, second, f"id {ids[row]} is in {place} twice (first on line {first})")


def _lines(frames: Int1D, ids: Int1D, boxes: Float2D, scores: Float1D) -> Iterable[str]:
    texts = zip(frames.tolist(), ids.tolist(), box_texts(boxes), single_texts(scores[:, None]), strict=True)
    for frame, number, box, score in texts:
        yield f"{frame},{number},{','.join(box)},{score[0]},-1,-1,-1"
