from django.contrib import admin

from backend.config.admin import ResultAdmin
from backend.jobs.models import Job, JobLine


@admin.register(Job)
class JobAdmin(ResultAdmin[Job]):
    """Cancel and retry are on the jobs page; here is everything that a row knows."""

    list_display = ("id", "kind", "state", "scene", "run", "done", "total", "attempt", "worker", "problem")
    list_select_related = ("scene", "run__scene")
    list_filter = ("state", "kind", "queue", "scene")
    search_fields = ("=id", "problem", "problem_code", "worker", "scene__name")


@admin.register(JobLine)
class JobLineAdmin(ResultAdmin[JobLine]):
    list_display = ("at", "job_id", "attempt", "level", "message")
    list_filter = ("level",)
    search_fields = ("=job__id", "message")
