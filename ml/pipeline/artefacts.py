"""What stages leave in their folders: numbered .npz parts, each whole, none with a clock time in it.

detections-00000K.npz  the detections of frames K*200 .. K*200+199; features as float16
tracklets-00000K.npz   some hundred tracklets, packed end to end, in the order they ended
embeddings-00000K.npz  the embeddings of the tracklets in tracklets-00000K.npz; with type and colour if they were read
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.pipeline.cache import write_bytes
from ml.reid.attributes import COLOURS, VEHICLE_TYPES
from ml.types import Attributes, Detections, Tracklet, TrackletEmbedding

Arrays = Mapping[str, npt.NDArray[Any]]


def part_path(folder: Path, kind: str, part: int) -> Path:
    """Where part number `part` of `kind` lies."""
    return folder / f"{kind}-{part:06d}.npz"


def parts(folder: Path, kind: str) -> list[Path]:
    """The parts of `kind` in `folder`, in order."""
    return sorted(folder.glob(f"{kind}-*.npz"))


def save_arrays(path: Path, arrays: Arrays) -> None:
    """Write named arrays; the same arrays give the same bytes."""
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **arrays)
    write_bytes(path, stream.getvalue())


def load_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    with np.load(path, allow_pickle=False) as content:
        return {name: content[name] for name in content.files}


def save_detections(path: Path, detections: Detections) -> None:
    arrays: dict[str, npt.NDArray[Any]] = {
        "frames": detections.frames,
        "boxes": detections.boxes,
        "scores": detections.scores,
        "classes": detections.classes,
    }
    if detections.features is not None:
        arrays["features"] = detections.features.astype(np.float16)
    if detections.masks is not None:
        arrays["masks"] = detections.masks
    save_arrays(path, arrays)


def load_detections(path: Path) -> Detections:
    arrays = load_arrays(path)
    features = arrays["features"].astype(np.float32) if "features" in arrays else None
    return Detections(
        arrays["frames"], arrays["boxes"], arrays["scores"], arrays["classes"], features, arrays.get("masks")
    )


def save_tracklets(path: Path, tracklets: Sequence[Tracklet]) -> None:
    save_arrays(
        path,
        {
            "numbers": np.array([tracklet.number for tracklet in tracklets], np.int32),
            "categories": np.array([tracklet.category for tracklet in tracklets], np.int32),
            "lengths": np.array([len(tracklet) for tracklet in tracklets], np.int32),
            "frames": np.concatenate([tracklet.frames for tracklet in tracklets]),
            "boxes": np.concatenate([tracklet.boxes for tracklet in tracklets]),
            "scores": np.concatenate([tracklet.scores for tracklet in tracklets]),
        },
    )


def load_tracklets(path: Path) -> list[Tracklet]:
    arrays = load_arrays(path)
    stops = np.cumsum(arrays["lengths"])
    return [
        Tracklet(int(number), arrays["frames"][rows], arrays["boxes"][rows], arrays["scores"][rows], int(category))
        for number, category, rows in zip(arrays["numbers"], arrays["categories"], _slices(stops), strict=True)
    ]


def tracklet_count(path: Path) -> int:
    """How many tracklets a part holds; its boxes are not read."""
    with np.load(path, allow_pickle=False) as content:
        return len(content["numbers"])


def read_tracklets(folder: Path) -> Iterator[Tracklet]:
    """All tracklets of a track stage, part by part."""
    for path in parts(folder, "tracklets"):
        yield from load_tracklets(path)


def save_embeddings(path: Path, embeddings: Sequence[TrackletEmbedding], size: int) -> None:
    """`size` is the length of a vector; it keeps an empty part's shape."""
    crops = [crop for embedding in embeddings for crop in embedding.crops]
    no_views = np.zeros((0, size), np.float32)
    save_arrays(
        path,
        {
            "numbers": np.array([embedding.number for embedding in embeddings], np.int32),
            "view_counts": np.array([len(embedding.frames) for embedding in embeddings], np.int32),
            "frames": np.concatenate([np.zeros(0, np.int32), *(e.frames for e in embeddings)]),
            "views": np.concatenate([no_views, *(e.views for e in embeddings)]),
            "means": np.array([e.mean for e in embeddings], np.float32).reshape(len(embeddings), size),
            "crop_sizes": np.array([len(crop) for crop in crops], np.int64),
            "crops": np.frombuffer(b"".join(crops), np.uint8),
            **attribute_arrays([embedding.attributes for embedding in embeddings]),
        },
    )


def load_embeddings(path: Path) -> list[TrackletEmbedding]:
    arrays = load_arrays(path)
    crops = [arrays["crops"][rows].tobytes() for rows in _slices(np.cumsum(arrays["crop_sizes"]))]
    views, attributes = _slices(np.cumsum(arrays["view_counts"])), attributes_in(arrays, len(arrays["numbers"]))
    return [
        TrackletEmbedding(int(number), arrays["frames"][rows], arrays["views"][rows], mean, crops[rows], seen)
        for number, mean, rows, seen in zip(arrays["numbers"], arrays["means"], views, attributes, strict=True)
    ]


def attribute_arrays(attributes: Sequence[Attributes | None]) -> Arrays:
    """`types` [n, 12] and `colours` [n, 11], NaN where there are none; no arrays where nobody has any."""
    if all(each is None for each in attributes):
        return {}
    unknown = Attributes(np.full(len(VEHICLE_TYPES), np.nan), np.full(len(COLOURS), np.nan))
    rows = [each or unknown for each in attributes]
    return {
        "types": np.array([row.types for row in rows], np.float32),
        "colours": np.array([row.colours for row in rows], np.float32),
    }


def attributes_in(arrays: Arrays, count: int) -> list[Attributes | None]:
    """What `attribute_arrays` made of `count` attributes."""
    if "types" not in arrays:
        return [None] * count
    pairs = zip(arrays["types"], arrays["colours"], strict=True)
    return [None if np.isnan(types).any() else Attributes(types, colours) for types, colours in pairs]


def read_embeddings(folder: Path) -> Iterator[TrackletEmbedding]:
    """All embeddings of an embed stage, part by part, in the order of the tracklets."""
    for path in parts(folder, "embeddings"):
        yield from load_embeddings(path)


def _slices(stops: npt.NDArray[np.integer[Any]]) -> list[slice]:
    ends = stops.tolist()
    return [slice(start, stop) for start, stop in zip([0, *ends], ends, strict=False)]
