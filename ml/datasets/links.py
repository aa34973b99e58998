"""links.yaml: which cameras follow each other, and how long a vehicle takes between them.

links:
- {from: c001, to: c002, min_s: 3.0, max_s: 20.0}
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from ml.datasets.text import read_text, write_lines
from ml.types import CameraLink, UserError

KEYS = {"from", "to", "min_s", "max_s"}


def read_links(path: Path, cameras: Sequence[str]) -> list[CameraLink]:
    """Camera links in the file's order; refuses unknown keys, unknown cameras and empty windows."""
    try:
        content = yaml.safe_load(read_text(path))
    except yaml.YAMLError as error:
        raise UserError("malformed-file", f"{path} is not YAML: {error}") from None
    entries = content.get("links") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise UserError("malformed-file", f"{path} needs a list named `links`.")
    return [_link(path, place, entry, cameras) for place, entry in enumerate(entries, start=1)]


def _link(path: Path, place: int, entry: object, cameras: Sequence[str]) -> CameraLink:
    if not isinstance(entry, dict) or set(entry) != KEYS:
        raise UserError("malformed-file", f"{path}, link {place}: needs exactly from, to, min_s and max_s.")
    for end in ("from", "to"):
        if entry[end] not in cameras:
            known = ", ".join(cameras)
            raise UserError("malformed-file", f"{path}, link {place}: no camera {entry[end]!r} among {known}.")
    try:
        link = CameraLink(entry["from"], entry["to"], float(entry["min_s"]), float(entry["max_s"]))
    except (TypeError, ValueError):
        raise UserError("malformed-file", f"{path}, link {place}: min_s and max_s must be seconds.") from None
    if not link.min_s <= link.max_s:
        raise UserError("malformed-file", f"{path}, link {place}: min_s is above max_s.")
    return link


def write_links(path: Path, links: Iterable[CameraLink]) -> None:
    """Write links that `read_links` reads back unchanged."""
    entries = [{"from": link.source, "to": link.target, "min_s": link.min_s, "max_s": link.max_s} for link in links]
    text = yaml.safe_dump({"links": entries}, sort_keys=False, default_flow_style=None)
    write_lines(path, text.splitlines())
