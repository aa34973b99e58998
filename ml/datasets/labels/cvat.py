"""CVAT for video 1.1: one XML file a camera, a box in every frame of a track, `outside="1"` where a stretch ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from ml.datasets.labels.fields import identity_text, real, whole
from ml.datasets.labels.tracks import CameraLabels, Labels, LabelTrack, TrackBuilder, merged
from ml.datasets.text import single_texts, write_lines
from ml.detection.classes import NAMES
from ml.types import UserError

CORNERS = ("xtl", "ytl", "xbr", "ybr")
OURS = ("identity_id", "colour")
DEEPEST = 32
LONGEST_TEXT = 10_000  # of an element: no id or colour is as long, and to gather more takes the square of its length


def write_cvat(out: Path, cameras: Sequence[CameraLabels]) -> None:
    """<out>/<camera>.xml."""
    for camera in cameras:
        write_lines(out / f"{camera.name}.xml", _document(camera))


def _document(camera: CameraLabels) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield "<annotations>"
    yield "  <version>1.1</version>"
    yield "  <meta>"
    yield "    <task>"
    yield f"      <name>{escape(camera.name)}</name>"
    yield f"      <size>{camera.frame_count}</size>"
    yield "      <mode>interpolation</mode>"
    yield "      <start_frame>0</start_frame>"
    yield f"      <stop_frame>{max(camera.frame_count - 1, 0)}</stop_frame>"
    yield "      <labels>"
    yield from (f"        <label><name>{name}</name>{_attributes()}</label>" for name in NAMES.values())
    yield "      </labels>"
    yield f"      <original_size><width>{camera.width}</width><height>{camera.height}</height></original_size>"
    yield "    </task>"
    yield "  </meta>"
    for track in camera.tracks:
        yield from _track(track, camera.frame_count)
    yield "</annotations>"


def _attributes() -> str:
    listed = "".join(
        f"<attribute><name>{name}</name><mutable>False</mutable><input_type>text</input_type>"
        "<default_value></default_value><values></values></attribute>"
        for name in OURS
    )
    return f"<attributes>{listed}</attributes>"


def _track(track: LabelTrack, frame_count: int) -> Iterator[str]:
    yield f'  <track id="{track.number}" label={quoteattr(NAMES[track.category])} source="manual">'
    corners, frames = single_texts(track.boxes), track.frames.tolist()
    for row, (frame, texts) in enumerate(zip(frames, corners, strict=True)):
        yield from _box(track, frame, texts, outside=False)
        ends = row + 1 == len(frames) or frames[row + 1] > frame + 1
        if ends and (frame + 1 < frame_count or not frame_count):
            yield from _box(track, frame + 1, texts, outside=True)
    yield "  </track>"


def _box(track: LabelTrack, frame: int, texts: Sequence[str], *, outside: bool) -> Iterator[str]:
    place = " ".join(f'{name}="{text}"' for name, text in zip(CORNERS, texts, strict=True))
    yield f'    <box frame="{frame}" outside="{int(outside)}" occluded="0" keyframe="1" {place} z_order="0">'
    yield f'      <attribute name="identity_id">{"" if track.identity is None else track.identity}</attribute>'
    yield f'      <attribute name="colour">{escape(track.colour)}</attribute>'
    yield "    </box>"


def read_cvat(root: Path) -> Labels:
    """Every XML file below `root` is a camera of its name, one called annotations.xml of its folder's.

    Between key frames further apart than one frame CVAT writes the boxes in between too; a file without them has gaps
    there. The attributes identity_id and colour are kept, others dropped. A document type is refused, so no entity is
    ever expanded.
    """
    files = sorted(root.rglob("*.xml"))
    if not files:
        raise UserError("labels-missing", "There is no XML file in it.")
    return merged(
        (reading.builder.camera_labels(**reading.size), reading.builder.dropped) for reading in map(_read, files)
    )


def _read(path: Path) -> _Reading:
    name = path.parent.name if path.stem == "annotations" else path.stem
    parser = expat.ParserCreate()
    reading = _Reading(path, TrackBuilder(name), parser)
    parser.StartElementHandler, parser.EndElementHandler = reading.start, reading.end
    parser.CharacterDataHandler = reading.text
    parser.StartDoctypeDeclHandler = lambda *_: reading.refuse("a document type has no place in a label file")
    try:
        with path.open("rb") as stream:
            parser.ParseFile(stream)
    except expat.ExpatError as error:
        message = f"{path}, line {error.lineno}: not XML ({expat.ErrorString(error.code)})."
        raise UserError("malformed-file", message) from None
    if not reading.seen:
        raise UserError("malformed-file", f"{path} has no <annotations>; export it as CVAT for video 1.1.")
    return reading


@dataclass
class _Reading:
    """The state of one file on its way through the parser. Boxes wait for the attributes inside them."""

    path: Path
    builder: TrackBuilder
    parser: expat.XMLParserType
    size: dict[str, int] = field(default_factory=dict)
    seen: bool = False
    _stack: list[str] = field(default_factory=list)
    _track: tuple[int, str] | None = None
    _box: dict[str, str] = field(default_factory=dict)
    _values: dict[str, str] = field(default_factory=dict)
    _attribute: str = ""
    _text: str = ""

    def start(self, tag: str, values: Mapping[str, str]) -> None:
        self._stack.append(tag)
        if len(self._stack) > DEEPEST:
            self.refuse("elements lie too deep in each other")
        self.seen = self.seen or self._stack == ["annotations"]
        self._text = ""
        if self._stack == ["annotations", "track"]:
            self._track = (whole(values.get("id"), "id of a track", self._where()), values.get("label", ""))
        elif self._stack == ["annotations", "track", "box"]:
            self._box, self._values = dict(values), {}
        elif self._stack == ["annotations", "image"]:
            self.refuse("single pictures instead of tracks; export the task as CVAT for video 1.1")
        elif self._stack[:2] == ["annotations", "track"] and tag not in ("box", "attribute"):
            self.builder.dropped[f"shapes other than boxes ({tag})"] += 1
        self._attribute = values.get("name", "") if tag == "attribute" else ""

    def text(self, text: str) -> None:
        self._text += text[: LONGEST_TEXT - len(self._text)]

    def end(self, tag: str) -> None:
        if self._stack == ["annotations", "track", "box", "attribute"]:
            self._values[self._attribute] = self._text.strip()
        elif self._stack == ["annotations", "track", "attribute"]:
            self.builder.dropped[f"the track attribute {self._attribute!r}"] += 1
        elif self._stack == ["annotations", "track", "box"]:
            self._take_box()
        elif self._stack[-2:] == ["original_size", tag] and tag in ("width", "height"):
            self.size[tag] = whole(self._text, tag, self._where())
        self._stack.pop()

    def refuse(self, reason: str) -> None:
        raise UserError("malformed-file", f"{self._where()}: {reason}.")

    def _take_box(self) -> None:
        assert self._track is not None
        number, label = self._track
        box, where = self._box, self._where()
        for name in self._values.keys() - set(OURS):
            self.builder.dropped[f"the attribute {name!r} of boxes"] += 1
        if box.get("occluded") == "1":
            self.builder.dropped["the mark that a box is occluded"] += 1
        if box.get("outside") == "1":
            return
        frame = whole(box.get("frame"), "frame", where)
        left, top, right, bottom = (real(box.get(name), name, where) for name in CORNERS)
        identity = identity_text(self._values.get("identity_id", ""), where)
        if self.builder.about(
            number, identity=identity, label=label, colour=self._values.get("colour", ""), where=where
        ):
            self.builder.add(number, frame, (left, top, right, bottom), where)

    def _where(self) -> str:
        return f"{self.path}, line {self.parser.CurrentLineNumber}"
