"""Slows down password guessing: by address, and by the name that is tried."""

from __future__ import annotations

import time

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from backend.accounts.attempts import attempt_note


class LoginThrottle(SimpleRateThrottle):
    """A limit on tries to sign in that holds for all processes together."""

    scope = "login"
    num_requests: int
    duration: int  # seconds

    def allow_request(self, request: Request, view: APIView) -> bool:
        key = self.get_cache_key(request, view)
        if key is None:
            return True
        self.now = time.time()
        ages = attempt_note(key=key, most=self.num_requests, seconds=self.duration)
        self.history = [self.now - age for age in ages]  # what `wait` reads
        return len(ages) < self.num_requests


class LoginByAddress(LoginThrottle):
    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return f"login-address-{self.get_ident(request)}" if request.method == "POST" else None


class LoginByName(LoginThrottle):
    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        given = request.data if isinstance(request, Request) else request.POST
        if request.method != "POST" or not isinstance(given, dict):
            return None
        return f"login-name-{str(given.get('username', '')).lower()}"


def seconds_to_wait(request: HttpRequest) -> float:
    """How long this attempt to sign in by a form has to wait, by either limit; 0 if it may go on."""
    waits = [
        throttle.wait() or 1.0
        for throttle in (LoginByAddress(), LoginByName())
        if not throttle.allow_request(request, None)  # type: ignore[arg-type] # a plain request tells as much
    ]
    return max(waits, default=0.0)
