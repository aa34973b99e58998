from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from ml.reid import EmbedderConfig, create_embedder, embed_tracklets
from ml.reid.attributes import READINGS, VEHICLE_TYPES, most_probable
from ml.types import Float2D, Image, Tracklet, TrackletEmbedding, UserError

WIDTH, HEIGHT = 120, 80


class MeanColour:
    """An embedder whose vectors can be told by eye: the mean red, green and blue."""

    name = "mean-colour"
    size = 3

    def __init__(self) -> None:
        self.calls: list[int] = []

    def embed(self, crops: Sequence[Image]) -> Float2D:
        self.calls.append(len(crops))
        means = np.array([picture.reshape(-1, 3).mean(axis=0) for picture in crops], np.float32)
        colours: Float2D = means / np.linalg.norm(means, axis=1, keepdims=True)
        return colours


def film(count: int) -> Iterator[tuple[int, Image]]:
    """A red half to the left, a blue one to the right."""
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[:, : WIDTH // 2, 0] = 200
    image[:, WIDTH // 2 :, 2] = 200
    for number in range(count):
        yield number, image.copy()


def parked(number: int, left: float, frames: range) -> Tracklet:
    boxes = np.tile(np.array([left, 20, left + 30, 50], np.float32), (len(frames), 1))
    return Tracklet(number, np.array(frames, np.int32), boxes, np.ones(len(frames), np.float32))


def embedded(tracklets: list[Tracklet], frames: Iterator[tuple[int, Image]], **config: Any) -> list[TrackletEmbedding]:
    return embed_tracklets(
        frames,
        tracklets,
        embedder=MeanColour(),
        config=EmbedderConfig(**config),
        frame_size=(WIDTH, HEIGHT),
    )


def test_each_tracklet_gets_its_own_colour_views_and_crops() -> None:
    red, blue = embedded([parked(4, 10, range(2, 12)), parked(9, 80, range(8, 10))], film(30), views=4, batch=3)

    assert (red.number, blue.number) == (4, 9)
    np.testing.assert_allclose(red.views, [[1, 0, 0]] * 4, atol=1e-6)
    np.testing.assert_allclose(blue.mean, [0, 0, 1], atol=1e-6)
    assert red.frames.tolist() == [2, 5, 8, 10]
    assert len(red.crops) == 4
    assert all(data.startswith(b"\xff\xd8") for data in red.crops)
    assert len(blue.views) == 2


class WithType(MeanColour):
    """Reads a picture's red as the certainty that it shows a bus and not a sedan."""

    describes = True

    def describe(self, crops: Sequence[Image]) -> tuple[Float2D, Float2D]:
        vectors = self.embed(crops)
        readings = np.zeros((len(crops), READINGS), np.float32)
        readings[:, VEHICLE_TYPES.index("bus")] = vectors[:, 0]
        readings[:, VEHICLE_TYPES.index("sedan")] = 1 - vectors[:, 0]
        return vectors, readings


def test_an_embedder_that_reads_types_gives_each_tracklet_its_own() -> None:
    red, blue = embed_tracklets(
        film(30),
        [parked(1, 10, range(2, 12)), parked(2, 80, range(4, 9))],
        embedder=WithType(),
        config=EmbedderConfig(views=3, batch=2),
        frame_size=(WIDTH, HEIGHT),
    )
    assert red.attributes is not None
    assert blue.attributes is not None
    assert most_probable(red.attributes)[0] == ("bus", 1)
    assert most_probable(blue.attributes)[0] == ("sedan", 1)


def test_an_embedder_that_reads_nothing_leaves_attributes_out() -> None:
    (only,) = embedded([parked(4, 10, range(2, 12))], film(30))
    assert only.attributes is None


def test_frames_are_read_only_as_far_as_needed() -> None:
    frames = film(1000)

    embedded([parked(1, 10, range(5))], frames, views=1)

    assert next(frames)[0] == 1


def test_crops_wait_until_a_batch_is_full() -> None:
    embedder = MeanColour()

    embed_tracklets(
        film(30),
        [parked(1, 10, range(10))],
        embedder=embedder,
        config=EmbedderConfig(views=5, batch=2),
        frame_size=(WIDTH, HEIGHT),
    )

    assert embedder.calls == [2, 2, 1]


def test_no_tracklets_read_no_frames() -> None:
    frames = film(3)

    assert embedded([], frames) == []
    assert next(frames)[0] == 0


def test_a_frame_that_does_not_come_is_named() -> None:
    with pytest.raises(UserError, match="frame 7 ") as refusal:
        embedded([parked(1, 10, range(7, 9))], film(5), views=2)
    assert refusal.value.code == "frames-missing"


def test_progress_counts_frames_and_may_stop_the_work() -> None:
    class Cancelled(Exception): ...

    def stop_at_three(done: int, total: int | None, unit: str) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        embed_tracklets(
            film(30),
            [parked(1, 10, range(20))],
            embedder=MeanColour(),
            config=EmbedderConfig(),
            frame_size=(WIDTH, HEIGHT),
            progress=stop_at_three,
        )


def test_unknown_embedder_names_those_there_are() -> None:
    with pytest.raises(UserError, match="efficientnet-lite0") as refusal:
        create_embedder(EmbedderConfig(name="resnet-9000"))
    assert refusal.value.code == "unknown-embedder"


@pytest.mark.parametrize("setting", [{"views": 0}, {"jpeg_quality": 101}, {"input_size": 8}, {"batch": 0}])
def test_bad_settings_are_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=next(iter(setting))):
        EmbedderConfig(**setting)
