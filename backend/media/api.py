"""Videos, pictures and frame times, for members of the scene only."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.problems import NotFound
from backend.config.views import ApiView, person, tagged_json
from backend.media.responses import picture_response, video_response
from backend.media.selectors import frame_times, video_get
from backend.media.serializers import FrameTimesSerializer, VideoSerializer, VideoUpdateSerializer
from backend.media.services import video_start_set
from backend.scenes.selectors import camera_get

RANGE = OpenApiParameter("Range", OpenApiTypes.STR, OpenApiParameter.HEADER, description="bytes=first-last")
MP4 = {(200, "video/mp4"): OpenApiTypes.BINARY, (206, "video/mp4"): OpenApiTypes.BINARY}
JPEG = {(200, "image/jpeg"): OpenApiTypes.BINARY}
PICTURE = {(200, "image/*"): OpenApiTypes.BINARY}


class VideoView(ApiView):
    @extend_schema(operation_id="videos_retrieve", tags=["media"], responses=VideoSerializer)
    def get(self, request: Request, video_id: int) -> Response:
        """One video."""
        return Response(VideoSerializer(video_get(user=person(request), video_id=video_id)).data)

    @extend_schema(
        operation_id="videos_update", tags=["media"], request=VideoUpdateSerializer, responses=VideoSerializer
    )
    def patch(self, request: Request, video_id: int) -> Response:
        """State when the video begins. Takes the role manager; 409 once a run has followed vehicles in it."""
        user = person(request)
        video = video_get(user=user, video_id=video_id)
        changed = video_start_set(actor=user, video=video, **self.body(VideoUpdateSerializer))
        return Response(VideoSerializer(changed).data)


class ProxyView(ApiView):
    @extend_schema(operation_id="videos_proxy", tags=["media"], parameters=[RANGE], responses=MP4)
    def get(self, request: Request, video_id: int) -> HttpResponseBase:
        """The video as H.264 in MP4: the same frames at the same times as the file that came in."""
        video = video_get(user=person(request), video_id=video_id)
        if not video.proxy:
            raise NotFound("video to play")
        return video_response(request._request, video.proxy)


class PosterView(ApiView):
    @extend_schema(operation_id="videos_poster", tags=["media"], responses=JPEG)
    def get(self, request: Request, video_id: int) -> HttpResponse:
        """A picture of the video."""
        video = video_get(user=person(request), video_id=video_id)
        if not video.poster:
            raise NotFound("picture")
        return picture_response(video.poster)


@method_decorator(gzip_page, name="dispatch")
class FrameTimesView(ApiView):
    @extend_schema(operation_id="videos_frame_times", tags=["media"], responses=FrameTimesSerializer)
    def get(self, request: Request, video_id: int) -> HttpResponse:
        """The presentation time of every frame, the truth about frame numbers."""
        video = video_get(user=person(request), video_id=video_id)
        return tagged_json({"times_s": frame_times(video=video).round(6).tolist()})


class RoiView(ApiView):
    @extend_schema(operation_id="cameras_roi", tags=["media"], responses=PICTURE)
    def get(self, request: Request, camera_id: int) -> HttpResponse:
        """The camera's region of interest, white = valid."""
        camera = camera_get(user=person(request), camera_id=camera_id)
        if not camera.roi:
            raise NotFound("region of interest")
        return picture_response(camera.roi)
