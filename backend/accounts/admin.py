from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from backend.accounts.models import PersonalAccessToken, User


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    list_display = ("username", "email", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Crosstrack", {"fields": ("role",)}))
    add_fieldsets = (*UserAdmin.add_fieldsets, ("Crosstrack", {"fields": ("role",)}))


@admin.register(PersonalAccessToken)
class TokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """People make their own tokens; an administrator looks, and revokes by setting `revoked_at`."""

    list_display = ("name", "prefix", "user", "read_only", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_filter = ("read_only",)
    search_fields = ("name", "prefix", "user__username")
    raw_id_fields = ("user",)
    readonly_fields = ("user", "name", "prefix", "digest", "read_only", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
