"""How long a run would take: from what earlier runs took on this machine."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery, Sum

from backend.accounts.models import User
from backend.jobs.models import Job, JobKind
from backend.media.models import Video, VideoState
from backend.scenes.selectors import scene_visible
from backend.tracking.models import Run, RunState

LAST_RUNS = 200  # of all presets that are looked at
OF_EACH = 5


@dataclass(frozen=True, slots=True)
class Estimate:
    """`seconds` for all videos of the scene that are read, at `frames_per_s`, as the slowest of `runs` had."""

    preset: str
    seconds: float
    frames_per_s: float
    runs: int


def run_estimates(*, user: User, scene_id: int) -> list[Estimate]:
    """For each preset that runs have ended with here; none for the others. Raises NotFound.

    The slowest of a preset's last runs counts: quicker ones found stages in the cache. Runs of all scenes are looked
    at; nothing of them is told but how fast they were.
    """
    scene = scene_visible(user=user, scene_id=scene_id)
    ready = Video.objects.filter(camera__scene=scene, state=VideoState.READY)
    frames = ready.aggregate(frames=Sum("frame_count"))["frames"] or 0
    speeds = _speeds()
    return [
        Estimate(preset, round(frames / min(measured), 1), round(min(measured), 2), len(measured))
        for preset, measured in sorted(speeds.items())
    ]


def _speeds() -> dict[str, list[float]]:
    """preset -> frames a second of its last runs, from the first job's start to the last one's end."""
    detected = Job.objects.filter(run=OuterRef("pk"), kind=JobKind.DETECT).order_by().values("run")
    frames = Subquery(detected.annotate(frames=Sum("video__frame_count")).values("frames"))
    ended = Run.objects.filter(state=RunState.SUCCEEDED, started_at__isnull=False, finished_at__isnull=False)
    found: dict[str, list[float]] = defaultdict(list)
    rows = ended.annotate(frames=frames).order_by("-pk").values_list("preset", "frames", "started_at", "finished_at")
    for preset, count, started, finished in rows[:LAST_RUNS]:
        assert started is not None  # as asked for above
        assert finished is not None
        seconds = (finished - started).total_seconds()
        if count and seconds > 0 and len(found[preset]) < OF_EACH:
            found[preset].append(count / seconds)
    return {preset: speeds for preset, speeds in found.items() if speeds}
