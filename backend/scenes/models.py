"""Scenes, their people, cameras, calibrations and the links between cameras."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from backend.accounts.models import Role, User


class Scene(models.Model):
    """A place watched by cameras that share one clock: scene time 0 is the start of its earliest video."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    starts_at = models.DateTimeField(null=True, blank=True, help_text="wall-clock time of scene time 0, if known")
    origin_latitude = models.FloatField(null=True, blank=True, help_text="degrees, where the ground's x = y = 0 is")
    origin_longitude = models.FloatField(null=True, blank=True, help_text="degrees; null where nobody knows")
    current_run = models.ForeignKey("tracking.Run", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)
    members = models.ManyToManyField(User, through="SceneMembership", related_name="scenes")

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class SceneMembership(models.Model):
    """What a person may do in one scene. Admins need none."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.VIEWER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scene", "user"], name="one_membership_per_scene_and_user")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.scene}"


class Camera(models.Model):
    """One camera of a scene; `position` is its order along the road."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="cameras")
    name = models.CharField(max_length=40)
    position = models.PositiveIntegerField(default=0)
    roi = models.CharField(
        max_length=255, blank=True, help_text="storage name of the region of interest, white = valid"
    )
    roi_polygons = models.JSONField(
        null=True, blank=True, help_text="[[[x, y], ...], ...] pixels, if the region was drawn by a person"
    )
    version = models.PositiveIntegerField(default=1, help_text="of what people set up: region, calibration")

    class Meta:
        ordering = ["scene", "position", "name"]
        constraints = [models.UniqueConstraint(fields=["scene", "name"], name="camera_name_unique_in_scene")]

    def __str__(self) -> str:
        return f"{self.scene}/{self.name}"


class CalibrationDirection(models.TextChoices):
    GROUND_TO_IMAGE = "ground-to-image", "ground to image"
    IMAGE_TO_GROUND = "image-to-ground", "image to ground"


class GroundUnit(models.TextChoices):
    METRES = "metres", "metres (x east, y north)"
    DEGREES = "degrees", "latitude, longitude"


class Calibration(models.Model):
    """A homography between undistorted image pixels and the ground; direction and unit are stored, never guessed."""

    camera = models.OneToOneField(Camera, on_delete=models.CASCADE, related_name="calibration")
    homography = ArrayField(models.FloatField(), size=9, help_text="row by row")
    direction = models.CharField(max_length=20, choices=CalibrationDirection.choices)
    unit = models.CharField(max_length=10, choices=GroundUnit.choices)
    intrinsics = ArrayField(models.FloatField(), size=9, null=True, blank=True)
    distortion = ArrayField(models.FloatField(), null=True, blank=True, help_text="k1 k2 p1 p2 k3")
    reprojection_error = models.FloatField(null=True, blank=True, help_text="pixels")
    points = models.JSONField(
        null=True, blank=True, help_text="the pairs {pixel, place} that it was made from, if a person clicked them"
    )

    def __str__(self) -> str:
        return f"calibration of {self.camera}"


class ScenePlan(models.Model):
    """A picture of the scene from above, north up or not: laid on the ground by pairs of points, with cameras on it.

    Without `picture` and `source` there is none: it was taken away, and its version is counted on from.
    """

    scene = models.OneToOneField(Scene, on_delete=models.CASCADE, related_name="plan")
    source = models.CharField(max_length=255, blank=True, help_text="storage name of what came in, until it was read")
    picture = models.CharField(max_length=255, blank=True, help_text="storage name of the picture as it is shown")
    width = models.PositiveIntegerField(null=True, help_text="pixels")
    height = models.PositiveIntegerField(null=True, help_text="pixels")
    unit = models.CharField(max_length=10, choices=GroundUnit.choices, default=GroundUnit.METRES)
    pairs = models.JSONField(default=list, help_text="[{pixel, place}]: points of the picture and where they are")
    cameras = models.JSONField(default=list, help_text="[{camera, pixel}]: where cameras stand on it")
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+", help_text="the last")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "plan"

    def __str__(self) -> str:
        return f"plan of {self.scene}"


class LinkOrigin(models.TextChoices):
    ASSUMED = "assumed", "assumed: neighbours in camera order"
    MANUAL = "manual", "entered by a person"
    LEARNED = "learned", "learned from matches"


class CameraLink(models.Model):
    """Vehicles that leave `source` may appear in `target` after min_s..max_s seconds (negative where views overlap)."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="links")
    source = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="links_in")
    min_s = models.FloatField()
    max_s = models.FloatField()
    origin = models.CharField(max_length=10, choices=LinkOrigin.choices, default=LinkOrigin.ASSUMED)

    class Meta:
        ordering = ["source__position", "target__position"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="one_link_per_camera_pair"),
            models.CheckConstraint(condition=models.Q(max_s__gte=models.F("min_s")), name="link_window_not_negative"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="link_between_two_cameras"),
        ]

    def __str__(self) -> str:
        return f"{self.source.name} -> {self.target.name}"
