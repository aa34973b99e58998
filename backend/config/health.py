"""Whether this server can do its work: used by load balancers, container health checks and `doctor`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from drf_spectacular.utils import extend_schema
from kombu import Connection
from kombu.exceptions import KombuError
from redis.exceptions import RedisError
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.views import ApiView

PATIENCE_S = 1
REACHABLE = [("ok", "ok"), ("unreachable", "unreachable")]


class HealthSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok", "degraded"])
    database = serializers.ChoiceField(choices=REACHABLE)
    broker = serializers.ChoiceField(choices=REACHABLE)


class HealthView(ApiView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="health_retrieve", tags=["health"], responses={200: HealthSerializer, 503: HealthSerializer}
    )
    def get(self, request: Request) -> Response:
        """Whether the database and the broker answer."""
        parts = {"database": _word(database_answers()), "broker": _word(broker_answers())}
        well = set(parts.values()) == {"ok"}
        return Response({"status": "ok" if well else "degraded", **parts}, status=200 if well else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    timeouts = {"socket_timeout": PATIENCE_S, "socket_connect_timeout": PATIENCE_S}
    try:
        with Connection(settings.BROKER_URL, transport_options=timeouts) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=PATIENCE_S)
    except (OSError, KombuError, RedisError):
        return False
    return True


def _word(answers: bool) -> str:
    return "ok" if answers else "unreachable"
