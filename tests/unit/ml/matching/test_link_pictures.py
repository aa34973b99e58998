"""Pictures of learned links: what is drawn lies where it should."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from ml.matching.link_pictures import CONFIRMED, CURVE, HEIGHT, INK, VOTES, WIDTH, camera_graph, link_histogram
from ml.matching.links import LearnedLink
from ml.types import CameraLink

SVG = "{http://www.w3.org/2000/svg}"


def learned(source: str = "a", target: str = "b", low: float = 0.0, high: float = 20.0) -> LearnedLink:
    """Three votes at 10 s, two of them confirmed, and half a one at 15 s."""
    return LearnedLink(
        CameraLink(source, target, low, high),
        gaps_s=np.array([10.0, 10.0, 10.0, 15.0]),
        votes=np.array([1.0, 1.0, 1.0, 0.5]),
        confirmed=np.array([True, True, False, False]),
        peak_s=10.0,
        spread_s=0.5,
        share=0.9,
        width_s=20.0,
    )


def bars(picture: str, colour: str) -> list[dict[str, float]]:
    found = ElementTree.fromstring(picture).iter(f"{SVG}rect")
    names = ("x", "y", "width", "height")
    return [{name: float(bar.get(name, 0)) for name in names} for bar in found if bar.get("fill") == colour]


def test_bars_are_as_high_as_their_votes_and_what_was_confirmed_lies_before_them() -> None:
    picture = link_histogram(learned())
    (three, half), (two,) = bars(picture, VOTES), bars(picture, CONFIRMED)

    assert half["height"] / three["height"] == pytest.approx(0.5 / 3, abs=0.01)
    assert two["height"] / three["height"] == pytest.approx(2 / 3, abs=0.01)
    assert two["x"] == three["x"]
    assert three["y"] + three["height"] == pytest.approx(HEIGHT, abs=0.1)


def test_the_window_is_shaded_around_the_votes() -> None:
    """From 0 to 20 s, with a second of room on either side: 10 s lie in the middle of both."""
    picture = link_histogram(learned())
    (window,) = bars(picture, INK)
    three = bars(picture, VOTES)[0]

    assert window["x"] == pytest.approx(WIDTH / 22, abs=0.1)
    assert window["x"] + window["width"] / 2 == pytest.approx(WIDTH / 2, abs=0.1)
    assert three["x"] <= WIDTH / 2 <= three["x"] + three["width"] + 1


def test_a_window_without_an_end_is_shaded_as_far_as_there_are_votes() -> None:
    (window,) = bars(link_histogram(learned(low=-np.inf, high=np.inf)), INK)

    assert (window["x"], window["width"]) == (0, WIDTH)


def test_the_words_say_whose_window_it_is_and_what_is_known() -> None:
    words = "".join(ElementTree.fromstring(link_histogram(learned("a<b"), by_hand=True)).itertext())

    assert "a<b → b" in words
    assert "0 to 20 s (by hand); around 10.0 s; 3.5 votes, 2 confirmed" in words


def test_the_graph_has_a_node_for_each_camera_and_an_arrow_for_each_link() -> None:
    picture = ElementTree.fromstring(camera_graph(["a", "b", "far"], [learned(), learned("b", "a")]))

    arrows = [path for path in picture.iter(f"{SVG}path") if path.get("stroke") == CURVE]
    assert len(list(picture.iter(f"{SVG}circle"))) == 3
    assert len({arrow.get("d") for arrow in arrows}) == 2
    assert {"a", "b", "far", "10 s"} <= set(picture.itertext())


def test_cameras_stand_in_a_circle_from_the_top() -> None:
    """Of 230 around (320, 320); the arrow with the most votes is 6 wide, with half as many 3.5."""
    half = replace(learned("b", "a"), votes=np.array([0.5, 0.5, 0.5, 0.25]))

    picture = ElementTree.fromstring(camera_graph("abcd", [learned(), half]))

    places = [(float(node.get("cx", 0)), float(node.get("cy", 0))) for node in picture.iter(f"{SVG}circle")]
    assert places == [(320, 90), (550, 320), (320, 550), (90, 320)]
    assert [arrow.get("stroke-width") for arrow in picture.iter(f"{SVG}path") if arrow.get("stroke")] == ["6.0", "3.5"]


def test_without_links_the_graph_has_cameras_alone() -> None:
    assert len(list(ElementTree.fromstring(camera_graph(["a"], [])).iter(f"{SVG}circle"))) == 1
    assert ElementTree.fromstring(camera_graph([], [])).get("viewBox")
