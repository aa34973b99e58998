"""Edits of tracklets that have no counterpart in the current run: kept, and listed (rule 1)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from backend.review.edited import HumanPlace, HumanTracklet, SourcePlace, Why
from backend.review.models import Anchor, Operation
from backend.review.selectors.versions import operation_told
from backend.scenes.models import Scene
from backend.tracking.arrays import unpack_frames
from backend.tracking.models import Run


def dangling_edits(*, scene: Scene) -> list[dict[str, Any]]:
    """[{operation, why, camera, video, first_frame, last_frame}], the newest operation first.

    Of an edit that put others in place of a tracklet, those are listed and not what they were made of.
    """
    if scene.current_run is None:
        return []
    lost, made = _lost(scene.current_run)
    hidden = lost.select_related("source__operation__actor", "source__anchor__camera")
    found = [_told(place.source.operation, place.source.why, place.source.anchor) for place in hidden]
    people = made.select_related("human__operation__actor", "human__camera")
    found += [_told(place.human.operation, None, place.human) for place in people]
    return sorted(found, key=lambda each: -each["operation"]["number"])


def edits_lost(*, run: Run) -> int:
    """How many of them there are in this run."""
    lost, made = _lost(run)
    return lost.count() + made.count()


def _lost(run: Run) -> tuple[QuerySet[SourcePlace], QuerySet[HumanPlace]]:
    sources = SourcePlace.objects.filter(run=run, tracklet=None, source__gone_by=None)
    humans = HumanPlace.objects.filter(run=run, tracklet=None, human__gone_by=None)
    return sources.exclude(source__why=Why.REPLACED), humans


def _told(operation: Operation, why: str | None, where: Anchor | HumanTracklet) -> dict[str, Any]:
    frames = unpack_frames(where.frames)
    return {
        "operation": operation_told(operation),
        "why": why,
        "camera": {"id": where.camera_id, "name": where.camera.name},
        "video": where.video_id,
        "first_frame": int(frames[0]),
        "last_frame": int(frames[-1]),
    }
