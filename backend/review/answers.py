"""What every edit answers."""

from __future__ import annotations

from dataclasses import asdict

from rest_framework.response import Response

from backend.review.models import Operation
from backend.review.selectors.operations import operation_rows, operation_views
from backend.review.selectors.state import review_state
from backend.review.serializers import VerdictGivenSerializer


def given(operation: Operation) -> Response:
    """The operation, its effect, and how much is left."""
    view = operation_views(operations=[operation_rows().get(pk=operation.pk)])[0]
    state = asdict(review_state(scene=view.operation.scene))
    answer = {**state, "operation": view, "effect": operation.after["effect"]}
    return Response(VerdictGivenSerializer(answer).data, status=201)
