"""Tracklets as they are shown, copied into label content."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Sum

from backend.config.problems import Conflict
from backend.identities.selectors import identity_numbers
from backend.labels.confirmed import Label
from backend.labels.content import Around, LabelContent, LabelledTracklet, LabelledVideo
from backend.media.models import Video
from backend.media.storage import read_bytes
from backend.scenes.models import Camera
from backend.tracking.arrays import unpack_boxes, unpack_frames, unpack_scores
from backend.tracking.models import Layer, Run, Tracklet

MOST_BOXES = 20_000_000  # some 500 MB of memory while a set is made
MOST_WITH_AROUND = 5_000_000  # with everything else that was seen, which takes a second or two to pack for each million


def content_of(*, run: Run, labels: Sequence[Label]) -> LabelContent:
    """The labelled tracklets by identity, video and first frame; none is held. Raises Conflict label-set-too-large."""
    boxes = _boxes(labels)
    if boxes > MOST_BOXES:
        detail = f"That are {boxes} boxes, more than the {MOST_BOXES} of one set; take a higher probability."
        raise Conflict("label-set-too-large", detail)
    videos = _videos(run)
    return LabelContent(tuple(map(_video, videos)), tuple(_tracklets(labels, _places(videos))))


def around_of(*, run: Run, labels: Sequence[Label]) -> Around | None:
    """What people see of the run beside the labelled tracklets, none of it held; None where it is too much.

    Raises Conflict region-missing.
    """
    numbers = identity_numbers(run=run)
    human = set(Tracklet.objects.filter(run=run, layer=Layer.HUMAN).values_list("pk", flat=True))
    labelled = {label.tracklet for label in labels}
    others = [Label(pk, number, pk in human) for pk, number in numbers.items() if pk not in labelled]
    if _boxes([*labels, *others]) > MOST_WITH_AROUND:
        return None
    videos = _videos(run)
    regions = {place: _region(video.camera) for place, video in enumerate(videos) if video.camera.roi}
    return Around(tuple(_tracklets(others, _places(videos))), regions)


def _region(camera: Camera) -> bytes:
    try:
        return read_bytes(camera.roi)
    except FileNotFoundError:
        detail = f"The region of interest of camera {camera.name} cannot be read; try again, or draw it anew."
        raise Conflict("region-missing", detail) from None


def run_content(*, run: Run) -> LabelContent:
    """All that people see of a run, whoever joined it."""
    numbers = identity_numbers(run=run)
    return content_of(run=run, labels=[Label(tracklet, number, False) for tracklet, number in numbers.items()])


def _boxes(labels: Sequence[Label]) -> int:
    rows = Tracklet.objects.filter(pk__in=[label.tracklet for label in labels])
    return rows.aggregate(boxes=Sum("length"))["boxes"] or 0


def _videos(run: Run) -> list[Video]:
    rows = Video.objects.filter(camera__scene=run.scene_id).select_related("camera").defer("frame_times")
    return list(rows.order_by("camera__position", "start_s", "id"))


def _places(videos: Sequence[Video]) -> dict[int, int]:
    return {video.pk: place for place, video in enumerate(videos)}


def _tracklets(labels: Sequence[Label], places: dict[int, int]) -> list[LabelledTracklet]:
    """By identity, video and first frame."""
    label_of = {label.tracklet: label for label in labels}
    rows = Tracklet.objects.filter(pk__in=label_of).order_by("pk")
    found = [_tracklet(row, label_of[row.pk], places) for row in rows.iterator()]
    return sorted(found, key=lambda each: (each.identity, each.video, int(each.frames[0]), each.number))


def _tracklet(row: Tracklet, label: Label, places: dict[int, int]) -> LabelledTracklet:
    return LabelledTracklet(
        video=places[row.video_id],
        identity=label.identity,
        number=row.number,
        category=row.category,
        colour=row.colour,
        human=label.human,
        held=False,
        frames=unpack_frames(row.frames),
        boxes=unpack_boxes(row.boxes),
        scores=unpack_scores(row.scores),
    )


def _video(row: Video) -> LabelledVideo:
    return LabelledVideo(
        video=row.pk,
        camera=row.camera.name,
        sha256=row.sha256,
        width=row.width or 0,
        height=row.height or 0,
        fps=row.fps or 0.0,
        frame_count=row.frame_count or 0,
        start_s=row.start_s,
    )
