"""Reads about people and their tokens."""

from __future__ import annotations

from django.db.models import QuerySet

from backend.accounts.models import PersonalAccessToken, User
from backend.accounts.services import token_digest


def token_list(*, user: User) -> QuerySet[PersonalAccessToken]:
    """The person's tokens that were not revoked, newest first."""
    return PersonalAccessToken.objects.filter(user=user, revoked_at=None)


def token_by_secret(*, secret: str) -> PersonalAccessToken | None:
    """The token with its user, whatever its state, or None."""
    return PersonalAccessToken.objects.select_related("user").filter(digest=token_digest(secret)).first()
