from django.contrib import admin

from backend.config.admin import ResultAdmin
from backend.identities.models import HumanMember, Identity, IdentityMember, RunIdentity


@admin.register(Identity)
class IdentityAdmin(ResultAdmin[Identity]):
    list_display = ("number", "scene", "created_at")
    list_select_related = ("scene",)
    list_filter = ("scene",)
    search_fields = ("=number", "scene__name")


@admin.register(IdentityMember)
class IdentityMemberAdmin(ResultAdmin[IdentityMember]):
    list_display = ("identity", "tracklet_id", "run")
    list_select_related = ("identity__scene", "run__scene")
    list_filter = ("run__scene",)
    search_fields = ("=identity__number", "=tracklet__id")


@admin.register(HumanMember)
class HumanMemberAdmin(ResultAdmin[HumanMember]):
    list_display = ("identity", "tracklet_id", "run")
    list_select_related = ("identity__scene", "run__scene")
    list_filter = ("run__scene",)
    search_fields = ("=identity__number", "=tracklet__id")


@admin.register(RunIdentity)
class RunIdentityAdmin(ResultAdmin[RunIdentity]):
    list_display = ("number", "run", "layer", "camera_count", "tracklet_count", "start_s", "end_s")
    list_select_related = ("run__scene",)
    list_filter = ("layer", "camera_count", "run__scene")
    search_fields = ("=number", "run__scene__name")
