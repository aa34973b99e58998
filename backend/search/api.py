"""Search: tracklets that look like a tracklet, an identity or an uploaded picture."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.views import ApiView, person
from backend.media.pictures import JpegParser, PngParser, picture_of
from backend.search.likeness import View, likeness_ask, likeness_get
from backend.search.questions import Question, picture_get, search
from backend.search.serializers import (
    LikenessRequestSerializer,
    LikenessSerializer,
    SearchAnswerSerializer,
    SearchPictureSerializer,
    SearchQuery,
    filters_of,
)
from backend.search.services import search_picture_create
from backend.tracking.selectors import run_get


class SearchView(ApiView):
    @extend_schema(
        operation_id="runs_search", tags=["search"], parameters=[SearchQuery], responses=SearchAnswerSerializer
    )
    def get(self, request: Request, run_id: int) -> Response:
        """Tracklets of the run that look most like a tracklet, an identity or a picture, as people see the run."""
        wanted = self.query(SearchQuery)
        user = person(request)
        names = ("tracklet", "identity", "picture", "others_only")
        question = Question(**{name: wanted[name] for name in names if name in wanted})
        run = run_get(user=user, run_id=run_id)
        answer = search(user=user, run=run, question=question, filters=filters_of(wanted), limit=wanted["limit"])
        return Response(SearchAnswerSerializer(answer).data)


class SearchPicturesView(ApiView):
    parser_classes = (JpegParser, PngParser)

    @extend_schema(
        operation_id="runs_search_pictures_create",
        tags=["search"],
        request={"image/jpeg": OpenApiTypes.BINARY, "image/png": OpenApiTypes.BINARY},
        responses={201: SearchPictureSerializer},
    )
    def post(self, request: Request, run_id: int) -> Response:
        """Bring a JPEG or PNG of one vehicle, at most 10 MB, to search with. Its job describes it within seconds."""
        user = person(request)
        run = run_get(user=user, run_id=run_id)
        picture = search_picture_create(actor=user, run=run, content=picture_of(request))
        return Response(SearchPictureSerializer(picture).data, status=201)


class SearchPictureView(ApiView):
    @extend_schema(operation_id="runs_search_pictures_retrieve", tags=["search"], responses=SearchPictureSerializer)
    def get(self, request: Request, run_id: int, picture_id: int) -> Response:
        """One's own picture: whether it can be searched with yet."""
        user = person(request)
        picture = picture_get(user=user, run=run_get(user=user, run_id=run_id), picture_id=picture_id)
        return Response(SearchPictureSerializer(picture).data)


class LikenessesView(ApiView):
    @extend_schema(
        operation_id="runs_likeness_create",
        tags=["search"],
        request=LikenessRequestSerializer,
        responses=LikenessSerializer,
    )
    def post(self, request: Request, run_id: int) -> Response:
        """Where a picture of each of two tracklets makes the network think them alike, and where it sets them apart.

        Answered from what is kept, or begun: then ask for it by its id until it is ready, which takes seconds.
        """
        wanted = self.body(LikenessRequestSerializer)
        user = person(request)
        run = run_get(user=user, run_id=run_id)
        left, right = (View(wanted[side], wanted[f"{side}_rank"]) for side in ("left", "right"))
        return Response(LikenessSerializer(likeness_ask(actor=user, run=run, left=left, right=right)).data)


class LikenessView(ApiView):
    @extend_schema(operation_id="runs_likeness_retrieve", tags=["search"], responses=LikenessSerializer)
    def get(self, request: Request, run_id: int, likeness_id: int) -> Response:
        """Whether it is ready, and then what it is."""
        run = run_get(user=person(request), run_id=run_id)
        return Response(LikenessSerializer(likeness_get(run=run, likeness_id=likeness_id)).data)
