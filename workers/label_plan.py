"""What labels from a file would make of a scene: the edits, and a report for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from backend.identities.selectors import identity_numbers
from backend.labels.models import IdsMeaning
from backend.media.models import Video
from backend.review.edits import COLOURS, AnyEdit, Attributes, Boxes, Create, Hide, Made, Say
from backend.review.models import Answer
from backend.scenes.models import Scene
from backend.tracking.arrays import unpack_boxes, unpack_frames
from backend.tracking.models import Run, Tracklet
from ml.boxes import paired_iou
from ml.datasets.labels import CameraLabels, Labels, LabelTrack
from ml.types import UserError

SAME_VEHICLE = 0.5  # mean IoU over common frames: the imported tracklet stands in place of the shown one
MOST_TRACKS, MOST_BOXES, MOST_CAMERAS = 5000, 2_000_000, 1000
LARGEST_NUMBER = 10**9  # kept as it is: new numbers follow the largest, and columns end at 2^31
MOST_DROPPED, LONGEST_DROPPED = 50, 120  # lines of a report, and characters of each


@dataclass
class Plan:
    """The edits in order, and the report as `ImportReportSerializer` gives it."""

    edits: list[AnyEdit] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Placed:
    """A track of the file in a video of the scene. wish: the identity that the file says, None for none."""

    video: Video
    track: LabelTrack
    wish: int | None

    @property
    def span_s(self) -> tuple[float, float]:
        rate = self.video.fps or 1.0
        first, last = float(self.track.frames[0]), float(self.track.frames[-1])
        return self.video.start_s + first / rate, self.video.start_s + last / rate


def plan_import(scene: Scene, labels: Labels, ids: IdsMeaning) -> Plan:
    """What these labels make of the scene as it is now.

    Every track becomes a tracklet of people's, in place of what is shown of the vehicle there; tracks of one identity
    are called the same. Boxes are cut to the picture.

    UserError: no camera of the file is in the scene, a picture has another size, a frame is behind a video's end, a
    vehicle is twice in one camera at one time, too much for one import.
    """
    dropped = Counter(labels.dropped)
    if len(labels.cameras) > MOST_CAMERAS:
        message = f"The file names {len(labels.cameras)} cameras; {MOST_CAMERAS} are imported at once."
        raise UserError("import-too-large", message)
    placed = [each for camera in labels.cameras for each in _placed(scene, camera, ids, dropped)]
    if not placed:
        names = ", ".join(camera.name[:LONGEST_DROPPED] for camera in labels.cameras[:10])
        raise UserError("nothing-to-import", f"No vehicle of the file is in a camera of this scene; it has {names}.")
    boxes = sum(len(each.track.frames) for each in placed)
    if len(placed) > MOST_TRACKS or boxes > MOST_BOXES:
        message = f"{len(placed)} tracks with {boxes} boxes; {MOST_TRACKS} and {MOST_BOXES} are imported at once."
        raise UserError("import-too-large", f"The file has {message} Import it camera by camera.")
    shown = [] if scene.current_run is None else _shown(scene.current_run, placed)
    of_video: dict[int, list[_Placed]] = {}
    for each in placed:
        of_video.setdefault(each.video.pk, []).append(each)
    replaced = [row for row in shown if any(_is_same(each, row) for each in of_video[row.video_id])]
    return _plan(scene, placed, replaced, shown, dropped)


def _plan(
    scene: Scene,
    placed: Sequence[_Placed],
    replaced: Sequence[Tracklet],
    shown: Sequence[Tracklet],
    dropped: Counter[str],
) -> Plan:
    gone = {row.pk for row in replaced}
    numbers = {} if scene.current_run is None else identity_numbers(run=scene.current_run)
    used = {number for tracklet, number in numbers.items() if tracklet not in gone}
    taken = {(row.video_id, row.number) for row in shown if row.pk not in gone}
    plan = Plan([Hide(row.pk) for row in replaced])
    made: dict[int, list[tuple[_Placed, Made]]] = {}
    for each in placed:
        free = (each.video.pk, each.track.number) not in taken and 0 < each.track.number <= LARGEST_NUMBER
        identity = each.wish if each.wish and _is_free(each.wish, used) else 0
        ref = _create(plan, each, number=each.track.number if free else 0, identity=identity)
        taken.add((each.video.pk, each.track.number))
        if each.wish is not None:
            made.setdefault(each.wish, []).append((each, ref))
    for wish, refs in sorted(made.items()):
        plan.edits += _joined(wish, refs)
    plan.report = {
        "cameras": _by_camera(placed, replaced),
        "identities": len(made) + sum(each.wish is None for each in placed),
        "renumbered": sum(not _is_free(wish, used) for wish in made),
        "dropped": _listed(dropped),
    }
    return plan


def _is_free(wish: int, used: set[int]) -> bool:
    return wish <= LARGEST_NUMBER and wish not in used


def _listed(dropped: Counter[str]) -> dict[str, int]:
    """What is dropped most often, by name: a file may make up any number of names of any length."""
    shown = Counter[str]()
    for what, count in dropped.most_common(MOST_DROPPED):
        shown[what[:LONGEST_DROPPED]] += count
    rest = dropped.total() - shown.total()
    return dict(sorted(shown.items())) | ({"of other kinds": rest} if rest else {})


def _create(plan: Plan, each: _Placed, *, number: int, identity: int) -> Made:
    """The edits that draw one tracklet with all its gaps."""
    track = each.track
    boxes = [(box[0], box[1], box[2], box[3]) for box in track.boxes.tolist()]
    keys = list(zip(track.frames.tolist(), boxes, strict=True))
    plan.edits.append(Create(each.video.pk, each.video.camera_id, keys, track.category, number, identity))
    ref = Made(len(plan.edits) - 1, 0)
    gaps = np.setdiff1d(np.arange(track.frames[0], track.frames[-1] + 1), track.frames)
    if len(gaps):
        plan.edits.append(Boxes(ref, dict.fromkeys(gaps.tolist())))
        ref = Made(len(plan.edits) - 1, 0)
    if track.colour:
        plan.edits.append(Attributes(ref, colour=track.colour))
        ref = Made(len(plan.edits) - 1, 0)
    return ref


def _joined(wish: int, refs: list[tuple[_Placed, Made]]) -> Iterator[Say]:
    in_time = sorted(refs, key=lambda each: each[0].span_s)
    last: dict[int, _Placed] = {}  # of each camera, the one that ends last
    for other, _ in in_time:
        one = last.get(other.video.camera_id)
        if one is not None and other.span_s[0] <= one.span_s[1]:
            message = (
                f"Vehicle {wish} is twice at one time in camera {one.video.camera.name}: tracks {one.track.number} and "
                f"{other.track.number}. If ids mean tracks of one camera, say so when importing."
            )
            raise UserError("vehicle-twice", message)
        last[other.video.camera_id] = other
    for (_, left), (_, right) in pairwise(in_time):
        yield Say(left, right, Answer.SAME)


def _placed(scene: Scene, camera: CameraLabels, ids: IdsMeaning, dropped: Counter[str]) -> Iterator[_Placed]:
    video = _video(scene, camera.name)
    if video is None:
        dropped[f"camera {camera.name}, which the scene has no read video of: its tracks"] += len(camera.tracks)
        return
    size = (video.width or 0, video.height or 0)
    if camera.width and (camera.width, camera.height) != size:
        given = f"{camera.width}x{camera.height}"
        message = f"Camera {camera.name}: the labels are of pictures of {given}, the video has {size[0]}x{size[1]}."
        raise UserError("picture-size-differs", message)
    for track in camera.tracks:
        if track.frames[-1] >= (video.frame_count or 0):
            message = f"track {track.number} has a box in frame {track.frames[-1]} (from 0)"
            raise UserError(
                "frame-behind-end", f"Camera {camera.name}: {message}; the video has {video.frame_count} frames."
            )
        fitted = _fitted(track, size, dropped)
        if fitted is not None:
            wish = track.identity if track.identity is not None or ids == IdsMeaning.CAMERA else track.number
            yield _Placed(video, fitted, wish or None)


def _fitted(track: LabelTrack, size: tuple[int, int], dropped: Counter[str]) -> LabelTrack | None:
    """The track inside the picture."""
    limits = np.array([*size, *size], np.float32)
    boxes = np.clip(track.boxes, 0, limits)
    inside = (boxes[:, 0] < boxes[:, 2]) & (boxes[:, 1] < boxes[:, 3])
    colour = track.colour.lower()
    is_known = colour in ("", *COLOURS)
    left_out = {
        "boxes outside of the picture": int((~inside).sum()),
        "parts of boxes outside of the picture": int((boxes != track.boxes)[inside].any(axis=1).sum()),
        f"the colour {track.colour!r}": int(not is_known),
    }
    dropped.update({what: count for what, count in left_out.items() if count})
    if not inside.any():
        return None
    return replace(track, colour=colour if is_known else "", frames=track.frames[inside], boxes=boxes[inside])


def _video(scene: Scene, name: str) -> Video | None:
    """The camera's first video, or the second of <camera>_2, ..."""
    rows = Video.objects.filter(camera__scene=scene, frame_count__gt=0).select_related("camera").defer("frame_times")
    in_order = list(rows.filter(camera__name=name).order_by("start_s", "id")[:1])
    if in_order:
        return in_order[0]
    camera, _, place = name.rpartition("_")
    if not place.isascii() or not place.isdecimal() or len(place) > 4:
        return None
    return next(iter(rows.filter(camera__name=camera).order_by("start_s", "id")[int(place) - 1 : int(place)]), None)


def _shown(run: Run, placed: Sequence[_Placed]) -> list[Tracklet]:
    videos = {each.video.pk for each in placed}
    return list(Tracklet.objects.shown().filter(run=run, video__in=videos).select_related("camera").defer("scores"))


def _is_same(each: _Placed, row: Tracklet) -> bool:
    """Whether both, of one video, are on one vehicle: they overlap by half on average over the frames of both."""
    frames = each.track.frames
    if row.first_frame > frames[-1] or row.last_frame < frames[0]:
        return False
    _, here, there = np.intersect1d(frames, unpack_frames(row.frames), assume_unique=True, return_indices=True)
    if not len(here):
        return False
    return float(paired_iou(each.track.boxes[here], unpack_boxes(row.boxes)[there]).mean()) >= SAME_VEHICLE


def _by_camera(placed: Sequence[_Placed], replaced: Sequence[Tracklet]) -> list[dict[str, Any]]:
    hidden = Counter(row.camera.name for row in replaced)
    found: dict[str, list[_Placed]] = {}
    for each in placed:
        found.setdefault(each.video.camera.name, []).append(each)
    return [
        {"camera": name, "tracklets": len(rows), "boxes": sum(len(row.track.frames) for row in rows),
         "replaced": hidden[name]}
        for name, rows in sorted(found.items())
    ]  # fmt: skip
