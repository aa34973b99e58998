"""How a scene is reviewed."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.views import ApiView, person
from backend.review.inputs import ReviewSettingsSerializer
from backend.review.services.settings import review_settings_set
from backend.scenes.selectors import scene_visible


class ReviewSettingsView(ApiView):
    @extend_schema(
        operation_id="scenes_review_settings",
        tags=["review"],
        request=ReviewSettingsSerializer,
        responses=ReviewSettingsSerializer,
    )
    def put(self, request: Request, scene_id: int) -> Response:
        """Say how many people judge each pair; `scenes_review` tells what it is. Takes the role manager."""
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        made = review_settings_set(actor=user, scene=scene, **self.body(ReviewSettingsSerializer))
        return Response(ReviewSettingsSerializer(made).data)
