"""links.yaml: read back as written, refused with the entry named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.datasets.links import LARGEST, read_links, read_links_by_hand, write_links
from ml.types import CameraLink, UserError

CAMERAS = ["c001", "c002", "east gate"]


@st.composite
def links(draw: st.DrawFn) -> CameraLink:
    low, high = sorted(draw(st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))))
    return CameraLink(draw(st.sampled_from(CAMERAS)), draw(st.sampled_from(CAMERAS)), low, high)


@given(written=st.lists(links(), max_size=6))
def test_links_survive_writing_and_reading(tmp_path_factory: pytest.TempPathFactory, written: list[CameraLink]) -> None:
    path = tmp_path_factory.mktemp("links") / "links.yaml"
    write_links(path, written)
    assert read_links(path, CAMERAS) == written


def test_a_window_that_was_changed_is_by_hand_and_so_is_what_was_never_learned(tmp_path: Path) -> None:
    path, learned = tmp_path / "links.yaml", [CameraLink("c001", "c002", 3.1, 20.0), CameraLink("c002", "c001", 1, 9)]
    own = CameraLink("c001", "east gate", 0, 60)
    write_links(path, [*learned, own], learned=learned)
    assert read_links(path, CAMERAS) == [*learned, own]
    assert read_links_by_hand(path, CAMERAS) == [own]

    path.write_text(path.read_text().replace("max_s: 20.0", "max_s: 30.0"))

    changed = CameraLink("c001", "c002", 3.1, 30.0)
    assert read_links(path, CAMERAS) == [changed, learned[1], own]
    assert read_links_by_hand(path, CAMERAS) == [changed, own]


def test_a_file_that_would_fill_the_memory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "links.yaml"
    path.write_text("links: []\n" + "#" * LARGEST)
    with pytest.raises(UserError, match=r"links.yaml has 4.0 MB; 4 MB of links are read at most") as refused:
        read_links(path, CAMERAS)
    assert refused.value.code == "file-too-large"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("links: [", "is not YAML"),
        ("- c001", "needs a list named `links`"),
        ("links: [{from: c001, to: c002}]", "link 1: needs exactly"),
        ("links: [{from: c001, to: c002, min_s: 0, max_s: 1, by: me}]", "link 1: needs exactly"),
        ("links: [{from: c001, to: c009, min_s: 0, max_s: 1}]", "link 1: no camera 'c009' among c001"),
        ("links: [{from: c001, to: c002, min_s: a, max_s: 1}]", "link 1: min_s and max_s must be seconds"),
        ("links: [{from: c001, to: c002, min_s: 2, max_s: 1}]", "link 1: min_s is above max_s"),
        ("links: [{from: c001, to: c002, min_s: .nan, max_s: 1}]", "link 1: min_s is above max_s"),
        ("links: [{from: c001, to: c002, min_s: 0, max_s: .inf}]", "link 1: takes more than 1,000,000 s"),
        (f"links: [{{from: c001, to: c002, min_s: 0, max_s: {'9' * 400}}}]", "link 1: min_s and max_s must be seconds"),
        ("links: 2001-13-45", "is not YAML"),
        ("[" * 5000, "is not YAML"),
    ],
)
def test_malformed_links_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "links.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=reason):
        read_links(path, CAMERAS)
