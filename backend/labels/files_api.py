"""Labels as files: exports to download, imports that are checked before they change anything."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.models import User
from backend.config.pagination import PageQuery, page_body, page_of, page_serializer
from backend.config.views import ApiView, person
from backend.labels.export_services import label_export_create
from backend.labels.import_services import label_import_apply, label_import_create
from backend.labels.models import IdsMeaning, LabelFormat
from backend.labels.selectors import (
    NEWEST_FIRST,
    label_export_file,
    label_export_get,
    label_export_list,
    label_import_get,
    label_import_list,
    label_set_get,
)
from backend.labels.serializers import (
    LabelExportCreateSerializer,
    LabelExportSerializer,
    LabelImportQuery,
    LabelImportSerializer,
)
from backend.media.responses import download_response
from backend.scenes.selectors import scene_visible
from backend.tracking.selectors import run_get


class FileParser(BaseParser):
    """The body as it comes, to be read piece by piece."""

    media_type = "application/octet-stream"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, IO[bytes]]:
        return {"file": stream}


class LabelExportsView(ApiView):
    @extend_schema(
        operation_id="label_exports_list",
        tags=["labels"],
        parameters=[PageQuery],
        responses=page_serializer(LabelExportSerializer),
    )
    def get(self, request: Request, scene_id: int) -> Response:
        """The scene's exports, newest first; the last twenty are kept."""
        exports = label_export_list(user=person(request), scene_id=scene_id)
        page = page_of(exports, ordering=NEWEST_FIRST, **self.query())
        return Response(page_body(page, request, LabelExportSerializer(page.items, many=True).data))

    @extend_schema(
        operation_id="label_exports_create",
        tags=["labels"],
        request=LabelExportCreateSerializer,
        responses={201: LabelExportSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Write a label set, or a run as people see it, into a zip: a job does it. Takes the role analyst.

        The zip has a list of SHA-256 checksums, and the same labels are the same bytes.
        """
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        given = self.body(LabelExportCreateSerializer)
        chosen = _chosen(user, given)
        export = label_export_create(actor=user, scene=scene, format=LabelFormat(given["format"]), **chosen)
        return Response(LabelExportSerializer(export).data, status=201)


def _chosen(user: User, given: dict[str, Any]) -> dict[str, Any]:
    """The label set and the run that the request names by id."""
    found: dict[str, Any] = {}
    if "label_set" in given:
        found["label_set"] = label_set_get(user=user, label_set_id=given["label_set"])
    if "run" in given:
        found["run"] = run_get(user=user, run_id=given["run"])
    return found


class LabelExportView(ApiView):
    @extend_schema(operation_id="label_exports_retrieve", tags=["labels"], responses=LabelExportSerializer)
    def get(self, request: Request, export_id: int) -> Response:
        """One export: how far its job is, and where its zip is."""
        return Response(LabelExportSerializer(label_export_get(user=person(request), export_id=export_id)).data)


class LabelExportFileView(ApiView):
    @extend_schema(
        operation_id="label_exports_download",
        tags=["labels"],
        responses={(200, "application/zip"): OpenApiTypes.BINARY, (206, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, export_id: int) -> HttpResponseBase:
        """The zip. A `Range` goes on where a download was cut off. 409 export-not-ready."""
        export = label_export_file(user=person(request), export_id=export_id)
        return download_response(request._request, export.file, file_name=export.file_name)


class LabelImportsView(ApiView):
    parser_classes = (FileParser, JSONParser)

    @extend_schema(
        operation_id="label_imports_list",
        tags=["labels"],
        parameters=[PageQuery],
        responses=page_serializer(LabelImportSerializer),
    )
    def get(self, request: Request, scene_id: int) -> Response:
        """The scene's imports, newest first."""
        imports = label_import_list(user=person(request), scene_id=scene_id)
        page = page_of(imports, ordering=NEWEST_FIRST, **self.query())
        return Response(page_body(page, request, LabelImportSerializer(page.items, many=True).data))

    @extend_schema(
        operation_id="label_imports_create",
        tags=["labels"],
        parameters=[LabelImportQuery],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={201: LabelImportSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Bring a zip of labels, or a single file of CVAT, COCO or Datumaro, at most 64 MB. A job checks it and reports
        what it would make; nothing is changed. Takes the role analyst."""
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        given = self.query(LabelImportQuery)
        label_import = label_import_create(
            actor=user,
            scene=scene,
            format=LabelFormat(given["kind"]),
            ids=IdsMeaning(given["ids"]),
            file_name=given["file_name"],
            content=_body(request),
        )
        return Response(LabelImportSerializer(label_import).data, status=201)


def _body(request: Request) -> IO[bytes]:
    """The stream of the parser; an empty one for JSON."""
    body: dict[str, Any] = request.data if isinstance(request.data, dict) else {}
    stream: IO[bytes] = body["file"] if hasattr(body.get("file"), "read") else BytesIO()
    return stream


class LabelImportView(ApiView):
    @extend_schema(operation_id="label_imports_retrieve", tags=["labels"], responses=LabelImportSerializer)
    def get(self, request: Request, import_id: int) -> Response:
        """One import: the report of its check, or why it was refused."""
        return Response(LabelImportSerializer(label_import_get(user=person(request), import_id=import_id)).data)


class LabelImportApplyView(ApiView):
    @extend_schema(
        operation_id="label_imports_apply", tags=["labels"], request=None, responses={201: LabelImportSerializer}
    )
    def post(self, request: Request, import_id: int) -> Response:
        """Import what was checked, as one operation that can be undone. Takes the role analyst. 409 not-checked."""
        user = person(request)
        label_import = label_import_get(user=user, import_id=import_id)
        return Response(
            LabelImportSerializer(label_import_apply(actor=user, label_import=label_import)).data, status=201
        )
