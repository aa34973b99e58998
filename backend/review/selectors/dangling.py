"""Edits of tracklets that have no counterpart in the current run: kept, and listed (rule 1)."""

from __future__ import annotations

from typing import Any

from backend.review.edited import HumanPlace, HumanTracklet, SourcePlace, Why
from backend.review.models import Anchor, Operation
from backend.review.selectors.versions import operation_told
from backend.scenes.models import Scene
from backend.tracking.arrays import unpack_frames


def dangling_edits(*, scene: Scene) -> list[dict[str, Any]]:
    """[{operation, why, camera, video, first_frame, last_frame}], the newest operation first.

    Of an edit that put others in place of a tracklet, those are listed and not what they were made of.
    """
    lost = SourcePlace.objects.filter(run=scene.current_run_id, tracklet=None, source__gone_by=None)
    lost = lost.exclude(source__why=Why.REPLACED).select_related("source__operation__actor", "source__anchor__camera")
    found = [_told(place.source.operation, place.source.why, place.source.anchor) for place in lost]
    made = HumanPlace.objects.filter(run=scene.current_run_id, tracklet=None, human__gone_by=None)
    people = made.select_related("human__operation__actor", "human__camera")
    found += [_told(place.human.operation, None, place.human) for place in people]
    return sorted(found, key=lambda each: -each["operation"]["number"])


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
