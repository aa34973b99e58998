"""JSON of uploads and of imports of scenes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.scenes.models import CalibrationDirection, GroundUnit
from backend.uploads.models import SceneImport, SceneImportState, Upload, UploadPurpose, UploadState


class UploadSerializer(serializers.ModelSerializer[Upload]):
    state = serializers.ChoiceField(choices=UploadState.choices)
    purpose = serializers.ChoiceField(choices=UploadPurpose.choices)
    video = serializers.IntegerField(source="video_id", allow_null=True)
    created_by = serializers.CharField(source="created_by.username")
    url = serializers.SerializerMethodField(help_text="where its pieces go, by tus 1.0")

    class Meta:
        model = Upload
        fields = [
            "id", "url", "purpose", "file_name", "camera_name", "size", "received", "sha256", "start_s", "state",
            "problem", "video", "created_by", "created_at", "expires_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_url(self, upload: Upload) -> str:
        return f"/api/v1/uploads/{upload.pk}"


class FoundVideoSerializer(serializers.Serializer[Any]):
    file = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    frames = serializers.IntegerField(allow_null=True)
    duration_s = serializers.FloatField(allow_null=True)
    start_s = serializers.FloatField(help_text="scene time of its first frame, seconds")
    is_new = serializers.BooleanField()


class FoundCameraSerializer(serializers.Serializer[Any]):
    camera = serializers.CharField()
    is_new = serializers.BooleanField()
    video = FoundVideoSerializer(allow_null=True)
    region = serializers.CharField(allow_null=True, help_text="“new”, or that there is one already")
    calibration = serializers.CharField(allow_null=True, help_text="direction and unit, or why it is left out")
    vehicles = serializers.IntegerField(help_text="true vehicles that the folder knows")
    boxes = serializers.IntegerField()


class FoundLinkSerializer(serializers.Serializer[Any]):
    source = serializers.CharField()  # type: ignore[assignment] # its name
    target = serializers.CharField()
    min_s = serializers.FloatField()
    max_s = serializers.FloatField()
    is_new = serializers.BooleanField()


class SceneReportSerializer(serializers.Serializer[Any]):
    folder = serializers.CharField(help_text="the scene's, in the zip")
    cameras = FoundCameraSerializer(many=True)
    links = FoundLinkSerializer(many=True)
    left_out = serializers.ListField(child=serializers.CharField(), help_text="what has no place here")
    problems = serializers.ListField(
        child=serializers.CharField(), help_text="file, line and reason; with any the zip is refused as a whole"
    )


class SceneImportSerializer(serializers.ModelSerializer[SceneImport]):
    state = serializers.ChoiceField(choices=SceneImportState.choices)
    report = SceneReportSerializer(allow_null=True)
    problem = serializers.CharField(source="job.problem", default="", help_text="why it was refused, for people")
    job = serializers.IntegerField(source="job_id", allow_null=True)
    done = serializers.IntegerField(source="job.done", default=0)
    total = serializers.IntegerField(source="job.total", default=None, allow_null=True)
    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)

    class Meta:
        model = SceneImport
        fields = [
            "id", "file_name", "state", "report", "problem", "job", "done", "total", "undone_at", "created_by",
            "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class SceneImportApplySerializer(serializers.Serializer[Any]):
    direction = serializers.ChoiceField(
        choices=CalibrationDirection.choices, required=False, help_text="of calibrations whose files do not say"
    )
    unit = serializers.ChoiceField(choices=GroundUnit.choices, required=False, help_text="likewise")
