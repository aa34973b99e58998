from django.contrib import admin

from backend.config.admin import ResultAdmin
from backend.tracking.models import Candidate, Embedding, Run, Tracklet


@admin.register(Run)
class RunAdmin(ResultAdmin[Run]):
    list_display = ("scene", "number", "preset", "state", "created_by", "created_at", "finished_at")
    list_select_related = ("scene", "created_by")
    list_filter = ("state", "preset", "scene")
    search_fields = ("scene__name", "=number", "problem")


@admin.register(Tracklet)
class TrackletAdmin(ResultAdmin[Tracklet]):
    list_display = ("id", "number", "run", "camera", "category", "length", "start_s", "end_s", "mean_score")
    list_select_related = ("run__scene", "camera__scene")
    list_filter = ("category", "run__scene")
    search_fields = ("=id", "=number", "camera__name", "run__scene__name")
    packed = ("frames", "boxes", "scores")


@admin.register(Embedding)
class EmbeddingAdmin(ResultAdmin[Embedding]):
    list_display = ("id", "tracklet_id", "kind", "frame", "rank", "model")
    list_filter = ("kind", "model")
    search_fields = ("=tracklet__id", "model")
    packed = ("vector",)


@admin.register(Candidate)
class CandidateAdmin(ResultAdmin[Candidate]):
    list_display = ("id", "run", "left_id", "right_id", "distance", "transit_s", "joined")
    list_select_related = ("run__scene",)
    list_filter = ("joined", "run__scene")
    search_fields = ("=left__id", "=right__id")
