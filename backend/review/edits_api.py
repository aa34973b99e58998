"""Edits of tracklets, what they hid, and what of them found no counterpart in the current run."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.idempotency import answered_once
from backend.config.pagination import PageQuery, page_body, page_serializer
from backend.config.views import ApiView, person
from backend.review.answers import given
from backend.review.edit_inputs import EditsRequestSerializer, edits_of
from backend.review.edit_serializers import DanglingEditSerializer, HiddenSerializer
from backend.review.selectors.dangling import dangling_edits
from backend.review.selectors.hidden import hidden_list
from backend.review.serializers import VerdictGivenSerializer
from backend.review.services.tracklet_edits import tracklets_edit
from backend.scenes.api import IDEMPOTENCY_KEY
from backend.scenes.selectors import scene_visible


class EditsView(ApiView):
    @extend_schema(
        operation_id="scenes_edits_create",
        tags=["review"],
        parameters=[IDEMPOTENCY_KEY],
        request=EditsRequestSerializer,
        responses={201: VerdictGivenSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Change tracklets: draw, split, swap, trim, hide, move... All of it is one operation, or nothing is done.

        A tracklet never changes: others, with other ids, stand in its place. To name one that is no longer shown is
        answered with 409 tracklet-changed, with `yours` and `current`. Takes the role analyst.
        """
        return answered_once(request, lambda: self._edit(request, scene_id))

    def _edit(self, request: Request, scene_id: int) -> Response:
        user, asked = person(request), self.body(EditsRequestSerializer)
        scene = scene_visible(user=user, scene_id=scene_id)
        operation = tracklets_edit(
            actor=user,
            scene=scene,
            run_id=asked["run"],
            edits=edits_of(scene, asked["edits"]),
            reason=asked.get("reason", ""),
            request=request.headers.get("Idempotency-Key", ""),
        )
        return given(operation)


class HiddenView(ApiView):
    @extend_schema(
        operation_id="scenes_hidden_list",
        tags=["review"],
        parameters=[PageQuery],
        responses=page_serializer(HiddenSerializer),
    )
    def get(self, request: Request, scene_id: int) -> Response:
        """Tracklets of the current run that people hid or called duplicates, the last hidden first."""
        page = hidden_list(scene=scene_visible(user=person(request), scene_id=scene_id), **self.query())
        return Response(page_body(page, request, HiddenSerializer(page.items, many=True).data))


class DanglingView(ApiView):
    @extend_schema(operation_id="scenes_dangling_list", tags=["review"], responses=DanglingEditSerializer(many=True))
    def get(self, request: Request, scene_id: int) -> Response:
        """Edits of tracklets that found nothing to hold on to in the current run; they are kept."""
        scene = scene_visible(user=person(request), scene_id=scene_id)
        return Response(DanglingEditSerializer(dangling_edits(scene=scene), many=True).data)
