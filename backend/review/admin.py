from django.contrib import admin

from backend.config.admin import ResultAdmin
from backend.review.models import Anchor, Lease, Operation, ReviewSettings, Settled, Verdict, VerdictPlace


@admin.register(Operation)
class OperationAdmin(ResultAdmin[Operation]):
    list_display = ("number", "scene", "kind", "actor", "at")
    list_select_related = ("scene", "actor")
    list_filter = ("kind", "scene")
    search_fields = ("=number", "scene__name", "actor__username")


@admin.register(Verdict)
class VerdictAdmin(ResultAdmin[Verdict]):
    list_display = ("id", "scene", "answer", "confidence", "person", "decided_at")
    list_select_related = ("scene", "person")
    list_filter = ("answer", "confidence", "scene")
    search_fields = ("=id", "person__username", "reason")


@admin.register(VerdictPlace)
class VerdictPlaceAdmin(ResultAdmin[VerdictPlace]):
    list_display = ("verdict_id", "run", "attached", "contradicted")
    list_select_related = ("run__scene",)
    list_filter = ("attached", "contradicted", "run__scene")
    search_fields = ("=verdict__id",)


@admin.register(Anchor)
class AnchorAdmin(ResultAdmin[Anchor]):
    list_display = ("id", "camera", "first_frame", "last_frame")
    list_select_related = ("camera__scene",)
    list_filter = ("camera__scene",)
    search_fields = ("=id", "camera__name")
    packed = ("frames", "boxes")


@admin.register(Settled)
class SettledAdmin(ResultAdmin[Settled]):
    list_display = ("candidate_id", "run", "state")
    list_select_related = ("run__scene",)
    list_filter = ("state", "run__scene")
    search_fields = ("=candidate__id",)


@admin.register(Lease)
class LeaseAdmin(ResultAdmin[Lease]):
    list_display = ("id", "run", "person", "expires_at")
    list_select_related = ("run__scene", "person")
    list_filter = ("run__scene",)
    search_fields = ("=id", "person__username")


@admin.register(ReviewSettings)
class ReviewSettingsAdmin(ResultAdmin[ReviewSettings]):
    list_display = ("scene", "people_per_pair")
    list_select_related = ("scene",)
    search_fields = ("scene__name",)
