"""Signing in and out, and personal access tokens."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.authentication import SessionAuthentication
from backend.accounts.selectors import token_list
from backend.accounts.serializers import (
    LoginSerializer,
    NewTokenSerializer,
    SessionSerializer,
    TokenCreateSerializer,
    TokenSerializer,
)
from backend.accounts.services import token_create, token_revoke
from backend.accounts.throttles import LoginByAddress, LoginByName
from backend.config.pagination import PageQuery, page_body, page_of, page_serializer
from backend.config.problems import Problem
from backend.config.views import ApiView, person


class SessionView(ApiView):
    authentication_classes = (SessionAuthentication,)
    permission_classes = (AllowAny,)
    throttle_classes = (LoginByAddress, LoginByName)

    @extend_schema(operation_id="session_retrieve", tags=["session"], responses=SessionSerializer)
    def get(self, request: Request) -> Response:
        """Who is signed in, and the CSRF token that writes must carry (its cookie is set too)."""
        return Response(_session(request))

    @extend_schema(
        operation_id="session_create", tags=["session"], request=LoginSerializer, responses=SessionSerializer
    )
    def post(self, request: Request) -> Response:
        """Sign in with a name and a password. At most ten tries a minute for an address and for a name."""
        SessionAuthentication().enforce_csrf(request)
        user = authenticate(request, **self.body(LoginSerializer))
        if user is None:
            raise Problem("wrong-credentials", "The name or the password is wrong.")
        login(request._request, user)
        request.user = user
        return Response(_session(request))

    @extend_schema(operation_id="session_destroy", tags=["session"], responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out."""
        logout(request._request)
        return Response(status=204)


def _session(request: Request) -> dict[str, Any]:
    user = request.user if request.user.is_authenticated else None
    session = {"user": user, "csrf_token": get_token(request._request)}
    return dict(SessionSerializer(session).data)


class TokensView(ApiView):
    """A token cannot make or revoke tokens: this takes a session."""

    authentication_classes = (SessionAuthentication,)

    @extend_schema(
        operation_id="tokens_list", tags=["tokens"], parameters=[PageQuery], responses=page_serializer(TokenSerializer)
    )
    def get(self, request: Request) -> Response:
        """Your tokens that were not revoked."""
        page = page_of(token_list(user=person(request)), ordering=["-id"], **self.query())
        return Response(page_body(page, request, TokenSerializer(page.items, many=True).data))

    @extend_schema(
        operation_id="tokens_create",
        tags=["tokens"],
        request=TokenCreateSerializer,
        responses={201: NewTokenSerializer},
    )
    def post(self, request: Request) -> Response:
        """A new token; its secret is in this answer and nowhere else."""
        token, secret = token_create(user=person(request), **self.body(TokenCreateSerializer))
        return Response({**TokenSerializer(token).data, "secret": secret}, status=201)


class TokenView(ApiView):
    authentication_classes = (SessionAuthentication,)

    @extend_schema(operation_id="tokens_destroy", tags=["tokens"], responses={204: None})
    def delete(self, request: Request, token_id: int) -> Response:
        """Revoke a token; it stops working at once."""
        token_revoke(user=person(request), token_id=token_id)
        return Response(status=204)
