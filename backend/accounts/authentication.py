"""Two ways in: the browser's session with CSRF, and personal access tokens for scripts."""

from __future__ import annotations

from django.utils import timezone
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from backend.accounts.models import PersonalAccessToken, User
from backend.accounts.selectors import token_by_secret
from backend.accounts.services import token_note_use
from backend.config.problems import Refused

CHALLENGE = 'Bearer realm="crosstrack"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The session cookie; a request without one is answered 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer ct_...`."""

    def authenticate(self, request: Request) -> tuple[User, PersonalAccessToken] | None:
        """The token's person. Raises AuthenticationFailed for an unknown, revoked or expired token, Refused for a
        write with a read-only one."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = token_by_secret(secret=secret.strip())
        if token is None:
            raise AuthenticationFailed("This token is unknown; make a new one on your account page.")
        _require_valid(token)
        if token.read_only and request.method not in SAFE_METHODS:
            raise Refused("read-only-token", "This token may only read; make one that may write.")
        token_note_use(token=token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


def _require_valid(token: PersonalAccessToken) -> None:
    if token.revoked_at is not None:
        raise AuthenticationFailed("This token was revoked; make a new one on your account page.")
    if token.expires_at is not None and token.expires_at <= timezone.now():
        raise AuthenticationFailed("This token has expired; make a new one on your account page.")
    if not token.user.is_active:
        raise AuthenticationFailed("This account is closed.")
