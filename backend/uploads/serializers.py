"""JSON of uploads."""

from __future__ import annotations

from rest_framework import serializers

from backend.uploads.models import Upload, UploadState


class UploadSerializer(serializers.ModelSerializer[Upload]):
    state = serializers.ChoiceField(choices=UploadState.choices)
    video = serializers.IntegerField(source="video_id", allow_null=True)
    created_by = serializers.CharField(source="created_by.username")
    url = serializers.SerializerMethodField(help_text="where its pieces go, by tus 1.0")

    class Meta:
        model = Upload
        fields = [
            "id", "url", "file_name", "camera_name", "size", "received", "sha256", "start_s", "state", "problem",
            "video", "created_by", "created_at", "expires_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_url(self, upload: Upload) -> str:
        return f"/api/v1/uploads/{upload.pk}"
