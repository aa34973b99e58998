"""Writes about people and their tokens."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from backend.accounts.models import PersonalAccessToken, Role, User
from backend.config.problems import BadInput, NotFound

MARK = "ct_"
PREFIX_LENGTH = 10
USE_IS_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def user_create(*, username: str, password: str, role: Role, email: str = "") -> User:
    """A person who can sign in; admins may also enter the admin site.

    Raises BadInput if the name is taken, django's ValidationError if the password is too weak.
    """
    if User.objects.filter(username=username).exists():
        raise BadInput("username", f"There is already a user named {username}.")
    validate_password(password, User(username=username, email=email))
    is_admin = role is Role.ADMIN
    return User.objects.create_user(username, email, password, role=role, is_staff=is_admin, is_superuser=is_admin)


@transaction.atomic
def token_create(
    *, user: User, name: str, read_only: bool = False, expires_at: datetime | None = None
) -> tuple[PersonalAccessToken, str]:
    """A new token and its secret; the secret is not kept and cannot be shown again."""
    if expires_at is not None and expires_at <= timezone.now():
        raise BadInput("expires_at", "This time has passed; choose one in the future or none.")
    secret = MARK + secrets.token_urlsafe(32)
    token = PersonalAccessToken.objects.create(
        user=user,
        name=name,
        prefix=secret[:PREFIX_LENGTH],
        digest=token_digest(secret),
        read_only=read_only,
        expires_at=expires_at,
    )
    return token, secret


@transaction.atomic
def token_revoke(*, user: User, token_id: int) -> None:
    """The token stops working at once. Raises NotFound if it is not this person's."""
    token = PersonalAccessToken.objects.select_for_update().filter(user=user, pk=token_id).first()
    if token is None:
        raise NotFound("token")
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])


def token_note_use(*, token: PersonalAccessToken) -> None:
    """Remember when the token was last used, to the minute: most requests write nothing."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USE_IS_NOTED_EVERY:
        PersonalAccessToken.objects.filter(pk=token.pk).update(last_used_at=now)


def token_digest(secret: str) -> str:
    """A plain hash is enough: the secret is 256 random bits, not a password."""
    return hashlib.sha256(secret.encode()).hexdigest()
