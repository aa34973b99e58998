"""COCO: one file for all cameras; `track_id` and `identity_id` are attributes of each annotation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ml.datasets.labels.fields import identity_text, members, read_json, real, rows_of, whole
from ml.datasets.labels.tracks import CameraLabels, Labels, TrackBuilder, merged
from ml.datasets.text import box_texts, write_lines
from ml.detection.classes import NAMES
from ml.types import UserError

FILE = Path("annotations") / "instances.json"
FRAME = re.compile(r"(\d{1,9})\.\w+$")
KNOWN = {"id", "image_id", "category_id", "bbox", "area", "iscrowd", "segmentation", "attributes", "track_id"}
Row = dict[str, Any]


def write_coco(out: Path, cameras: Sequence[CameraLabels]) -> None:
    """<out>/annotations/instances.json: an image for each labelled frame, called <camera>/<frame, 0-based>.jpg."""
    images, annotations = _tables(cameras)
    categories = [{"id": number, "name": name, "supercategory": "vehicle"} for number, name in NAMES.items()]
    document = {"info": {"description": "Crosstrack labels"}, "licenses": [], "categories": categories}
    write_lines(out / FILE, _lines(document | {"images": images, "annotations": annotations}))


def _lines(document: Row) -> Iterator[str]:
    """JSON with one entry of a list a line."""
    yield "{"
    for place, (name, value) in enumerate(document.items()):
        comma = "," if place + 1 < len(document) else ""
        if not isinstance(value, list):
            yield f"{json.dumps(name)}: {json.dumps(value)}{comma}"
            continue
        yield f"{json.dumps(name)}: ["
        yield from (
            json.dumps(each, ensure_ascii=False) + ("," if row + 1 < len(value) else "")
            for row, each in enumerate(value)
        )
        yield f"]{comma}"
    yield "}"


def _tables(cameras: Sequence[CameraLabels]) -> tuple[list[Row], list[Row]]:
    images: list[Row] = []
    annotations: list[Row] = []
    for camera in cameras:
        frames = sorted({frame for track in camera.tracks for frame in track.frames.tolist()})
        image_of = {frame: len(images) + place for place, frame in enumerate(frames, start=1)}
        images += [
            {"id": number, "file_name": f"{camera.name}/{frame:06d}.jpg", "width": camera.width,
             "height": camera.height, "camera": camera.name, "frame": frame}
            for frame, number in image_of.items()
        ]  # fmt: skip
        for track in camera.tracks:
            about = {"track_id": track.number, "identity_id": track.identity, "colour": track.colour}
            for frame, box in zip(track.frames.tolist(), _boxes(track.boxes), strict=True):
                annotations.append(
                    {"id": len(annotations) + 1, "image_id": image_of[frame], "category_id": track.category,
                     "bbox": box, "area": box[2] * box[3], "iscrowd": 0, "attributes": about}
                )  # fmt: skip
    return images, annotations


def _boxes(boxes: Any) -> list[list[float]]:
    return [[float(text) for text in texts] for texts in box_texts(boxes)]


def read_coco(root: Path) -> Labels:
    """Every JSON file below `root`. The camera is an image's `camera` or the folder of its name, the frame its `frame`
    or the number that its name ends with. Annotations without a track_id or with iscrowd are dropped."""
    files = sorted(root.rglob("*.json"))
    if not files:
        raise UserError("labels-missing", "There is no JSON file in it.")
    builders: dict[str, TrackBuilder] = {}
    sizes: dict[str, dict[str, int]] = {}
    for file in files:
        _read(file, builders, sizes)
    return merged((builder.camera_labels(**sizes[name]), builder.dropped) for name, builder in builders.items())


def _read(file: Path, builders: dict[str, TrackBuilder], sizes: dict[str, dict[str, int]]) -> None:
    document = read_json(file)
    names = _categories(document, str(file))
    images = _images(document, str(file), file.stem)
    for camera, _, size in images.values():
        builders.setdefault(camera, TrackBuilder(camera))
        sizes.setdefault(camera, size)
    for row, each in enumerate(rows_of(document.get("annotations"), "annotations", str(file))):
        where = f"{file}, annotation {row + 1}"
        image = images.get(whole(each.get("image_id"), "image_id", where))
        category = names.get(whole(each.get("category_id"), "category_id", where))
        if image is None or category is None:
            raise UserError("malformed-file", f"{where}: its image_id or category_id is not in the file.")
        _take(builders[image[0]], each, image[1], category, where)


def _take(builder: TrackBuilder, each: Row, frame: int, category: str, where: str) -> None:
    about = members(each.get("attributes"), "attributes", where)
    track = about.get("track_id", each.get("track_id"))
    if track is None or each.get("iscrowd"):
        builder.dropped["annotations without a track_id, or of crowds"] += 1
        return
    for name in (about.keys() - {"track_id", "identity_id", "colour"}) | (each.keys() - KNOWN):
        builder.dropped[f"the attribute {name!r} of annotations"] += 1
    number = whole(track, "track_id", where)
    left, top, width, height = _bbox(each.get("bbox"), where)
    identity = identity_text(about.get("identity_id"), where)
    colour = str(about.get("colour") or "")
    if builder.about(number, identity=identity, label=category, colour=colour, where=where):
        builder.add(number, frame, (left, top, left + width, top + height), where)


def _bbox(value: object, where: str) -> tuple[float, float, float, float]:
    if not isinstance(value, list) or len(value) != 4:
        raise UserError("malformed-file", f"{where}: bbox is not left, top, width, height.")
    left, top, width, height = (real(each, "a number of bbox", where) for each in value)
    return left, top, width, height


def _categories(document: Row, where: str) -> dict[int, str]:
    listed = rows_of(document.get("categories"), "categories", where)
    return {whole(each.get("id"), "id of a category", where): str(each.get("name", "")) for each in listed}


def _images(document: Row, where: str, fallback: str) -> dict[int, tuple[str, int, dict[str, int]]]:
    """Image id -> camera, frame, picture size."""
    found = {}
    for row, each in enumerate(rows_of(document.get("images"), "images", where)):
        place = f"{where}, image {row + 1}"
        name = str(each.get("file_name", ""))
        number = FRAME.search(name)
        frame = each.get("frame", number.group(1) if number else None)
        camera = str(each.get("camera") or Path(name).parent.name or fallback)
        size = {side: whole(each.get(side, 0), side, place) for side in ("width", "height")}
        found[whole(each.get("id"), "id", place)] = (camera, whole(frame, "frame", place), size)
    return found
