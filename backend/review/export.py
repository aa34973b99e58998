"""A run with people's decisions as files: what the AI City multi-camera track takes, and each camera's tracks."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import numpy.typing as npt
from django.db.models import Max
from django.utils import timezone

from backend.accounts.models import User
from backend.config.archives import Archive
from backend.config.problems import Conflict
from backend.identities.selectors import identity_numbers
from backend.media.models import Video
from backend.tracking.arrays import unpack_boxes, unpack_frames, unpack_scores
from backend.tracking.models import Run, RunState, Tracklet

FIRST_FRAME = 1  # in files; inside we count from 0
LINES_AT_ONCE = 2000
FORMATS = {
    "track1.txt": "camera_id obj_id frame_id xmin ymin width height xworld yworld; frames from 1, pixels; obj_id is "
    "the identity's number; the ground position is -1 -1 (not computed); by camera, frame and identity",
    "mtsc.txt": "frame,id,left,top,width,height,conf,-1,-1,-1; frames from 1, pixels; id is the tracklet's number",
}
Lines = Iterator[str]


@dataclass
class RunExport:
    """A run on its way into files. `numbers`: tracklet id -> identity, read once, so that all files agree."""

    run: Run
    by: User
    numbers: dict[int, int] = field(default_factory=dict)
    lines: Counter[str] = field(default_factory=Counter)

    def chunks(self) -> Iterator[bytes]:
        """The archive piece by piece: track1.txt, <camera>/mtsc.txt, manifest.json."""
        archive, first = Archive(), _last_operation(self.run)
        self.numbers = identity_numbers(run=self.run)
        videos = _videos(self.run)
        yield from archive.file("track1.txt", self._text("track1.txt", self._submission(videos)))
        for video, name in _named(videos):
            yield from archive.file(name, self._text(name, self._tracks(video)))
        manifest = json.dumps(self._manifest(archive, first, _last_operation(self.run)), indent=2, ensure_ascii=False)
        yield from archive.file("manifest.json", [manifest.encode() + b"\n"])
        yield from archive.end()

    def _submission(self, videos: Sequence[Video]) -> Lines:
        known = camera_numbers(list(self.run.scene.cameras.values_list("name", flat=True)))
        for video in sorted(videos, key=lambda each: (known[each.camera.name], each.start_s, each.pk)):
            for number, frame, box, _ in _rows(self._shown(video), lambda each: self.numbers[each.pk]):
                yield f"{known[video.camera.name]} {number} {frame + FIRST_FRAME} {' '.join(box)} -1 -1\n"

    def _tracks(self, video: Video) -> Lines:
        for number, frame, box, score in _rows(self._shown(video), lambda each: each.number):
            yield f"{frame + FIRST_FRAME},{number},{','.join(box)},{score},-1,-1,-1\n"

    def _shown(self, video: Video) -> list[Tracklet]:
        """What was shown when the numbers were read: tracklets never change, and replaced ones are there still."""
        rows = Tracklet.objects.filter(run=self.run, video=video).order_by("number", "pk")
        return [each for each in rows.iterator() if each.pk in self.numbers]

    def _text(self, name: str, lines: Lines) -> Iterator[bytes]:
        held: list[str] = []
        for line in lines:
            held.append(line)
            if len(held) == LINES_AT_ONCE:
                self.lines[name] += len(held)
                yield "".join(held).encode()
                held = []
        self.lines[name] += len(held)
        yield "".join(held).encode()

    def _manifest(self, archive: Archive, first: int, last: int) -> dict[str, object]:
        run, scene = self.run, self.run.scene
        return {
            "made": {"at": timezone.now().isoformat(), "by": self.by.username},
            "scene": {"slug": scene.slug, "name": scene.name, "time_zone": scene.time_zone},
            "run": {"number": run.number, "preset": run.preset, "models": run.models_used, "config": run.config},
            "decisions": {
                "last_operation": first,
                "others_while_it_was_made": last - first,
                "words": "People's decisions up to this operation are in every identity number.",
            },
            "formats": FORMATS,
            "files": [
                {"name": name, "lines": self.lines[name], "sha256": checksum}
                for name, checksum in archive.checksums.items()
            ],
        }


def run_export(*, run: Run, by: User) -> RunExport:
    """The run as people see it, ready to be written. Raises Conflict where the run has not finished."""
    if run.state != RunState.SUCCEEDED:
        raise Conflict("run-not-finished", f"Run {run.number} has not finished; export a run that has succeeded.")
    return RunExport(run, by)


def camera_numbers(names: list[str]) -> dict[str, int]:
    """c041 -> 41 where every name ends in a number of its own; otherwise 1, 2, ... in the order given."""
    endings = [re.search(r"(\d+)$", name) for name in names]
    numbers = {int(ending.group()) for ending in endings if ending is not None}
    if len(numbers) < len(names):
        return {name: place for place, name in enumerate(names, start=1)}
    return {name: int(ending.group()) for name, ending in zip(names, endings, strict=True) if ending is not None}


def _videos(run: Run) -> list[Video]:
    """Of the run's tracklets, in the order of the road."""
    seen = run.tracklets.order_by().values("video").distinct()
    rows = Video.objects.filter(pk__in=seen).select_related("camera").defer("frame_times")
    return list(rows.order_by("camera__position", "start_s", "id"))


def _named(videos: Sequence[Video]) -> Iterator[tuple[Video, str]]:
    """Each video and the file of its tracks: <camera>/mtsc.txt, of a camera's further videos mtsc_2.txt, ..."""
    seen: Counter[str] = Counter()
    for video in videos:
        camera = video.camera.name
        seen[camera] += 1
        yield video, f"{camera}/mtsc.txt" if seen[camera] == 1 else f"{camera}/mtsc_{seen[camera]}.txt"


def _last_operation(run: Run) -> int:
    """Number of the scene's newest edit; 0 without any."""
    return run.scene.operations.aggregate(last=Max("number"))["last"] or 0


def _rows(
    listed: Sequence[Tracklet], number_of: Callable[[Tracklet], int]
) -> Iterator[tuple[int, int, list[str], str]]:
    """(number, frame, left top width height, score) of every box of one video, by frame and number."""
    lengths = [each.length for each in listed]
    numbers = np.repeat(np.array([number_of(each) for each in listed], np.int64), lengths)
    frames = np.concatenate([np.zeros(0, np.int32), *(unpack_frames(each.frames) for each in listed)])
    boxes = np.concatenate([np.zeros((0, 4), np.float32), *(unpack_boxes(each.boxes) for each in listed)])
    scores = np.concatenate([np.zeros(0, np.float32), *(unpack_scores(each.scores) for each in listed)])
    for row in np.lexsort((numbers, frames)).tolist():
        yield int(numbers[row]), int(frames[row]), box_texts(boxes[row]), plain(Decimal(str(scores[row])))


def box_texts(box: npt.NDArray[np.float32]) -> list[str]:
    """left, top, width, height of one xyxy box, in decimals that give the same float32 corners back."""
    left, top, right, bottom = (Decimal(str(value)) for value in box)
    return [plain(value) for value in (left, top, right - left, bottom - top)]


def plain(value: Decimal) -> str:
    """Without exponent or trailing zeros: "12", "12.35"."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
