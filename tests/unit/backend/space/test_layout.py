"""Cameras along the road."""

from __future__ import annotations

import numpy as np

from backend.scenes.models import Camera, CameraLink
from backend.space.layout import road_order


def link(source: int, target: int, max_s: float) -> CameraLink:
    return CameraLink(source=Camera(pk=source), target=Camera(pk=target), min_s=0.0, max_s=max_s)


def places(**metres: tuple[float, float]) -> dict[int, np.ndarray]:
    return {int(name[1:]): np.array(place, np.float64) for name, place in metres.items()}


def test_cameras_are_ordered_along_the_road_by_their_places() -> None:
    """A road to the north-east; the listed order says which end is first, though it has 2 and 3 the wrong way round."""
    found = places(c1=(0.0, 0.0), c2=(400.0, 410.0), c3=(210.0, 190.0), c4=(600.0, 590.0))
    assert road_order([1, 2, 3, 4], found, []) == ([1, 3, 2, 4], "places")
    assert road_order([4, 2, 3, 1], found, []) == ([4, 2, 3, 1], "places")


def test_without_places_links_give_the_order_from_an_end_of_the_chain() -> None:
    links = [link(3, 1, 20), link(1, 2, 30), link(3, 2, 90)]
    chain = [link(2, 3, 10), link(3, 1, 10), link(2, 1, 50), link(1, 4, 10)]
    assert road_order([1, 2, 3], places(c1=(0.0, 0.0)), links)[1] == "links"
    assert road_order([1, 2, 3, 4], {}, chain) == ([4, 1, 3, 2], "links")


def test_cameras_that_no_link_reaches_are_listed_all_the_same() -> None:
    order, basis = road_order([1, 2, 3], {}, [link(1, 2, 10)])
    assert (sorted(order), basis) == ([1, 2, 3], "links")
    assert road_order([2, 1], {}, []) == ([2, 1], "listed")
