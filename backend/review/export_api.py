"""A run with people's decisions, as a download."""

from __future__ import annotations

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from backend.config.archives import archive_response
from backend.config.views import ApiView, person
from backend.review.export import run_export
from backend.tracking.selectors import run_get


class RunExportView(ApiView):
    @extend_schema(operation_id="runs_export", tags=["runs"], responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, run_id: int) -> HttpResponseBase:
        """The run and everything people decided as a zip: track1.txt as the AI City multi-camera track takes it,
        every camera's tracks as CityFlow has them (mtsc.txt), and a manifest that says what is in them.

        409 run-not-finished for a run that has not succeeded.
        """
        user = person(request)
        run = run_get(user=user, run_id=run_id)
        name = f"{run.scene.slug}-run{run.number}.zip"
        return archive_response(name, run_export(run=run, by=user).chunks())
