"""The scene's ground, and a run in space and time, in columns."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.views import ApiView, person, tagged_json
from backend.space.diagram import diagram_of_run
from backend.space.journey import journey_of_identity
from backend.space.layout import scene_layout
from backend.space.paths import paths_of_run
from backend.space.serializers import (
    DiagramQuery,
    DiagramSerializer,
    GroundSerializer,
    JourneySerializer,
    PathsQuery,
    PathsSerializer,
)


class GroundView(ApiView):
    @extend_schema(operation_id="scenes_ground", tags=["scenes"], responses=GroundSerializer)
    def get(self, request: Request, scene_id: int) -> Response:
        """Where the cameras stand, what ground they see, and their order along the road."""
        return Response(scene_layout(user=person(request), scene_id=scene_id))


@method_decorator(gzip_page, name="dispatch")
class DiagramView(ApiView):
    @extend_schema(operation_id="runs_diagram", tags=["runs"], parameters=[DiagramQuery], responses=DiagramSerializer)
    def get(self, request: Request, run_id: int) -> HttpResponse:
        """All tracklets in time, as columns, page by page, with the state of their identities."""
        wanted: dict[str, Any] = self.query(DiagramQuery)
        return tagged_json(diagram_of_run(user=person(request), run_id=run_id, **wanted))


@method_decorator(gzip_page, name="dispatch")
class PathsView(ApiView):
    @extend_schema(operation_id="runs_paths", tags=["runs"], parameters=[PathsQuery], responses=PathsSerializer)
    def get(self, request: Request, run_id: int) -> HttpResponse:
        """Ways of tracklets over the ground, of calibrated cameras, page by page."""
        wanted: dict[str, Any] = self.query(PathsQuery)
        return tagged_json(paths_of_run(user=person(request), run_id=run_id, **wanted))


class JourneyView(ApiView):
    @extend_schema(operation_id="runs_identities_journey", tags=["identities"], responses=JourneySerializer)
    def get(self, request: Request, run_id: int, number: int) -> Response:
        """One identity from camera to camera, with what no vehicle can have done."""
        journey = journey_of_identity(user=person(request), run_id=run_id, number=number)
        return Response(JourneySerializer(journey).data)
