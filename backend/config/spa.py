"""The single-page application: every address that is not the API's or the admin's is decided in the browser."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

NOT_BUILT = "The front end is not built. Run `npm ci && npm run build` in frontend/, or `make demo`."


@require_safe
def application(request: HttpRequest) -> HttpResponse:
    """`frontend/dist/index.html`, never cached, so that a new version is seen at the next load."""
    try:
        page = (settings.FRONTEND_DIST / "index.html").read_bytes()
    except FileNotFoundError:
        return HttpResponse(NOT_BUILT, status=503, content_type="text/plain")
    return HttpResponse(page, headers={"Cache-Control": "no-cache"})
