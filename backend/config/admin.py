"""What the admin pages of machine results share."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

Row = TypeVar("Row", bound=models.Model)


class ResultAdmin(admin.ModelAdmin, Generic[Row]):  # type: ignore[type-arg] # generic in the stubs only
    """Rows that only the machine writes: to look at, not to change. Packed arrays and vectors are not shown."""

    show_full_result_count = False
    packed: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Row]:
        return super().get_queryset(request).defer(*self.packed)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.packed

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
