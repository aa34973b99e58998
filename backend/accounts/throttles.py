"""Slows down password guessing: by address, and by the name that is tried."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest
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
        given = request.data if isinstance(request, Request) else request.POST
        if request.method != "POST" or not isinstance(given, dict):
            return None
        name = str(given.get("username", "")).lower()
        digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
        return f"login-name-{digest}"


def seconds_to_wait(request: HttpRequest) -> float:
    """How long this attempt to sign in by a form has to wait, by either limit; 0 if it may go on."""
    waits = [
        throttle.wait() or 1.0
        for throttle in (LoginByAddress(), LoginByName())
        if not throttle.allow_request(request, None)  # type: ignore[arg-type] # a plain request tells as much
    ]
    return max(waits, default=0.0)
