"""The review queue, verdicts, their history and undo."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.idempotency import answered_once
from backend.config.pagination import page_body, page_of, page_serializer
from backend.config.views import ApiView, person
from backend.review.answers import given
from backend.review.inputs import (
    ConfirmRequestSerializer,
    LeaseRequestSerializer,
    MergeRequestSerializer,
    OperationsQuery,
    SplitRequestSerializer,
    VerdictRequestSerializer,
    VerdictsQuery,
)
from backend.review.selectors.operations import (
    OperationFilter,
    operation_list,
    operation_views,
    operation_visible,
    verdict_list,
    verdict_views,
)
from backend.review.selectors.pairs import pair_views, tracklets_named, tracklets_of_scene
from backend.review.selectors.queue import QueueFilter
from backend.review.selectors.state import review_state
from backend.review.selectors.statistics import statistics_of_people
from backend.review.serializers import (
    OperationSerializer,
    ReviewQueueSerializer,
    ReviewStateSerializer,
    ReviewStatisticsSerializer,
    VerdictGivenSerializer,
    VerdictSerializer,
)
from backend.review.services.bulk import identities_merge, identity_confirm, tracklets_split
from backend.review.services.decisions import operation_undo, verdict_give
from backend.review.services.leases import pairs_lease
from backend.review.services.recording import Opinion
from backend.scenes.api import IDEMPOTENCY_KEY
from backend.scenes.selectors import scene_visible

PAIRS_AT_ONCE = 5  # if nothing else is asked for


class ReviewView(ApiView):
    @extend_schema(operation_id="scenes_review", tags=["review"], responses=ReviewStateSerializer)
    def get(self, request: Request, scene_id: int) -> Response:
        """How much review is left in the scene, and whether to stop."""
        scene = scene_visible(user=person(request), scene_id=scene_id)
        return Response(ReviewStateSerializer(review_state(scene=scene)).data)


class LeaseView(ApiView):
    @extend_schema(
        operation_id="scenes_review_lease",
        tags=["review"],
        request=LeaseRequestSerializer,
        responses=ReviewQueueSerializer,
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """The next pairs to decide: yours for five minutes, and for five more whenever you ask again.

        Contradictions come first, then the pairs whose answer is expected to change most. Takes the role analyst.
        """
        wanted = self.body(LeaseRequestSerializer)
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        limit = wanted.pop("limit", PAIRS_AT_ONCE)
        leases = pairs_lease(actor=user, scene=scene, limit=limit, wanted=QueueFilter(**wanted))
        pairs = pair_views(leases=leases)
        return Response(ReviewQueueSerializer({**asdict(review_state(scene=scene)), "pairs": pairs}).data)


class VerdictsView(ApiView):
    @extend_schema(
        operation_id="scenes_verdicts_list",
        tags=["review"],
        parameters=[VerdictsQuery],
        responses=page_serializer(VerdictSerializer),
    )
    def get(self, request: Request, scene_id: int) -> Response:
        """What people said about pairs, newest first; also what was taken back and what lost its counterpart."""
        wanted: dict[str, Any] = self.query(VerdictsQuery)
        rows = verdict_list(user=person(request), scene_id=scene_id, dangling=wanted.pop("dangling"))
        page = page_of(rows, ordering=["-id"], **wanted)
        views = verdict_views(verdicts=page.items)
        return Response(page_body(page, request, VerdictSerializer(views, many=True).data))

    @extend_schema(
        operation_id="scenes_verdicts_create",
        tags=["review"],
        parameters=[IDEMPOTENCY_KEY],
        request=VerdictRequestSerializer,
        responses={201: VerdictGivenSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Say whether two tracklets are one vehicle. Stored and in effect when this answers. Takes the role analyst."""
        return answered_once(request, lambda: self._give(request, scene_id))

    def _give(self, request: Request, scene_id: int) -> Response:
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        asked = self.body(VerdictRequestSerializer)
        pair = {name: asked.pop(name, None) for name in ("candidate", "left", "right")}
        opinion = Opinion(answer=asked.pop("verdict"), **asked)
        left, right = tracklets_named(scene=scene, **pair)
        operation = verdict_give(
            actor=user, scene=scene, left=left, right=right, opinion=opinion, request=_key(request)
        )
        return given(operation)


class MergeView(ApiView):
    @extend_schema(
        operation_id="scenes_identities_merge",
        tags=["review"],
        parameters=[IDEMPOTENCY_KEY],
        request=MergeRequestSerializer,
        responses={201: VerdictGivenSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Say that several identities are one vehicle, as one operation. Takes the role analyst."""
        return answered_once(request, lambda: self._merge(request, scene_id))

    def _merge(self, request: Request, scene_id: int) -> Response:
        user, asked = person(request), self.body(MergeRequestSerializer)
        scene = scene_visible(user=user, scene_id=scene_id)
        return given(identities_merge(actor=user, scene=scene, run_id=asked.pop("run"), request=_key(request), **asked))


class ConfirmView(ApiView):
    @extend_schema(
        operation_id="scenes_identities_confirm",
        tags=["review"],
        parameters=[IDEMPOTENCY_KEY],
        request=ConfirmRequestSerializer,
        responses={201: VerdictGivenSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Say that all of an identity is one vehicle, as one operation. Takes the role analyst."""
        return answered_once(request, lambda: self._confirm(request, scene_id))

    def _confirm(self, request: Request, scene_id: int) -> Response:
        user, asked = person(request), self.body(ConfirmRequestSerializer)
        scene = scene_visible(user=user, scene_id=scene_id)
        return given(identity_confirm(actor=user, scene=scene, run_id=asked.pop("run"), request=_key(request), **asked))


class SplitView(ApiView):
    @extend_schema(
        operation_id="scenes_identities_split",
        tags=["review"],
        parameters=[IDEMPOTENCY_KEY],
        request=SplitRequestSerializer,
        responses={201: VerdictGivenSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Say that some tracklets are not the rest of their identity, as one operation. Takes the role analyst."""
        return answered_once(request, lambda: self._split(request, scene_id))

    def _split(self, request: Request, scene_id: int) -> Response:
        user, asked = person(request), self.body(SplitRequestSerializer)
        scene = scene_visible(user=user, scene_id=scene_id)
        tracklets = tracklets_of_scene(scene=scene, ids=list(dict.fromkeys(asked.pop("tracklets"))))
        return given(tracklets_split(actor=user, scene=scene, tracklets=tracklets, request=_key(request), **asked))


class UndoView(ApiView):
    @extend_schema(
        operation_id="operations_undo",
        tags=["review"],
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={201: VerdictGivenSerializer},
    )
    def post(self, request: Request, operation_id: int) -> Response:
        """Take an operation back, whoever did it; undoing an undo does it again. Takes the role analyst."""
        return answered_once(request, lambda: self._undo(request, operation_id))

    def _undo(self, request: Request, operation_id: int) -> Response:
        user = person(request)
        found = operation_visible(user=user, operation_id=operation_id)
        return given(operation_undo(actor=user, operation=found, request=_key(request)))


class OperationsView(ApiView):
    @extend_schema(
        operation_id="scenes_operations_list",
        tags=["review"],
        parameters=[OperationsQuery],
        responses=page_serializer(OperationSerializer),
    )
    def get(self, request: Request, scene_id: int) -> Response:
        """Every edit of the scene, newest first: who, when, what it changed, and whether it can be undone."""
        wanted: dict[str, Any] = self.query(OperationsQuery)
        page_at = {name: wanted.pop(name) for name in ("cursor", "limit") if name in wanted}
        rows = operation_list(user=person(request), scene_id=scene_id, wanted=OperationFilter(**wanted))
        page = page_of(rows, ordering=["-number"], **page_at)
        views = operation_views(operations=page.items)
        return Response(page_body(page, request, OperationSerializer(views, many=True).data))


class StatisticsView(ApiView):
    @extend_schema(operation_id="scenes_review_statistics", tags=["review"], responses=ReviewStatisticsSerializer)
    def get(self, request: Request, scene_id: int) -> Response:
        """Each person's verdicts: how many, how fast, how often they changed something, how often others agree."""
        persons = statistics_of_people(user=person(request), scene_id=scene_id)
        return Response(ReviewStatisticsSerializer({"persons": persons}).data)


def _key(request: Request) -> str:
    return request.headers.get("Idempotency-Key", "")
