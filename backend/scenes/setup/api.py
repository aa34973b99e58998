"""Setting up cameras: their region of interest, their calibration by points; and what a run says of links."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.models import User
from backend.config.views import ApiView, person
from backend.scenes.api import IF_MATCH, version_of
from backend.scenes.selectors import camera_get
from backend.scenes.services import StaleVersion
from backend.scenes.setup.learned import learned_links
from backend.scenes.setup.selectors import camera_setup
from backend.scenes.setup.serializers import (
    CameraSetupSerializer,
    FitSerializer,
    LearnedLinkSerializer,
    PairsSerializer,
    RegionSerializer,
)
from backend.scenes.setup.services import calibration_by_points, calibration_remove, calibration_try, region_set
from backend.tracking.selectors import run_get


def _setup_response(user: User, camera_id: int) -> Response:
    setup = camera_setup(user=user, camera_id=camera_id)
    return Response(CameraSetupSerializer(setup).data, headers={"ETag": f'"{setup["version"]}"'})


class CameraChangeView(ApiView):
    """Changes of a camera that want the version they are based on; a stale one is answered with both."""

    def changed(self, request: Request, camera_id: int, change: Any, **values: Any) -> Response:
        user = person(request)
        camera_get(user=user, camera_id=camera_id)
        try:
            change(actor=user, camera_id=camera_id, based_on=version_of(request), **values)
        except StaleVersion as stale:
            current = CameraSetupSerializer(camera_setup(user=user, camera_id=camera_id)).data
            stale.extra = {"current": current, "yours": {**values, "version": stale.based_on}}
            raise
        return _setup_response(user, camera_id)


class SetupView(ApiView):
    @extend_schema(operation_id="cameras_setup", tags=["setup"], responses=CameraSetupSerializer)
    def get(self, request: Request, camera_id: int) -> Response:
        """The camera's region of interest and calibration. Its ETag is what changes want as If-Match."""
        return _setup_response(person(request), camera_id)


class RegionView(CameraChangeView):
    @extend_schema(
        operation_id="cameras_region_set",
        tags=["setup"],
        parameters=[IF_MATCH],
        request=RegionSerializer,
        responses=CameraSetupSerializer,
    )
    def put(self, request: Request, camera_id: int) -> Response:
        """Where vehicles count, as polygons on the picture. Takes the role manager; later runs use it."""
        return self.changed(request, camera_id, region_set, **self.body(RegionSerializer))


class CalibrationView(CameraChangeView):
    @extend_schema(
        operation_id="cameras_calibration_set",
        tags=["setup"],
        parameters=[IF_MATCH],
        request=PairsSerializer,
        responses=CameraSetupSerializer,
    )
    def put(self, request: Request, camera_id: int) -> Response:
        """Calibrate the camera by four pairs of points or more. Takes the role manager."""
        return self.changed(request, camera_id, calibration_by_points, **self.body(PairsSerializer))

    @extend_schema(
        operation_id="cameras_calibration_destroy",
        tags=["setup"],
        parameters=[IF_MATCH],
        responses=CameraSetupSerializer,
    )
    def delete(self, request: Request, camera_id: int) -> Response:
        """Take the calibration away. Takes the role manager."""
        return self.changed(request, camera_id, calibration_remove)


class FitView(ApiView):
    @extend_schema(
        operation_id="cameras_calibration_fit", tags=["setup"], request=PairsSerializer, responses=FitSerializer
    )
    def post(self, request: Request, camera_id: int) -> Response:
        """What these pairs would make of the camera, and the error of each; nothing is kept. Takes the role manager."""
        user = person(request)
        camera = camera_get(user=user, camera_id=camera_id)
        found = calibration_try(actor=user, camera=camera, **self.body(PairsSerializer))
        return Response(FitSerializer(found.as_json()).data)


class LearnedLinksView(ApiView):
    @extend_schema(operation_id="runs_learned_links", tags=["setup"], responses=LearnedLinkSerializer(many=True))
    def get(self, request: Request, run_id: int) -> Response:
        """How long vehicles took from camera to camera in this run, with a histogram and the window that holds it."""
        links = learned_links(run=run_get(user=person(request), run_id=run_id))
        return Response(LearnedLinkSerializer(links, many=True).data)
