"""Label files of re-identification sets (`<Item imageName="..." vehicleID="..."/>`), and their lists of names."""

from __future__ import annotations

import math
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from ml.datasets.reid.table import UNKNOWN
from ml.datasets.text import malformed, read_text
from ml.types import UserError

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_READ_AS = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),  # the last contains the others
    **dict.fromkeys(("iso-8859-1", "latin-1", "windows-1252"), "latin-1"),
}
_LARGEST = 2**31 - 1


def whole_number(text: str) -> int | None:
    """Plain digits up to 2147483647; None for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text.lstrip("0")) <= len(str(_LARGEST))):
        return None
    return number if (number := int(text[-len(str(_LARGEST)) :])) <= _LARGEST else None


@dataclass(frozen=True)
class Item:
    """One labelled picture: its attributes as text, and where they stand."""

    path: Path
    line: int
    values: Mapping[str, str]

    def whole(self, name: str) -> int:
        """Attribute `name` as a whole number of 0 or more; -1 where it is not there."""
        text = self.values.get(name)
        if text is None:
            return UNKNOWN
        number = whole_number(text)
        if number is None:
            raise self.wrong(f"{name} is {text!r}; a whole number of 0 or more is needed")
        return number

    def real(self, name: str) -> float:
        """Attribute `name` as a finite number; nan where it is not there."""
        text = self.values.get(name)
        if text is None:
            return math.nan
        try:
            value = float(text)
        except ValueError:
            value = math.inf
        if not math.isfinite(value):
            raise self.wrong(f"{name} is {text!r}, not a number")
        return value

    def camera(self) -> str:
        """cameraID; "" where it is not there."""
        return self.values.get("cameraID", "")

    def require_agreement(self, identity: int, camera: str) -> None:
        """Refuse a label that says another vehicle or camera than the picture's name."""
        if self.whole("vehicleID") not in (UNKNOWN, identity):
            raise self.wrong(f"vehicleID is {self.values['vehicleID']}, the picture's name says {identity}")
        if self.camera() not in ("", camera):
            raise self.wrong(f"cameraID is {self.camera()}, the picture's name says {camera}")

    def wrong(self, reason: str) -> UserError:
        return malformed(self.path, self.line, reason)


def read_items(path: Path) -> dict[str, Item]:
    """The items of a label file by picture name, in the file's order.

    The text is decoded as the file declares (gb2312 in most sets, which XML parsers refuse).

    UserError: no such file, undecodable, not XML, no item, an item without a picture or one named twice.
    """
    reading = _Items(path)
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, values: reading.start(tag, values, parser.CurrentLineNumber)
    parser.StartDoctypeDeclHandler = lambda *_: reading.refuse_doctype(parser.CurrentLineNumber)
    try:
        parser.Parse(_decoded(path), True)
    except expat.ExpatError as error:
        raise malformed(path, error.lineno, f"not XML ({expat.ErrorString(error.code)})") from None
    if not reading.items:
        raise UserError("malformed-file", f"{path} has no <Item imageName=... />.")
    return reading.items


@dataclass
class _Items:
    path: Path
    items: dict[str, Item] = field(default_factory=dict)

    def start(self, tag: str, values: dict[str, str], line: int) -> None:
        if tag != "Item":
            return
        item = Item(self.path, line, values)
        name = values.get("imageName", "")
        require_file_name(self.path, line, name)
        if name in self.items:
            raise item.wrong(f"picture {name} is named twice (first on line {self.items[name].line})")
        self.items[name] = item

    def refuse_doctype(self, line: int) -> None:
        raise malformed(self.path, line, "a document type has no place in a label file")


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UserError("file-missing", f"{path} does not exist.") from None
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared.group(1).decode() if declared else "utf-8"
    if encoding.lower() not in _READ_AS:
        raise UserError("malformed-file", f"{path} declares {encoding}, which is not read; save it as utf-8.")
    try:
        return content.decode(_READ_AS[encoding.lower()]).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise UserError("malformed-file", f"{path} is not text in {encoding}, which it declares.") from None


def read_names(path: Path) -> list[str]:
    """A list of pictures, one name a line, blank lines skipped; refuses a name that is there twice."""
    line_of: dict[str, int] = {}
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        name = text.strip()
        if not name:
            continue
        require_file_name(path, line, name)
        if name in line_of:
            raise malformed(path, line, f"picture {name} is named twice (first on line {line_of[name]})")
        line_of[name] = line
    return list(line_of)


def read_tracklets(path: Path, known: Container[str], *, first: int) -> dict[str, int]:
    """Picture name -> tracklet number, from lines of the names of one tracklet each; numbered from `first`.

    UserError: a name that is not `known`, or in two tracklets.
    """
    tracklets: dict[str, int] = {}
    number = first
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        for name in text.split():
            if name not in known:
                raise malformed(path, line, f"picture {name} is not in the set")
            if tracklets.setdefault(name, number) != number:
                raise malformed(path, line, f"picture {name} is in two tracklets")
        number += bool(text.strip())
    return tracklets


def require_file_name(path: Path, line: int, name: str) -> None:
    """Refuse an empty name, and one that would lead out of its folder."""
    if name in ("", ".", "..") or name != Path(name).name or "\\" in name or "\0" in name:
        raise malformed(path, line, f"{name!r} is not the name of a picture")
