"""Tracklets as they are shown, copied into label content."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Sum

from backend.config.problems import Conflict
from backend.identities.selectors import identity_numbers
from backend.labels.confirmed import Label
from backend.labels.content import LabelContent, LabelledTracklet, LabelledVideo
from backend.media.models import Video
from backend.tracking.arrays import unpack_boxes, unpack_frames, unpack_scores
from backend.tracking.models import Run, Tracklet

MOST_BOXES = 20_000_000  # some 500 MB of memory while a set is made


def content_of(*, run: Run, labels: Sequence[Label]) -> LabelContent:
    """The labelled tracklets by identity, video and first frame; none is held. Raises Conflict label-set-too-large."""
    _require_room(labels)
    rows = Video.objects.filter(camera__scene=run.scene_id).select_related("camera").defer("frame_times")
    videos = list(rows.order_by("camera__position", "start_s", "id"))
    places = {video.pk: place for place, video in enumerate(videos)}
    return LabelContent(tuple(map(_video, videos)), tuple(_tracklets(labels, places)))


def run_content(*, run: Run) -> LabelContent:
    """All that people see of a run, whoever joined it."""
    numbers = identity_numbers(run=run)
    return content_of(run=run, labels=[Label(tracklet, number, False) for tracklet, number in numbers.items()])


def _require_room(labels: Sequence[Label]) -> None:
    rows = Tracklet.objects.filter(pk__in=[label.tracklet for label in labels])
    boxes = rows.aggregate(boxes=Sum("length"))["boxes"] or 0
    if boxes > MOST_BOXES:
        detail = f"That are {boxes} boxes, more than the {MOST_BOXES} of one set; take a higher probability."
        raise Conflict("label-set-too-large", detail)


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
