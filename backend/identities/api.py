"""Identities of a run: one vehicle across cameras, with its pictures."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.pagination import page_body, page_of, page_serializer
from backend.config.views import ApiView, person
from backend.identities.selectors import ORDERINGS, identity_get, identity_list, identity_views
from backend.identities.serializers import IdentitiesQuery, IdentitySerializer
from backend.tracking.selectors import run_get


class IdentitiesView(ApiView):
    @extend_schema(
        operation_id="runs_identities_list",
        tags=["identities"],
        parameters=[IdentitiesQuery],
        responses=page_serializer(IdentitySerializer),
    )
    def get(self, request: Request, run_id: int) -> Response:
        """The run's identities with their tracklets and pictures."""
        wanted = self.query(IdentitiesQuery)
        run = run_get(user=person(request), run_id=run_id)
        rows = identity_list(run=run, min_cameras=wanted["min_cameras"], camera_id=wanted.get("camera"))
        page = page_of(rows, ordering=ORDERINGS[wanted["ordering"]], cursor=wanted.get("cursor"), limit=wanted["limit"])
        views = identity_views(run=run, summaries=page.items)
        return Response(page_body(page, request, IdentitySerializer(views, many=True).data))


class IdentityView(ApiView):
    @extend_schema(operation_id="runs_identities_retrieve", tags=["identities"], responses=IdentitySerializer)
    def get(self, request: Request, run_id: int, number: int) -> Response:
        """One identity of the run."""
        run = run_get(user=person(request), run_id=run_id)
        views = identity_views(run=run, summaries=[identity_get(run=run, number=number)])
        return Response(IdentitySerializer(views[0]).data)
