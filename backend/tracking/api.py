"""Presets, runs, tracks for drawing, pictures of tracklets, and the matcher's candidates."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.idempotency import answered_once
from backend.config.pagination import PageQuery, page_body, page_of, page_serializer
from backend.config.views import ApiView, person, tagged_json
from backend.jobs.services import run_jobs_cancel
from backend.media.responses import FOREVER, picture_response
from backend.scenes.api import IDEMPOTENCY_KEY
from backend.scenes.selectors import scene_visible
from backend.scenes.serializers import RunSummarySerializer
from backend.tracking.estimates import run_estimates
from backend.tracking.passages import passages_of_video
from backend.tracking.presets import preset_list
from backend.tracking.selectors import candidate_list, crop_name, run_detail, run_get, run_list, tracklet_get
from backend.tracking.serializers import (
    CandidateSerializer,
    PassagesSerializer,
    PresetSerializer,
    RunCreateSerializer,
    RunEstimateSerializer,
    RunSerializer,
    TracksQuery,
    TracksSerializer,
)
from backend.tracking.services import run_create
from backend.tracking.windows import LARGEST_WINDOW, tracks_of_window


class PresetsView(ApiView):
    @extend_schema(operation_id="presets_list", tags=["runs"], responses=PresetSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Ready-made pipeline configurations."""
        return Response([asdict(preset) for preset in preset_list()])


class RunsView(ApiView):
    @extend_schema(
        operation_id="scenes_runs_list",
        tags=["runs"],
        parameters=[PageQuery],
        responses=page_serializer(RunSummarySerializer),
    )
    def get(self, request: Request, scene_id: int) -> Response:
        """The scene's runs, newest first."""
        page = page_of(run_list(user=person(request), scene_id=scene_id), ordering=["-number"], **self.query())
        return Response(page_body(page, request, RunSummarySerializer(page.items, many=True).data))

    @extend_schema(
        operation_id="scenes_runs_create",
        tags=["runs"],
        parameters=[IDEMPOTENCY_KEY],
        request=RunCreateSerializer,
        responses={201: RunSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Start a run over all videos of the scene. Takes the role manager."""
        return answered_once(request, lambda: self._create(request, scene_id))

    def _create(self, request: Request, scene_id: int) -> Response:
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        run = run_create(actor=user, scene=scene, **self.body(RunCreateSerializer))
        return Response(RunSerializer(run_detail(run=run)).data, status=201)


class RunEstimatesView(ApiView):
    @extend_schema(operation_id="scenes_run_estimates", tags=["runs"], responses=RunEstimateSerializer(many=True))
    def get(self, request: Request, scene_id: int) -> Response:
        """How long a run of this scene would take, for each preset that runs have ended with on this machine."""
        estimates = run_estimates(user=person(request), scene_id=scene_id)
        return Response(RunEstimateSerializer(estimates, many=True).data)


class RunView(ApiView):
    @extend_schema(operation_id="runs_retrieve", tags=["runs"], responses=RunSerializer)
    def get(self, request: Request, run_id: int) -> Response:
        """A run: state, progress by stage and camera, score, models used. Poll it with If-None-Match."""
        return Response(RunSerializer(run_detail(run=run_get(user=person(request), run_id=run_id))).data)


class RunCancelView(ApiView):
    @extend_schema(operation_id="runs_cancel", tags=["runs"], request=None, responses=RunSerializer)
    def post(self, request: Request, run_id: int) -> Response:
        """Cancel the run's jobs. Takes the role manager, or to have started it."""
        user = person(request)
        run_jobs_cancel(actor=user, run=run_get(user=user, run_id=run_id))
        return Response(RunSerializer(run_detail(run=run_get(user=user, run_id=run_id))).data)


@method_decorator(gzip_page, name="dispatch")
class TracksView(ApiView):
    @extend_schema(operation_id="runs_tracks", tags=["runs"], parameters=[TracksQuery], responses=TracksSerializer)
    def get(self, request: Request, run_id: int) -> HttpResponse:
        """Tracklets of one video in a window of frames, packed for drawing."""
        wanted = self.query(TracksQuery)
        first = wanted["first_frame"]
        tracks = tracks_of_window(
            user=person(request),
            run_id=run_id,
            video_id=wanted["video"],
            first_frame=first,
            last_frame=wanted.get("last_frame", first + LARGEST_WINDOW - 1),
        )
        return tagged_json(tracks)


@method_decorator(gzip_page, name="dispatch")
class PassagesView(ApiView):
    @extend_schema(operation_id="runs_passages", tags=["runs"], responses=PassagesSerializer)
    def get(self, request: Request, run_id: int, video_id: int) -> HttpResponse:
        """All tracklets of one video without their boxes: when each is there and where it has gaps."""
        return tagged_json(passages_of_video(user=person(request), run_id=run_id, video_id=video_id))


class CropView(ApiView):
    @extend_schema(operation_id="tracklets_crop", tags=["runs"], responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, tracklet_id: int, rank: int) -> HttpResponse:
        """A picture of the tracklet, 0 = the best."""
        tracklet = tracklet_get(user=person(request), tracklet_id=tracklet_id)
        return picture_response(crop_name(tracklet=tracklet, rank=rank), cache=FOREVER)


class CandidatesQuery(PageQuery):
    tracklet = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1, help_text="on either side")


class CandidatesView(ApiView):
    @extend_schema(
        operation_id="runs_candidates",
        tags=["runs"],
        parameters=[CandidatesQuery],
        responses=page_serializer(CandidateSerializer),
    )
    def get(self, request: Request, run_id: int) -> Response:
        """Pairs of tracklets that the matcher compared, nearest first, with distance and transit time."""
        wanted: dict[str, Any] = self.query(CandidatesQuery)
        run = run_get(user=person(request), run_id=run_id)
        candidates = candidate_list(run=run, tracklet_id=wanted.pop("tracklet", None))
        page = page_of(candidates, ordering=["distance", "id"], cursor=wanted.get("cursor"), limit=wanted["limit"])
        return Response(page_body(page, request, CandidateSerializer(page.items, many=True).data))
