"""JSON of scenes, cameras, links and members."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.accounts.models import Role
from backend.accounts.serializers import UserSerializer
from backend.media.serializers import VideoSerializer
from backend.scenes.models import Calibration, Camera, CameraLink, Scene, SceneMembership
from backend.tracking.models import Run, RunState

# Admins are admins of the whole site.
MEMBER_ROLES = [choice for choice in Role.choices if choice[0] != Role.ADMIN]


class RunSummarySerializer(serializers.ModelSerializer[Run]):
    state = serializers.ChoiceField(choices=RunState.choices)
    idf1 = serializers.SerializerMethodField(help_text="0..1 against ground truth, if there is any")

    class Meta:
        model = Run
        fields = ["id", "number", "state", "preset", "idf1", "created_at", "finished_at"]
        read_only_fields = fields

    def get_idf1(self, run: Run) -> float | None:
        score = run.score or {}
        return score.get("idf1")


class SceneSerializer(serializers.ModelSerializer[Scene]):
    camera_count = serializers.IntegerField()
    duration_s = serializers.FloatField(allow_null=True, help_text="scene time of the end of its last video")
    poster_video_id = serializers.IntegerField(allow_null=True)
    my_role = serializers.ChoiceField(choices=Role.choices)
    current_run = RunSummarySerializer(allow_null=True, help_text="the run that people see")
    latest_run = serializers.SerializerMethodField(help_text="the run started last, whatever its state")

    class Meta:
        model = Scene
        fields = [
            "id", "slug", "name", "description", "time_zone", "starts_at", "created_at", "updated_at", "version",
            "camera_count", "duration_s", "poster_video_id", "my_role", "current_run", "latest_run",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(RunSummarySerializer(allow_null=True))
    def get_latest_run(self, scene: Scene) -> dict[str, Any] | None:
        runs: list[Run] = getattr(scene, "latest_runs", [])
        return dict(RunSummarySerializer(runs[0]).data) if runs else None


class SceneCreateSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    slug = serializers.SlugField(max_length=80, required=False, help_text="made from the name if left out")
    description = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    time_zone = serializers.CharField(required=False, max_length=64, help_text="such as Europe/Berlin")
    starts_at = serializers.DateTimeField(required=False, allow_null=True)


class SceneUpdateSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, required=False)
    description = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    time_zone = serializers.CharField(required=False, max_length=64)
    starts_at = serializers.DateTimeField(required=False, allow_null=True)


class CalibrationSerializer(serializers.ModelSerializer[Calibration]):
    homography = serializers.ListField(child=serializers.FloatField(), min_length=9, max_length=9)

    class Meta:
        model = Calibration
        fields = ["homography", "direction", "unit", "intrinsics", "distortion", "reprojection_error"]
        read_only_fields = fields


class CameraSerializer(serializers.ModelSerializer[Camera]):
    calibration = CalibrationSerializer(allow_null=True)
    roi_url = serializers.SerializerMethodField(help_text="the region of interest, white = valid; null: everything")
    videos = VideoSerializer(many=True)

    class Meta:
        model = Camera
        fields = ["id", "name", "position", "calibration", "roi_url", "videos"]
        read_only_fields = fields

    def get_roi_url(self, camera: Camera) -> str | None:
        return f"/api/v1/cameras/{camera.pk}/roi" if camera.roi else None


class CameraCreateSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=40)
    position = serializers.IntegerField(
        required=False, min_value=0, max_value=10_000, help_text="along the road, from 0"
    )


class CameraLinkSerializer(serializers.ModelSerializer[CameraLink]):
    source = serializers.IntegerField(source="source_id", help_text="camera id")  # type: ignore[assignment] # its name
    target = serializers.IntegerField(source="target_id", help_text="camera id")

    class Meta:
        model = CameraLink
        fields = ["id", "source", "target", "min_s", "max_s", "origin"]
        read_only_fields = fields


class MemberSerializer(serializers.ModelSerializer[SceneMembership]):
    user = UserSerializer()
    role = serializers.ChoiceField(choices=Role.choices, help_text="in this scene")

    class Meta:
        model = SceneMembership
        fields = ["user", "role"]
        read_only_fields = fields


class MemberSetSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(choices=MEMBER_ROLES)
