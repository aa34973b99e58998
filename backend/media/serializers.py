"""JSON of videos."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.config.fields import FiniteField
from backend.media.models import StartOrigin, Video, VideoState


class VideoSerializer(serializers.ModelSerializer[Video]):
    state = serializers.ChoiceField(choices=VideoState.choices)
    start_origin = serializers.ChoiceField(choices=StartOrigin.choices, help_text="how start_s is known")
    proxy_url = serializers.SerializerMethodField(help_text="H.264 for the browser; null until it is ready")
    poster_url = serializers.SerializerMethodField()
    frame_times_url = serializers.SerializerMethodField(help_text="presentation time of every frame")

    class Meta:
        model = Video
        fields = [
            "id", "original_name", "state", "problem", "start_s", "start_origin", "fps", "frame_count", "duration_s",
            "width", "height", "codec", "variable_frame_rate", "corrupt_frames",
            "proxy_url", "poster_url", "frame_times_url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_proxy_url(self, video: Video) -> str | None:
        return f"/api/v1/videos/{video.pk}/proxy" if video.proxy else None

    def get_poster_url(self, video: Video) -> str | None:
        return f"/api/v1/videos/{video.pk}/poster" if video.poster else None

    def get_frame_times_url(self, video: Video) -> str | None:
        return f"/api/v1/videos/{video.pk}/frame-times" if video.state == VideoState.READY else None


class VideoUpdateSerializer(serializers.Serializer[Any]):
    start_s = FiniteField(min_value=-1e9, max_value=1e9, help_text="scene time of its first frame, seconds")


class FrameTimesSerializer(serializers.Serializer[Any]):
    times_s = serializers.ListField(child=serializers.FloatField(), help_text="of frame n, seconds, first = 0")
