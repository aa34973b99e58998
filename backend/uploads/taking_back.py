"""What an import of a scene made, and how it is taken back: only while nothing was built on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Q

from backend.config.problems import Conflict
from backend.jobs.models import FINISHED, Job
from backend.media.models import GroundTruthTrack, Video
from backend.media.storage import delete_files
from backend.review.models import Anchor
from backend.scenes.models import Calibration, Camera, CameraLink, Scene, ScenePlan
from backend.tracking.models import Tracklet


@dataclass(frozen=True)
class Made:
    """Ids of rows that an import made.

    regions, calibrations  ids of the cameras that got them     truths  ids of the videos that got ground truth
    versions               camera id as text -> its version as the import left it, of every camera of the folder
    origin                 whether the scene got its place on the globe
    """

    cameras: list[int] = field(default_factory=list)
    videos: list[int] = field(default_factory=list)
    regions: list[int] = field(default_factory=list)
    calibrations: list[int] = field(default_factory=list)
    truths: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    origin: bool = False


def made_take_back(*, scene: Scene, made: Made) -> None:
    """Remove it all, inside the caller's transaction; stored files go when that commits. Raises Conflict."""
    reason = _built_on(made)
    if reason:
        raise Conflict("import-in-use", f"This import cannot be taken back: {reason}.")
    videos = list(Video.objects.filter(pk__in=made.videos))
    bare = list(Camera.objects.filter(pk__in=made.regions))
    names = [name for video in videos for name in (video.file, video.proxy, video.poster) if name]
    names += [camera.roi for camera in bare if camera.roi]
    GroundTruthTrack.objects.filter(video__in=made.truths).delete()
    Calibration.objects.filter(camera__in=made.calibrations).delete()
    Camera.objects.filter(pk__in=made.regions).update(roi="")
    Camera.objects.filter(pk__in={*made.regions, *made.calibrations}).update(version=F("version") + 1)
    CameraLink.objects.filter(pk__in=made.links).delete()
    Video.objects.filter(pk__in=made.videos).delete()
    Camera.objects.filter(pk__in=made.cameras).delete()
    if made.origin and not _has_places(scene):
        scene.origin_latitude = scene.origin_longitude = None
        scene.save(update_fields=["origin_latitude", "origin_longitude"])
    transaction.on_commit(lambda: delete_files(names))


def _has_places(scene: Scene) -> bool:
    """Whether something lies on the ground that its origin places on the globe: it would lie nowhere without."""
    plans = ScenePlan.objects.filter(scene=scene).exclude(pairs=[])
    return plans.exists() or Calibration.objects.filter(camera__scene=scene).exists()


def _built_on(made: Made) -> str | None:
    """What stands on it, as the end of a sentence; None for nothing."""
    if Tracklet.objects.filter(video__in=made.videos).exists():
        return "runs or people have followed vehicles in its videos"
    if Anchor.objects.filter(video__in=made.videos).exists():
        return "people have decided about vehicles in its videos"
    if Job.objects.filter(video__in=made.videos).exclude(state__in=FINISHED).exists():
        return "its videos are being read; wait for these jobs, or cancel them"
    if Video.objects.filter(camera__in=made.cameras).exclude(pk__in=made.videos).exists():
        return "its cameras have other videos by now"
    # Locked: who sets one up at this moment is waited for, or finds it taken back.
    cameras = Camera.objects.select_for_update().filter(pk__in=[int(pk) for pk in made.versions]).order_by("pk")
    changed = [each.name for each in cameras if each.version != made.versions[str(each.pk)]]
    if changed:
        return f"somebody has set up {', '.join(sorted(changed))} since"
    ends = Q(source__in=made.cameras) | Q(target__in=made.cameras)
    if CameraLink.objects.filter(ends).exclude(pk__in=made.links).exists():
        return "somebody has changed the links of its cameras since"
    return None
