"""Stage files: the same content in and out, the same bytes for the same content."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from ml.pipeline.artefacts import (
    load_detections,
    load_embeddings,
    load_tracklets,
    part_path,
    parts,
    read_embeddings,
    read_tracklets,
    save_detections,
    save_embeddings,
    save_tracklets,
)
from ml.types import Attributes, Detections, Tracklet, TrackletEmbedding

random = np.random.default_rng(7)


def tracklet(number: int, length: int) -> Tracklet:
    return Tracklet(
        number,
        np.arange(length, dtype=np.int32) * 2,
        random.random((length, 4), np.float32),
        random.random(length, np.float32),
        8,
    )


def embedding(number: int, views: int) -> TrackletEmbedding:
    crops = [bytes([number, view]) * (view + 1) for view in range(views)]
    return TrackletEmbedding(
        number,
        np.arange(views, dtype=np.int32),
        random.random((views, 5), np.float32),
        random.random(5, np.float32),
        crops,
    )


def same_tracklet(left: Tracklet, right: Tracklet) -> None:
    assert (left.number, left.category) == (right.number, right.category)
    for name in ("frames", "boxes", "scores"):
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name))


def test_detections_come_back_with_features_in_half_precision(tmp_path: Path) -> None:
    detections = Detections(
        np.array([3, 4], np.int32),
        random.random((2, 4), np.float32),
        random.random(2, np.float32),
        np.array([3, 8], np.int32),
        np.array([[0.5, 0.25], [1, 2]], np.float32),
    )
    save_detections(tmp_path / "d.npz", detections)
    again = load_detections(tmp_path / "d.npz")
    for name in ("frames", "boxes", "scores", "classes", "features"):
        np.testing.assert_array_equal(getattr(again, name), getattr(detections, name))
    assert again.features is not None
    assert again.features.dtype == np.float32


def test_detections_without_features_stay_without(tmp_path: Path) -> None:
    save_detections(tmp_path / "d.npz", Detections.empty())
    assert load_detections(tmp_path / "d.npz").features is None


def test_tracklets_come_back_part_by_part(tmp_path: Path) -> None:
    saved = [[tracklet(1, 4), tracklet(5, 1)], [tracklet(2, 9)]]
    for part, tracklets in enumerate(saved):
        save_tracklets(part_path(tmp_path, "tracklets", part), tracklets)
    assert len(load_tracklets(parts(tmp_path, "tracklets")[0])) == 2
    for left, right in zip(read_tracklets(tmp_path), saved[0] + saved[1], strict=True):
        same_tracklet(left, right)


def test_embeddings_come_back_with_their_pictures(tmp_path: Path) -> None:
    saved = [embedding(1, 3), embedding(2, 0), embedding(7, 1)]
    save_embeddings(part_path(tmp_path, "embeddings", 0), saved, 5)
    again = list(read_embeddings(tmp_path))
    assert [(e.number, e.crops) for e in again] == [(e.number, e.crops) for e in saved]
    for left, right in zip(again, saved, strict=True):
        for name in ("frames", "views", "mean"):
            np.testing.assert_array_equal(getattr(left, name), getattr(right, name))


def test_no_embeddings_come_back_as_none(tmp_path: Path) -> None:
    save_embeddings(tmp_path / "e.npz", [], 5)
    assert load_embeddings(tmp_path / "e.npz") == []


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    tracklets = [tracklet(1, 4)]
    for name in ("a.npz", "b.npz"):
        save_tracklets(tmp_path / name, tracklets)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_attributes_come_back_with_those_that_have_them(tmp_path: Path) -> None:
    seen = Attributes(random.random(12, np.float32), random.random(11, np.float32))
    save_embeddings(tmp_path / "e.npz", [replace(embedding(1, 2), attributes=seen), embedding(2, 1)], 5)
    first, second = load_embeddings(tmp_path / "e.npz")
    assert first.attributes is not None
    np.testing.assert_array_equal(first.attributes.types, seen.types)
    np.testing.assert_array_equal(first.attributes.colours, seen.colours)
    assert second.attributes is None
