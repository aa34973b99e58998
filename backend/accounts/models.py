"""People, their site-wide role, and the tokens that their scripts use."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Now


class Role(models.TextChoices):
    """What a person may do; each role includes the ones before it."""

    VIEWER = "viewer", "Viewer"
    ANALYST = "analyst", "Analyst"
    MANAGER = "manager", "Manager"
    ADMIN = "admin", "Admin"

    @property
    def rank(self) -> int:
        return list(Role).index(self)


class User(AbstractUser):
    """A person. `role` is site-wide: managers create scenes, admins see all; scenes add memberships."""

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.VIEWER)


class PersonalAccessToken(models.Model):
    """A secret for scripts; only its hash is kept. `read_only` tokens refuse every unsafe method."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    read_only = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class SignInAttempt(models.Model):
    """A try to sign in, from an address or by a name; kept for as long as it counts against further ones.

    Neither is readable here, nor found out by trying all addresses.
    """

    key = models.CharField(max_length=64, help_text="HMAC by the site's secret of what is counted")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["key", "at"], name="sign_in_attempt_by_key"),
            models.Index(fields=["at"], name="sign_in_attempt_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]} at {self.at}"
