"""A scene's folder as a zip: what its check found, importing it, taking that back. For the scene's managers."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.pagination import PageQuery, page_body, page_of, page_serializer
from backend.config.views import ApiView, person
from backend.scenes.selectors import scene_visible
from backend.uploads.scene_imports import (
    ORDER,
    scene_import_apply,
    scene_import_forget,
    scene_import_get,
    scene_import_list,
    scene_import_undo,
)
from backend.uploads.serializers import SceneImportApplySerializer, SceneImportSerializer


class SceneImportsView(ApiView):
    @extend_schema(
        operation_id="scene_imports_list",
        tags=["uploads"],
        parameters=[PageQuery],
        responses=page_serializer(SceneImportSerializer),
    )
    def get(self, request: Request, scene_id: int) -> Response:
        """Zips of folders that came into the scene by upload, newest first. Takes the role manager."""
        user = person(request)
        imports = scene_import_list(user=user, scene=scene_visible(user=user, scene_id=scene_id))
        page = page_of(imports, ordering=ORDER, **self.query())
        return Response(page_body(page, request, SceneImportSerializer(page.items, many=True).data))


class SceneImportView(ApiView):
    @extend_schema(operation_id="scene_imports_retrieve", tags=["uploads"], responses=SceneImportSerializer)
    def get(self, request: Request, scene_import_id: int) -> Response:
        """What the zip would make, leaves out, and what is wrong with it. Takes the role manager."""
        found = scene_import_get(user=person(request), import_id=scene_import_id)
        return Response(SceneImportSerializer(found).data)

    @extend_schema(operation_id="scene_imports_destroy", tags=["uploads"], responses={204: None})
    def delete(self, request: Request, scene_import_id: int) -> Response:
        """Remove a zip that is not to be imported. Takes the role manager."""
        scene_import_forget(actor=person(request), import_id=scene_import_id)
        return Response(status=204)


class SceneImportApplyView(ApiView):
    @extend_schema(
        operation_id="scene_imports_apply",
        tags=["uploads"],
        request=SceneImportApplySerializer,
        responses={201: SceneImportSerializer},
    )
    def post(self, request: Request, scene_import_id: int) -> Response:
        """Import what was checked, in one go. Takes the role manager. 409 not-checked."""
        stated = self.body(SceneImportApplySerializer)
        applied = scene_import_apply(actor=person(request), import_id=scene_import_id, **stated)
        return Response(SceneImportSerializer(applied).data, status=201)


class SceneImportUndoView(ApiView):
    @extend_schema(
        operation_id="scene_imports_undo", tags=["uploads"], request=None, responses={201: SceneImportSerializer}
    )
    def post(self, request: Request, scene_import_id: int) -> Response:
        """Take back what the import made. Takes the role manager. 409 import-in-use where something stands on it."""
        undone = scene_import_undo(actor=person(request), import_id=scene_import_id)
        return Response(SceneImportSerializer(undone).data, status=201)
