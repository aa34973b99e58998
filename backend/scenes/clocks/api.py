"""The cameras' clocks: what confirmed matches say of them, and setting one."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.views import ApiView, person
from backend.scenes.api import IF_MATCH
from backend.scenes.clocks.selectors import clock_offsets
from backend.scenes.clocks.serializers import ClockOffsetSerializer, ClockShiftSerializer
from backend.scenes.clocks.services import camera_clock_shift
from backend.scenes.setup.api import CameraChangeView
from backend.scenes.setup.serializers import CameraSetupSerializer
from backend.tracking.selectors import run_get


class ClockOffsetsView(ApiView):
    @extend_schema(operation_id="runs_clock_offsets", tags=["setup"], responses=ClockOffsetSerializer(many=True))
    def get(self, request: Request, run_id: int) -> Response:
        """How far the cameras' clocks are apart, as far as matches that people confirmed in this run can tell."""
        offsets = clock_offsets(run=run_get(user=person(request), run_id=run_id))
        return Response(ClockOffsetSerializer(offsets, many=True).data)


class ClockView(CameraChangeView):
    @extend_schema(
        operation_id="cameras_clock_shift",
        tags=["setup"],
        parameters=[IF_MATCH],
        request=ClockShiftSerializer,
        responses=CameraSetupSerializer,
    )
    def post(self, request: Request, camera_id: int) -> Response:
        """Everything of this camera happened so much later. Takes the role manager. 409 while a run is under way."""
        return self.changed(request, camera_id, camera_clock_shift, **self.body(ClockShiftSerializer))
