"""How administrators sign in to the admin site; workers load `admin`, but never this."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from backend.accounts.throttles import seconds_to_wait


def admin_login(request: HttpRequest) -> HttpResponse:
    """The admin site's own form, with the API's limits on guessing."""
    wait = seconds_to_wait(request)
    if wait:
        sentence = f"Too many attempts to sign in; try again in {wait:.0f} seconds."
        return HttpResponse(sentence, status=429, content_type="text/plain", headers={"Retry-After": f"{wait:.0f}"})
    return admin.site.login(request)
