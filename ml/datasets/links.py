"""links.yaml: which cameras follow each other, and how long a vehicle takes between them.

links:
- {from: c001, to: c002, min_s: 3.0, max_s: 20.0}

A link that was learned says so: `learned: [3.0, 20.0]` beside its window. Where the window is another one, or nothing
is said, a person wrote it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from ml.datasets.text import read_text, write_lines
from ml.types import CameraLink, UserError

KEYS = {"from", "to", "min_s", "max_s"}
LEARNED = "learned"
LONGEST_S = 1e6
LARGEST = 4 << 20  # bytes, 75,000 links: YAML as objects takes a hundred times that


def read_links(path: Path, cameras: Sequence[str]) -> list[CameraLink]:
    """Camera links in the file's order; refuses unknown keys, unknown cameras, windows that are empty or too
    long, and a file that is too large."""
    return [_link(path, place, entry, cameras) for place, entry in _entries(path)]


def read_links_by_hand(path: Path, cameras: Sequence[str]) -> list[CameraLink]:
    """The links of the file that people wrote, or whose window they changed; refuses what `read_links` refuses."""
    read = [(_link(path, place, entry, cameras), entry.get(LEARNED)) for place, entry in _entries(path)]
    return [link for link, learned in read if learned != [link.min_s, link.max_s]]


def _entries(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The place in the file, from 1, of each link, and what is said of it."""
    if path.is_file() and path.stat().st_size > LARGEST:
        size = f"{path.stat().st_size / (1 << 20):.1f} MB; {LARGEST >> 20} MB"
        raise UserError("file-too-large", f"{path} has {size} of links are read at most.")
    try:
        content = yaml.safe_load(read_text(path))
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # a date that is none, too many brackets
        raise UserError("malformed-file", f"{path} is not YAML: {error}") from None
    entries = content.get("links") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise UserError("malformed-file", f"{path} needs a list named `links`.")
    for place, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or set(entry) - {LEARNED} != KEYS:
            raise UserError("malformed-file", f"{path}, link {place}: needs exactly from, to, min_s and max_s.")
        yield place, entry


def _link(path: Path, place: int, entry: Mapping[str, Any], cameras: Sequence[str]) -> CameraLink:
    for end in ("from", "to"):
        if entry[end] not in cameras:
            known = ", ".join(cameras)
            raise UserError("malformed-file", f"{path}, link {place}: no camera {entry[end]!r} among {known}.")
    try:
        link = CameraLink(entry["from"], entry["to"], float(entry["min_s"]), float(entry["max_s"]))
    except (TypeError, ValueError, OverflowError):
        raise UserError("malformed-file", f"{path}, link {place}: min_s and max_s must be seconds.") from None
    if not link.min_s <= link.max_s:
        raise UserError("malformed-file", f"{path}, link {place}: min_s is above max_s.")
    if not max(abs(link.min_s), abs(link.max_s)) <= LONGEST_S:
        raise UserError("malformed-file", f"{path}, link {place}: takes more than {LONGEST_S:,.0f} s.")
    return link


def write_links(path: Path, links: Iterable[CameraLink], *, learned: Container[CameraLink] = ()) -> None:
    """Write links that `read_links` reads back unchanged; those of them that were `learned` are marked."""
    entries = [_entry(link, marked=link in learned) for link in links]
    text = yaml.safe_dump({"links": entries}, sort_keys=False, default_flow_style=None)
    write_lines(path, text.splitlines())


def _entry(link: CameraLink, *, marked: bool) -> dict[str, object]:
    entry = {"from": link.source, "to": link.target, "min_s": link.min_s, "max_s": link.max_s}
    return {**entry, LEARNED: [link.min_s, link.max_s]} if marked else entry
