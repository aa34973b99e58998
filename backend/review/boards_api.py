"""One identity against many: what is on the board, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.idempotency import answered_once
from backend.config.views import ApiView, person
from backend.review.answers import given
from backend.review.inputs import LARGEST_ID, LeaseRequestSerializer
from backend.review.models import Answer
from backend.review.selectors.boards import board_views
from backend.review.selectors.pairs import tracklets_of_scene
from backend.review.selectors.queue import QueueFilter
from backend.review.selectors.state import review_state
from backend.review.serializers import ReviewStateSerializer, ReviewTrackletSerializer, VerdictGivenSerializer
from backend.review.services.boards import boards_lease, verdicts_give
from backend.review.services.recording import Opinion, Said
from backend.scenes.api import IDEMPOTENCY_KEY
from backend.scenes.selectors import scene_visible

BOARDS_AT_ONCE = 2  # one to look at, one to fetch ahead


class RivalSerializer(serializers.Serializer[Any]):
    # Of a Rival.

    candidate = serializers.IntegerField(source="candidate.pk")
    tracklet = ReviewTrackletSerializer(source="shown", help_text="of the other identity")
    against = serializers.IntegerField(help_text="the board's own tracklet of the most probable pair")
    probability = serializers.FloatField(source="candidate.probability", allow_null=True, help_text="calibrated")
    chance = serializers.FloatField(source="candidate.chance")
    transit_s = serializers.FloatField(source="candidate.transit_s")
    distance_percentile = serializers.FloatField(source="candidate.percentile")
    members = ReviewTrackletSerializer(many=True, help_text="all of the other identity, in the order of time")


class ReviewBoardSerializer(serializers.Serializer[Any]):
    # Of a Board.

    number = serializers.IntegerField(help_text="of the identity")
    tracklets = ReviewTrackletSerializer(many=True, help_text="in the order of time")
    rivals = RivalSerializer(many=True, help_text="one of each other identity, the most probable first")


class ReviewBoardsSerializer(ReviewStateSerializer):
    boards = ReviewBoardSerializer(many=True)


class PairAnswerSerializer(serializers.Serializer[Any]):
    left = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="tracklet id")
    right = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="tracklet id")
    verdict = serializers.ChoiceField(choices=Answer.choices)


class PairAnswersSerializer(serializers.Serializer[Any]):
    answers = serializers.ListField(child=PairAnswerSerializer(), min_length=1, max_length=100)
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    opened_at = serializers.DateTimeField(required=False, allow_null=True, help_text="when they were shown")


class BoardsView(ApiView):
    @extend_schema(
        operation_id="scenes_review_boards",
        tags=["review"],
        request=LeaseRequestSerializer,
        responses=ReviewBoardsSerializer,
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """The next identities to hold against everything that they may still be; their pairs are yours for a while.

        `limit` counts identities, 2 if left out. Asking again takes the place of what you hold. Takes the role analyst.
        """
        wanted = self.body(LeaseRequestSerializer)
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        limit = wanted.pop("limit", BOARDS_AT_ONCE)
        boards = boards_lease(actor=user, scene=scene, limit=limit, wanted=QueueFilter(**wanted))
        views = [] if scene.current_run is None else board_views(run=scene.current_run, boards=boards)
        return Response(ReviewBoardsSerializer({**asdict(review_state(scene=scene)), "boards": views}).data)


class VerdictsBulkView(ApiView):
    @extend_schema(
        operation_id="scenes_verdicts_bulk",
        tags=["review"],
        parameters=[IDEMPOTENCY_KEY],
        request=PairAnswersSerializer,
        responses={201: VerdictGivenSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Answers about several pairs as one operation with one undo: all or none. Takes the role analyst."""
        return answered_once(request, lambda: self._give(request, scene_id))

    def _give(self, request: Request, scene_id: int) -> Response:
        user, asked = person(request), self.body(PairAnswersSerializer)
        scene = scene_visible(user=user, scene_id=scene_id)
        shared = {name: asked[name] for name in ("reason", "opened_at") if name in asked}
        ids = [answer[side] for answer in asked["answers"] for side in ("left", "right")]
        tracklets = tracklets_of_scene(scene=scene, ids=ids)
        said = [
            Said(left, right, Opinion(answer["verdict"], **shared))
            for left, right, answer in zip(tracklets[::2], tracklets[1::2], asked["answers"], strict=True)
        ]
        key = request.headers.get("Idempotency-Key", "")
        return given(verdicts_give(actor=user, scene=scene, said=said, request=key))
