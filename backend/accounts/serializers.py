"""JSON of people and tokens."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.accounts.models import PersonalAccessToken, Role, User
from backend.accounts.permissions import site_role


class UserSerializer(serializers.ModelSerializer[User]):
    role = serializers.SerializerMethodField(help_text="on the whole site")

    class Meta:
        model = User
        fields = ["id", "username", "first_name", "last_name", "role"]
        read_only_fields = fields

    def get_role(self, user: User) -> Role:
        return site_role(user)


class SessionSerializer(serializers.Serializer[Any]):
    user = UserSerializer(allow_null=True)
    csrf_token = serializers.CharField(help_text="to be sent as X-CSRFToken with every write")


class LoginSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class TokenSerializer(serializers.ModelSerializer[PersonalAccessToken]):
    class Meta:
        model = PersonalAccessToken
        fields = ["id", "name", "prefix", "read_only", "created_at", "expires_at", "last_used_at"]
        read_only_fields = ["id", "prefix", "created_at", "last_used_at"]


class NewTokenSerializer(TokenSerializer):
    secret = serializers.CharField(read_only=True, help_text="shown this once")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "secret"]


class TokenCreateSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    read_only = serializers.BooleanField(default=False)  # type: ignore[assignment] # a field of that name
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
