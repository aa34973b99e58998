"""Slows down password guessing: by address, and by the name that is tried."""

from __future__ import annotations

import hashlib

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class LoginByAddress(SimpleRateThrottle):
    scope = "login"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return f"login-address-{self.get_ident(request)}" if request.method == "POST" else None


class LoginByName(SimpleRateThrottle):
    scope = "login"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if request.method != "POST" or not isinstance(request.data, dict):
            return None
        name = str(request.data.get("username", "")).lower()
        digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
        return f"login-name-{digest}"
