"""The single-page application: every address that is not the API's or the admin's is decided in the browser."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

NOT_BUILT = "The front end is not built. Run `npm ci && npm run build` in frontend/, or `make demo`."
# What every page waits for, and every page of a scene: the browser asks for it while it still loads the application.
_EVERYWHERE = ("/api/v1/session",)
_IN_A_SCENE = ("/api/v1/scenes/{scene}", "/api/v1/scenes/{scene}/cameras")
_SCENE = re.compile(r"/scenes/(\d{1,18})(?:/|$)")


@require_safe
def application(request: HttpRequest) -> HttpResponse:
    """`frontend/dist/index.html`, never cached, so that a new version is seen at the next load.

    Its Link header names what the page at this address will ask for first.
    """
    try:
        page = (settings.FRONTEND_DIST / "index.html").read_bytes()
    except FileNotFoundError:
        return HttpResponse(NOT_BUILT, status=503, content_type="text/plain")
    return HttpResponse(page, headers={"Cache-Control": "no-cache", "Link": _preloads(request.path)})


def _preloads(path: str) -> str:
    """A `Link` header (RFC 8288); fetch() takes an answer that was asked for in this way, once."""
    scene = _SCENE.match(path)
    addresses = [*_EVERYWHERE, *(each.format(scene=scene[1]) for each in _IN_A_SCENE if scene)]
    return ", ".join(f"<{address}>; rel=preload; as=fetch; crossorigin" for address in addresses)
