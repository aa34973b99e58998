"""Scenes, their cameras, links and members."""

from __future__ import annotations

import json
import re

from django.core.serializers.json import DjangoJSONEncoder
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.idempotency import answered_once
from backend.config.pagination import PageQuery, page_body, page_of, page_serializer
from backend.config.problems import BadInput, Problem
from backend.config.views import ApiView, content_tag, person
from backend.scenes.models import Scene
from backend.scenes.selectors import (
    SCENE_ORDER,
    camera_list,
    link_list,
    member_list,
    scene_get,
    scene_list,
    scene_visible,
)
from backend.scenes.serializers import (
    CameraCreateSerializer,
    CameraLinkSerializer,
    CameraSerializer,
    MemberSerializer,
    MemberSetSerializer,
    SceneCreateSerializer,
    SceneSerializer,
    SceneUpdateSerializer,
)
from backend.scenes.services import StaleVersion, camera_add, member_remove, member_set, scene_create, scene_update
from backend.scenes.setup.serializers import LinksSerializer
from backend.scenes.setup.services import links_replace

IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="the ETag of the scene as read"
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, description="the same key: done once, same answer"
)


class ScenesView(ApiView):
    @extend_schema(
        operation_id="scenes_list", tags=["scenes"], parameters=[PageQuery], responses=page_serializer(SceneSerializer)
    )
    def get(self, request: Request) -> Response:
        """The scenes you are a member of, by name."""
        page = page_of(scene_list(user=person(request)), ordering=SCENE_ORDER, **self.query())
        return Response(page_body(page, request, SceneSerializer(page.items, many=True).data))

    @extend_schema(
        operation_id="scenes_create",
        tags=["scenes"],
        parameters=[IDEMPOTENCY_KEY],
        request=SceneCreateSerializer,
        responses={201: SceneSerializer},
    )
    def post(self, request: Request) -> Response:
        """Make a scene and become its manager. Takes the site role manager."""
        return answered_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        scene = scene_create(actor=person(request), **self.body(SceneCreateSerializer))
        return _scene_response(scene_get(user=person(request), scene_id=scene.pk), status=201)


class SceneView(ApiView):
    @extend_schema(operation_id="scenes_retrieve", tags=["scenes"], responses=SceneSerializer)
    def get(self, request: Request, scene_id: int) -> Response:
        """One scene. Its ETag is what `scenes_update` wants as If-Match."""
        return _scene_response(scene_get(user=person(request), scene_id=scene_id))

    @extend_schema(
        operation_id="scenes_update",
        tags=["scenes"],
        parameters=[IF_MATCH],
        request=SceneUpdateSerializer,
        responses=SceneSerializer,
    )
    def patch(self, request: Request, scene_id: int) -> Response:
        """Change a scene. 409 with `current` and `yours` if somebody changed it first, 428 without If-Match."""
        changes = self.body(SceneUpdateSerializer)
        user = person(request)
        scene_visible(user=user, scene_id=scene_id)
        try:
            scene_update(actor=user, scene_id=scene_id, based_on=version_of(request), changes=changes)
        except StaleVersion as stale:
            current = SceneSerializer(scene_get(user=user, scene_id=scene_id)).data
            stale.extra = {"current": current, "yours": {**changes, "version": stale.based_on}}
            raise
        return _scene_response(scene_get(user=user, scene_id=scene_id))


def _scene_response(scene: Scene, *, status: int = 200) -> Response:
    """The scene with an ETag that starts with its version and changes with anything shown."""
    data = SceneSerializer(scene).data
    tag = content_tag(json.dumps(data, cls=DjangoJSONEncoder).encode())
    return Response(data, status=status, headers={"ETag": f'"{scene.version}-{tag}"'})


def version_of(request: Request) -> int:
    """The version that If-Match names. Raises Problem where it is missing, BadInput where it is none."""
    header = request.headers.get("If-Match", "")
    if not header:
        raise Problem("if-match-missing", "Send the ETag of what you change, as you read it, in If-Match.", status=428)
    found = re.fullmatch(r'(?:W/)?"?(\d{1,9})(?:-[^"]*)?"?', header.strip())
    if found is None:
        raise BadInput("If-Match", "This is not an ETag of what you change.")
    return int(found[1])


class CamerasView(ApiView):
    @extend_schema(operation_id="scenes_cameras_list", tags=["scenes"], responses=CameraSerializer(many=True))
    def get(self, request: Request, scene_id: int) -> Response:
        """The scene's cameras along the road, with calibration and videos."""
        cameras = camera_list(user=person(request), scene_id=scene_id)
        return Response(CameraSerializer(cameras, many=True).data)

    @extend_schema(
        operation_id="scenes_cameras_create",
        tags=["scenes"],
        request=CameraCreateSerializer,
        responses={201: CameraSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Add a camera. Takes the role manager."""
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        camera = camera_add(actor=user, scene=scene, **self.body(CameraCreateSerializer))
        return Response(CameraSerializer(camera).data, status=201)


class LinksView(ApiView):
    @extend_schema(operation_id="scenes_links_list", tags=["scenes"], responses=CameraLinkSerializer(many=True))
    def get(self, request: Request, scene_id: int) -> Response:
        """Which camera follows which, and after how many seconds."""
        links = link_list(user=person(request), scene_id=scene_id)
        return Response(CameraLinkSerializer(links, many=True).data)

    @extend_schema(
        operation_id="scenes_links_replace",
        tags=["scenes"],
        parameters=[IF_MATCH],
        request=LinksSerializer,
        responses=CameraLinkSerializer(many=True),
    )
    def put(self, request: Request, scene_id: int) -> Response:
        """The scene's links are these from the next run on. Takes the role manager; If-Match is the scene's ETag."""
        user = person(request)
        scene_visible(user=user, scene_id=scene_id)
        wanted = self.body(LinksSerializer)
        try:
            links_replace(actor=user, scene_id=scene_id, based_on=version_of(request), **wanted)
        except StaleVersion as stale:
            current = CameraLinkSerializer(link_list(user=user, scene_id=scene_id), many=True).data
            stale.extra = {"current": current, "yours": {**wanted, "version": stale.based_on}}
            raise
        return Response(CameraLinkSerializer(link_list(user=user, scene_id=scene_id), many=True).data)


class MembersView(ApiView):
    @extend_schema(operation_id="scenes_members_list", tags=["scenes"], responses=MemberSerializer(many=True))
    def get(self, request: Request, scene_id: int) -> Response:
        """The scene's members. Takes the role manager."""
        return Response(MemberSerializer(member_list(user=person(request), scene_id=scene_id), many=True).data)

    @extend_schema(
        operation_id="scenes_members_set",
        tags=["scenes"],
        request=MemberSetSerializer,
        responses={200: MemberSerializer, 201: MemberSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Add a member, or change a member's role. Takes the role manager."""
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        membership, is_new = member_set(actor=user, scene=scene, **self.body(MemberSetSerializer))
        return Response(MemberSerializer(membership).data, status=201 if is_new else 200)


class MemberView(ApiView):
    @extend_schema(operation_id="scenes_members_destroy", tags=["scenes"], responses={204: None})
    def delete(self, request: Request, scene_id: int, user_id: int) -> Response:
        """Take a member out of the scene. Takes the role manager."""
        user = person(request)
        member_remove(actor=user, scene=scene_visible(user=user, scene_id=scene_id), user_id=user_id)
        return Response(status=204)
