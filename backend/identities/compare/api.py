"""Two runs of a scene side by side."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.views import ApiView, person
from backend.identities.compare.selectors import runs_compare
from backend.identities.compare.serializers import ComparisonQuery, RunComparisonSerializer


class ComparisonView(ApiView):
    @extend_schema(
        operation_id="runs_comparison",
        tags=["identities"],
        parameters=[ComparisonQuery],
        responses=RunComparisonSerializer,
    )
    def get(self, request: Request, run_id: int) -> Response:
        """The vehicles that this run sees otherwise than an earlier one of its scene."""
        other = self.query(ComparisonQuery)["with"]
        compared = runs_compare(user=person(request), run_id=run_id, other_id=other)
        return Response(RunComparisonSerializer(compared).data)
