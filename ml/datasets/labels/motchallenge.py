"""MOTChallenge folders (`<sequence>/gt/gt.txt`, `<sequence>/seqinfo.ini`) and CityFlow's (`<camera>/gt/gt.txt`).

Written ids are identity numbers, so that one vehicle has one id in all cameras; types and colours have no place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from ml.datasets.labels.tracks import CameraLabels, Labels, LabelTrack, merged
from ml.datasets.layout import CameraContent, write_camera, write_scene
from ml.datasets.mot import TrackRows, read_truth
from ml.datasets.text import number_text, write_lines
from ml.types import Tracklet, UserError

SCENE = "scene"  # CityFlow's folder of cameras needs a name


def write_cityflow(out: Path, cameras: Sequence[CameraLabels]) -> None:
    """<out>/scene/<camera>/gt/gt.txt, with cam_timestamp and cam_framenum beside it."""
    write_scene(out, SCENE, [_content(camera) for camera in cameras])


def write_mot(out: Path, cameras: Sequence[CameraLabels]) -> None:
    """<out>/<camera>/gt/gt.txt and seqinfo.ini."""
    for camera in cameras:
        write_camera(out / camera.name, _content(camera))
        write_lines(out / camera.name / "seqinfo.ini", _seqinfo(camera))


def read_cityflow(root: Path) -> Labels:
    """Every gt.txt below `root`; an id is one vehicle in all cameras."""
    return _read(root, lambda number: number)


def read_mot(root: Path) -> Labels:
    """Every gt.txt below `root`; an id is a track of its camera. Boxes that are flagged as inactive are dropped."""
    return _read(root, lambda number: None)


def _content(camera: CameraLabels) -> CameraContent:
    return CameraContent(
        camera.name,
        ground_truth=_rows(camera),
        start_s=camera.start_s,
        frame_count=camera.frame_count or None,
    )


def _rows(camera: CameraLabels) -> TrackRows:
    """Refuses one identity twice in a frame: a file of these formats could not be read back."""
    tracks = [
        Tracklet(
            track.number if track.identity is None else track.identity,
            track.frames,
            track.boxes,
            np.ones(len(track.frames), np.float32),
        )
        for track in camera.tracks
    ]
    rows = TrackRows.of(tracks)
    twice = (np.diff(rows.frames) == 0) & (np.diff(rows.ids) == 0)
    if twice.any():
        place = int(np.argmax(twice))
        where = f"camera {camera.name}: identity {rows.ids[place]} has two boxes in frame {rows.frames[place]}"
        raise UserError("identity-twice", f"{where}; mark one of its tracklets as a duplicate first.")
    return rows


def _seqinfo(camera: CameraLabels) -> Iterator[str]:
    yield "[Sequence]"
    yield f"name={camera.name}"
    yield "imDir=img1"
    yield f"frameRate={number_text(camera.fps)}"
    yield f"seqLength={camera.frame_count}"
    yield f"imWidth={camera.width}"
    yield f"imHeight={camera.height}"
    yield "imExt=.jpg"


def _read(root: Path, identity_of: Callable[[int], int | None]) -> Labels:
    files = sorted(root.rglob("gt/gt.txt"))
    if not files:
        raise UserError("labels-missing", "There is no <camera>/gt/gt.txt in it.")
    names = [file.parents[1].name for file in files]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise UserError("camera-twice", f"Camera {twice[0]} is there twice; import one scene at a time.")
    return merged(_camera(file, identity_of) for file in files)


def _camera(file: Path, identity_of: Callable[[int], int | None]) -> tuple[CameraLabels, Counter[str]]:
    truth = read_truth(file)
    dropped: Counter[str] = Counter()
    if not truth.active.all():
        dropped["boxes that are flagged as not to be counted"] = int((~truth.active).sum())
    if truth.classes is not None:
        dropped["the class column of gt.txt: every box is taken as a car"] += 1
    kept = truth.active
    rows = TrackRows(
        truth.rows.frames[kept], truth.rows.ids[kept], truth.rows.boxes[kept], truth.rows.scores[kept]
    )  # fmt: skip
    tracks = tuple(
        LabelTrack(each.number, identity_of(each.number), each.category, "", each.frames, each.boxes)
        for each in rows.tracklets()
    )
    return CameraLabels(file.parents[1].name, tracks), dropped
