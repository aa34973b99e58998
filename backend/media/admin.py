from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from backend.config.admin import ResultAdmin
from backend.media.models import GroundTruthTrack, Video


@admin.register(Video)
class VideoAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("original_name", "camera", "state", "start_s", "duration_s", "fps", "frame_count", "size")
    list_select_related = ("camera__scene",)
    list_filter = ("state", "camera__scene")
    search_fields = ("original_name", "camera__name", "camera__scene__name", "sha256")
    raw_id_fields = ("camera",)
    exclude = ("frame_times",)
    readonly_fields = ("file", "sha256", "size", "proxy", "poster", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Video]:
        return super().get_queryset(request).defer("frame_times")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(GroundTruthTrack)
class GroundTruthTrackAdmin(ResultAdmin[GroundTruthTrack]):
    list_display = ("identity", "video")
    list_select_related = ("video__camera__scene",)
    list_filter = ("video__camera__scene",)
    search_fields = ("=identity", "video__original_name", "video__camera__name")
    packed = ("frames", "boxes")
