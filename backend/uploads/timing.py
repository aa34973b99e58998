"""Where on the scene's clock a new video begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max, QuerySet

from backend.media.models import StartOrigin, Video
from backend.scenes.models import Camera, Scene


@dataclass(frozen=True)
class Start:
    """What is known of a recording's beginning: scene time, or wall-clock time with where it was found, or neither."""

    stated_s: float | None = None
    recorded_at: datetime | None = None
    origin: StartOrigin = StartOrigin.SEQUENCE

    def in_scene(self, scene: Scene, camera: Camera) -> tuple[float, StartOrigin]:
        """(scene time of the first frame in seconds, how it is known).

        The first recording whose time says when it was made sets the scene's clock, unless the place of another one
        on it is known already. Files come in any order: until the first run, one whose name says that it was made
        before the clock begins moves that back, and the other videos' times with it. What a person has stated was
        stated by the clock as it was: from then on it stays, and an earlier recording begins before 0. Without a clock,
        or a time, a video follows the camera's last one without a gap. Must be called in a transaction that has locked
        the scene.
        """
        if self.stated_s is not None:
            return self.stated_s, StartOrigin.STATED
        if self.recorded_at is None:
            return _end(camera), StartOrigin.SEQUENCE
        if not scene.runs.exists():
            self._set_clock(scene)
        if scene.starts_at is None:
            return _end(camera), StartOrigin.SEQUENCE
        return (self.recorded_at - scene.starts_at).total_seconds(), self.origin

    def _set_clock(self, scene: Scene) -> None:
        """So that it begins with this recording, if that is the first, or by its name the earliest one."""
        assert self.recorded_at is not None
        if scene.starts_at is None:
            if _videos(scene).exclude(start_origin=StartOrigin.SEQUENCE).exists():
                return
        elif self.origin is StartOrigin.NAME and self.recorded_at < scene.starts_at:
            if _videos(scene).filter(start_origin=StartOrigin.STATED).exists():
                return
            earlier_s = (scene.starts_at - self.recorded_at).total_seconds()
            _videos(scene).update(start_s=F("start_s") + earlier_s)
        else:
            return
        scene.starts_at = self.recorded_at
        scene.version += 1
        scene.save(update_fields=["starts_at", "version", "updated_at"])


def start_of(*, stated: float | None, named: datetime | None, header: datetime | None) -> Start:
    """What a person states counts most, then the file's name, then its header."""
    if stated is not None:
        return Start(stated_s=stated, origin=StartOrigin.STATED)
    if named is not None:
        return Start(recorded_at=named, origin=StartOrigin.NAME)
    if header is not None:
        return Start(recorded_at=header, origin=StartOrigin.HEADER)
    return Start()


def _videos(scene: Scene) -> QuerySet[Video]:
    return Video.objects.filter(camera__scene=scene)


def _end(camera: Camera) -> float:
    """Scene time of the end of the camera's last video that has been read; 0 without one."""
    ends = camera.videos.filter(duration_s__isnull=False).aggregate(end=Max(F("start_s") + F("duration_s")))
    return ends["end"] or 0.0
