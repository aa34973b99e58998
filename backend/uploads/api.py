"""Videos come in: resumable uploads by tus 1.0, for the managers of a scene."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.pagination import PageQuery, page_body, page_of, page_serializer
from backend.config.views import ApiView, person
from backend.scenes.selectors import scene_visible
from backend.uploads import tus
from backend.uploads.selectors import UPLOAD_ORDER, upload_get, upload_list
from backend.uploads.serializers import UploadSerializer
from backend.uploads.services import upload_append, upload_cancel, upload_create


def _header(name: str, description: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=description, required=required)


TUS = _header("Tus-Resumable", tus.VERSION, required=True)
LENGTH = _header("Upload-Length", "bytes of the file", required=True)
METADATA = _header(
    "Upload-Metadata",
    "comma-separated `key base64(value)`: filename and camera (a new name makes a camera) are required; sha256 of the "
    "file, in hexadecimal, finds a file that is there or on its way and is checked at the end; start_s is the scene "
    "time of the first frame in seconds; purpose scene, without a camera, announces the zip of a scene's folder",
    required=True,
)
OFFSET = _header("Upload-Offset", "bytes that the server has", required=True)
CHECKSUM = _header("Upload-Checksum", "`sha1 base64(digest)` or `sha256 ...` of this piece")


class TusView(ApiView):
    """A view whose every answer, refusals too, says which protocol it speaks."""

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """What this server can do, in headers."""
        return Response(status=204, headers=tus.capabilities())

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response.headers.setdefault("Tus-Resumable", tus.VERSION)
        return super().finalize_response(request, response, *args, **kwargs)


class UploadsView(TusView):
    @extend_schema(
        operation_id="uploads_list",
        tags=["uploads"],
        parameters=[PageQuery],
        responses=page_serializer(UploadSerializer),
    )
    def get(self, request: Request, scene_id: int) -> Response:
        """The scene's uploads, newest first. Takes the role manager."""
        user = person(request)
        uploads = upload_list(user=user, scene=scene_visible(user=user, scene_id=scene_id))
        page = page_of(uploads, ordering=UPLOAD_ORDER, **self.query())
        return Response(page_body(page, request, UploadSerializer(page.items, many=True).data))

    @extend_schema(
        operation_id="uploads_create",
        tags=["uploads"],
        parameters=[TUS, LENGTH, METADATA],
        request=None,
        responses={201: UploadSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Announce a file; its pieces go to the address in Location. A file that is sent twice at once has one."""
        tus.require_version(request.headers)
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        upload = upload_create(actor=user, scene=scene, announced=tus.announced(request.headers))
        data = UploadSerializer(upload).data
        return Response(data, status=201, headers={**tus.state_headers(upload), "Location": data["url"]})


class UploadView(TusView):
    @extend_schema(operation_id="uploads_retrieve", tags=["uploads"], responses=UploadSerializer)
    def get(self, request: Request, upload_id: UUID) -> Response:
        """One upload; HEAD answers with the headers of tus."""
        upload = upload_get(user=person(request), upload_id=upload_id)
        return Response(UploadSerializer(upload).data, headers=tus.state_headers(upload))

    @extend_schema(
        operation_id="uploads_append",
        tags=["uploads"],
        parameters=[TUS, OFFSET, CHECKSUM],
        request={tus.PIECE_TYPE: OpenApiTypes.BINARY},
        responses={204: None},
    )
    def patch(self, request: Request, upload_id: UUID) -> Response:
        """Send the next piece. 409 if the server has another number of bytes, 460 for a wrong checksum."""
        tus.require_version(request.headers)
        upload = upload_append(
            actor=person(request),
            upload_id=upload_id,
            offset=tus.offset(request.headers),
            body=request._request,
            checksum=tus.checksum(request.headers),
        )
        return Response(status=204, headers=tus.state_headers(upload))

    @extend_schema(operation_id="uploads_destroy", tags=["uploads"], parameters=[TUS], responses={204: None})
    def delete(self, request: Request, upload_id: UUID) -> Response:
        """Give up an upload; its pieces go."""
        tus.require_version(request.headers)
        upload_cancel(actor=person(request), upload_id=upload_id)
        return Response(status=204)
