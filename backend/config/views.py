"""What every view of the API shares: inputs by serializer, answers with an entity tag."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from backend.accounts.models import User
from backend.config.pagination import PageQuery


class ApiView(APIView):
    """A view that parses, calls a service or a selector, and serialises."""

    def body(self, serializer: type[serializers.BaseSerializer[Any]]) -> dict[str, Any]:
        """The request's JSON, checked. Raises ValidationError, answered with the fields that are wrong."""
        return _checked(serializer, self.request.data)

    def query(self, serializer: type[serializers.BaseSerializer[Any]] = PageQuery) -> dict[str, Any]:
        """The request's query parameters, checked."""
        return _checked(serializer, self.request.query_params.dict())

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Answers belong to one person, and a browser asks again (cheaply, by entity tag) before it shows one."""
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return super().finalize_response(request, response, *args, **kwargs)


def _checked(serializer: type[serializers.BaseSerializer[Any]], data: Any) -> dict[str, Any]:
    filled = serializer(data=data)
    filled.is_valid(raise_exception=True)
    checked: dict[str, Any] = filled.validated_data
    return checked


def person(request: Request | HttpRequest) -> User:
    """Who asks; views that call this require somebody signed in."""
    user = request.user
    assert isinstance(user, User)
    return user


def tagged_json(data: Any) -> HttpResponse:
    """JSON without a serializer, for large packed answers, with an entity tag of its content."""
    content = json.dumps(data, separators=(",", ":"), allow_nan=False).encode()
    headers = {"ETag": f'"{content_tag(content)}"'}
    return HttpResponse(content, content_type="application/json", headers=headers)


def content_tag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
