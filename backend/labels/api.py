"""Label sets of a scene: made by analysts, read by everybody who sees the scene."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.pagination import PageQuery, page_body, page_of, page_serializer
from backend.config.views import ApiView, person
from backend.labels.selectors import LABEL_SET_ORDER, label_set_get, label_set_list
from backend.labels.serializers import LabelSetCreateSerializer, LabelSetSerializer
from backend.labels.services import label_set_create
from backend.scenes.selectors import scene_visible


class LabelSetsView(ApiView):
    @extend_schema(
        operation_id="label_sets_list",
        tags=["labels"],
        parameters=[PageQuery],
        responses=page_serializer(LabelSetSerializer),
    )
    def get(self, request: Request, scene_id: int) -> Response:
        """The scene's label sets, newest first."""
        sets = label_set_list(user=person(request), scene_id=scene_id)
        page = page_of(sets, ordering=LABEL_SET_ORDER, **self.query())
        return Response(page_body(page, request, LabelSetSerializer(page.items, many=True).data))

    @extend_schema(
        operation_id="label_sets_create",
        tags=["labels"],
        request=LabelSetCreateSerializer,
        responses={201: LabelSetSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Keep what people have confirmed in the run that is shown, as it is now. Takes the role analyst.

        409 no-run, nothing-labelled or label-set-too-large.
        """
        user = person(request)
        given = self.body(LabelSetCreateSerializer)
        label_set = label_set_create(actor=user, scene=scene_visible(user=user, scene_id=scene_id), **given)
        return Response(LabelSetSerializer(label_set).data, status=201)


class LabelSetView(ApiView):
    @extend_schema(operation_id="label_sets_retrieve", tags=["labels"], responses=LabelSetSerializer)
    def get(self, request: Request, label_set_id: int) -> Response:
        """One label set: what is in it, and what has changed since the one before."""
        return Response(LabelSetSerializer(label_set_get(user=person(request), label_set_id=label_set_id)).data)
