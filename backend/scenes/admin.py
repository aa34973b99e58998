from django.contrib import admin

from backend.scenes.models import Calibration, Camera, CameraLink, Scene, SceneMembership


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = SceneMembership
    raw_id_fields = ("user",)
    extra = 0


class CalibrationInline(admin.StackedInline):  # type: ignore[type-arg]
    model = Calibration
    extra = 0


@admin.register(Scene)
class SceneAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "time_zone", "current_run", "created_at")
    list_select_related = ("current_run__scene",)
    search_fields = ("name", "slug")
    raw_id_fields = ("created_by",)
    # Decisions are carried over when a run is published; one put here by hand would not know the later ones.
    readonly_fields = ("current_run", "version", "created_at", "updated_at")
    inlines = (MembershipInline,)


@admin.register(SceneMembership)
class MembershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("scene", "user", "role")
    list_select_related = ("scene", "user")
    list_filter = ("role",)
    search_fields = ("scene__name", "user__username")
    raw_id_fields = ("scene", "user")


@admin.register(Camera)
class CameraAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "scene", "position")
    list_select_related = ("scene",)
    list_filter = ("scene",)
    search_fields = ("name", "scene__name")
    raw_id_fields = ("scene",)
    inlines = (CalibrationInline,)


@admin.register(Calibration)
class CalibrationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("camera", "direction", "unit", "reprojection_error")
    list_select_related = ("camera__scene",)
    list_filter = ("direction", "unit")
    search_fields = ("camera__name", "camera__scene__name")
    raw_id_fields = ("camera",)


@admin.register(CameraLink)
class CameraLinkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("scene", "source", "target", "min_s", "max_s", "origin")
    list_select_related = ("scene", "source__scene", "target__scene")
    list_filter = ("origin", "scene")
    search_fields = ("source__name", "target__name", "scene__name")
    raw_id_fields = ("scene", "source", "target")
