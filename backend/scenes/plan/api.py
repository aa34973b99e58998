"""A scene's plan: bringing its picture, laying it on the ground, putting cameras on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.models import User
from backend.config.views import ApiView, person
from backend.media.pictures import JpegParser, PngParser, picture_of
from backend.media.responses import FOREVER, picture_response
from backend.scenes.api import version_of
from backend.scenes.plan.selectors import plan_get, plan_picture, plan_shown
from backend.scenes.plan.serializers import PlacingSerializer, PlanSerializer
from backend.scenes.plan.services import plan_bring, plan_place, plan_remove
from backend.scenes.selectors import scene_visible
from backend.scenes.services import StaleVersion

IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description='the plan\'s ETag; "0" where none ever was',
)


def _plan_response(user: User, scene_id: int, *, status: int = 200) -> Response:
    shown = plan_shown(plan_get(user=user, scene_id=scene_id))
    return Response(PlanSerializer(shown).data, status=status, headers={"ETag": f'"{shown["version"]}"'})


class PlanChangeView(ApiView):
    """Changes that want the version they are based on; a stale one is answered with both."""

    def changed(self, request: Request, scene_id: int, change: Any, **values: Any) -> None:
        user = person(request)
        scene_visible(user=user, scene_id=scene_id)
        try:
            change(actor=user, scene_id=scene_id, based_on=version_of(request), **values)
        except StaleVersion as stale:
            current = PlanSerializer(plan_shown(plan_get(user=user, scene_id=scene_id))).data
            said = {name: value for name, value in values.items() if name != "content"}
            stale.extra = {"current": current, "yours": {**said, "version": stale.based_on}}
            raise


class PlanView(PlanChangeView):
    @extend_schema(operation_id="scenes_plan", tags=["setup"], responses=PlanSerializer)
    def get(self, request: Request, scene_id: int) -> Response:
        """The scene from above: its picture, how that lies on the ground, and the cameras on it."""
        return _plan_response(person(request), scene_id)

    @extend_schema(
        operation_id="scenes_plan_place",
        tags=["setup"],
        parameters=[IF_MATCH],
        request=PlacingSerializer,
        responses=PlanSerializer,
    )
    def put(self, request: Request, scene_id: int) -> Response:
        """Lay the plan on the ground by two pairs of points or more, and put cameras on it. Takes the role manager."""
        self.changed(request, scene_id, plan_place, **self.body(PlacingSerializer))
        return _plan_response(person(request), scene_id)

    @extend_schema(operation_id="scenes_plan_destroy", tags=["setup"], parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, scene_id: int) -> Response:
        """Take the plan away. Takes the role manager."""
        self.changed(request, scene_id, plan_remove)
        return Response(status=204)


class PlanPictureView(PlanChangeView):
    parser_classes = (JpegParser, PngParser)

    @extend_schema(
        operation_id="scenes_plan_picture", tags=["setup"], responses={(200, "image/*"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, scene_id: int) -> HttpResponse:
        """The picture of the plan."""
        return picture_response(plan_picture(user=person(request), scene_id=scene_id), cache=FOREVER)

    @extend_schema(
        operation_id="scenes_plan_bring",
        tags=["setup"],
        parameters=[IF_MATCH],
        request={"image/jpeg": OpenApiTypes.BINARY, "image/png": OpenApiTypes.BINARY},
        responses={202: PlanSerializer},
    )
    def put(self, request: Request, scene_id: int) -> Response:
        """Bring a JPEG or PNG of the scene from above, at most 10 MB; a job reads it. Takes the role manager."""
        self.changed(request, scene_id, plan_bring, content=picture_of(request))
        return _plan_response(person(request), scene_id, status=202)
