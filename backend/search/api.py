"""Search: tracklets that look like a tracklet, an identity or an uploaded picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.views import ApiView, person
from backend.search.questions import Question, picture_get, search
from backend.search.serializers import SearchAnswerSerializer, SearchPictureSerializer, SearchQuery, filters_of
from backend.search.services import LARGEST_PICTURE, search_picture_create
from backend.tracking.selectors import run_get


class _PictureParser(BaseParser):
    """The file as it is; never more of it than tells that it is too large."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, bytes]:
        return {"picture": stream.read(LARGEST_PICTURE + 1)}


class JpegParser(_PictureParser):
    media_type = "image/jpeg"


class PngParser(_PictureParser):
    media_type = "image/png"


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
        content = request.data.get("picture", b"") if isinstance(request.data, dict) else b""
        picture = search_picture_create(actor=user, run=run, content=content)
        return Response(SearchPictureSerializer(picture).data, status=201)


class SearchPictureView(ApiView):
    @extend_schema(operation_id="runs_search_pictures_retrieve", tags=["search"], responses=SearchPictureSerializer)
    def get(self, request: Request, run_id: int, picture_id: int) -> Response:
        """One's own picture: whether it can be searched with yet."""
        user = person(request)
        picture = picture_get(user=user, run=run_get(user=user, run_id=run_id), picture_id=picture_id)
        return Response(SearchPictureSerializer(picture).data)
