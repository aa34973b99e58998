"""Datumaro: one JSON file a camera (its "subset"), an item a labelled frame."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ml.datasets.labels.fields import identity_text, members, read_json, real, rows_of, whole
from ml.datasets.labels.tracks import CameraLabels, Labels, TrackBuilder, merged
from ml.datasets.text import box_texts, write_lines
from ml.detection.classes import NAMES
from ml.types import UserError

FOLDER = "annotations"
OURS = {"track_id", "identity_id", "colour"}
LABELS = {category: place for place, category in enumerate(NAMES)}
FRAME = re.compile(r"(\d{1,9})$")
Row = dict[str, Any]


def write_datumaro(out: Path, cameras: Sequence[CameraLabels]) -> None:
    """<out>/annotations/<camera>.json."""
    for camera in cameras:
        write_lines(out / FOLDER / f"{camera.name}.json", _lines(camera))


def _lines(camera: CameraLabels) -> Iterator[str]:
    labels = [{"name": name, "parent": "", "attributes": []} for name in NAMES.values()]
    yield '{"dm_format_version": "1.0", "media_type": 2, "info": {},'
    yield f'"categories": {json.dumps({"label": {"labels": labels, "attributes": sorted(OURS)}})},'
    yield '"items": ['
    items = list(_items(camera))
    yield from (
        json.dumps(each, ensure_ascii=False) + ("," if row + 1 < len(items) else "") for row, each in enumerate(items)
    )
    yield "]}"


def _items(camera: CameraLabels) -> Iterator[Row]:
    """By frame; annotations are numbered through the file, by frame and track."""
    by_frame: dict[int, list[Row]] = defaultdict(list)
    for track in camera.tracks:
        about = {"track_id": track.number, "identity_id": track.identity, "colour": track.colour}
        for frame, texts in zip(track.frames.tolist(), box_texts(track.boxes), strict=True):
            by_frame[frame].append(
                {"type": "bbox", "label_id": LABELS[track.category], "bbox": [float(text) for text in texts],
                 "group": 0, "z_order": 0, "attributes": about}
            )  # fmt: skip
    number = 0
    for frame, listed in sorted(by_frame.items()):
        name = f"{camera.name}_{frame:06d}"
        numbered = [{"id": number + place, **each} for place, each in enumerate(listed)]
        number += len(listed)
        picture = {"path": f"{name}.jpg", "size": [camera.height, camera.width]}
        yield {"id": name, "annotations": numbered, "attr": {"frame": frame}, "image": picture}


def read_datumaro(root: Path) -> Labels:
    """Every JSON file below `root` is a camera of its name. The frame is an item's attribute `frame`, or the number
    that its id ends with. Annotations that are no boxes or have no track_id are dropped."""
    files = sorted(root.rglob("*.json"))
    if not files:
        raise UserError("labels-missing", "There is no JSON file in it.")
    return merged(map(_camera, files))


def _camera(file: Path) -> tuple[CameraLabels, Any]:
    document, builder = read_json(file), TrackBuilder(file.stem)
    names = _labels(document, str(file))
    size: dict[str, int] = {}
    for row, item in enumerate(rows_of(document.get("items"), "items", str(file))):
        where = f"{file}, item {row + 1}"
        size = size or _size(item, where)
        frame = _frame(item, where)
        for each in rows_of(item.get("annotations"), "annotations", where):
            _take(builder, each, frame, names, where)
    return builder.camera_labels(**size), builder.dropped


def _take(builder: TrackBuilder, each: Row, frame: int, names: Sequence[str], where: str) -> None:
    about = members(each.get("attributes"), "attributes", where)
    if each.get("type") != "bbox" or about.get("track_id") is None:
        builder.dropped["annotations that are no boxes or have no track_id"] += 1
        return
    for name in about.keys() - OURS:
        builder.dropped[f"the attribute {name!r} of annotations"] += 1
    label = whole(each.get("label_id"), "label_id", where)
    bbox = each.get("bbox")
    if label >= len(names) or not isinstance(bbox, list) or len(bbox) != 4:
        raise UserError("malformed-file", f"{where}: its label_id is not in the file, or bbox is not x, y, w, h.")
    left, top, width, height = (real(value, "a number of bbox", where) for value in bbox)
    number, identity = whole(about["track_id"], "track_id", where), identity_text(about.get("identity_id"), where)
    colour = str(about.get("colour") or "")
    if builder.about(number, identity=identity, label=names[label], colour=colour, where=where):
        builder.add(number, frame, (left, top, left + width, top + height), where)


def _labels(document: Row, where: str) -> list[str]:
    categories = members(document.get("categories"), "categories", where)
    listed = rows_of(members(categories.get("label"), "label", where).get("labels"), "labels", where)
    return [str(each.get("name", "")) for each in listed]


def _frame(item: Row, where: str) -> int:
    number = FRAME.search(str(item.get("id", "")))
    attributes = members(item.get("attr"), "attr", where)
    return whole(attributes.get("frame", number.group(1) if number else None), "frame", where)


def _size(item: Row, where: str) -> dict[str, int]:
    size = members(item.get("image"), "image", where).get("size")
    if not isinstance(size, list) or len(size) != 2:
        return {}
    return {"height": whole(size[0], "height", where), "width": whole(size[1], "width", where)}
