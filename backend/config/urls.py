"""All addresses: the API, the admin site, and the single-page application for the rest."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from backend.accounts.admin_login import admin_login
from backend.config.health import HealthView
from backend.config.problems import api_not_found
from backend.config.spa import application

api: list[URLPattern | URLResolver] = [
    path("health", HealthView.as_view()),
    path("schema", SpectacularAPIView.as_view()),
    path("", include("backend.accounts.urls")),
    path("", include("backend.scenes.urls")),
    path("", include("backend.media.urls")),
    path("", include("backend.uploads.urls")),
    path("", include("backend.tracking.urls")),
    path("", include("backend.identities.urls")),
    path("", include("backend.review.urls")),
    path("", include("backend.search.urls")),
    path("", include("backend.space.urls")),
    path("", include("backend.labels.urls")),
    path("", include("backend.training.urls")),
    path("", include("backend.jobs.urls")),
]

handler400 = "backend.config.problems.bad_request"
handler500 = "backend.config.problems.server_error"

urlpatterns = [
    path("api/v1/", include(api)),
    re_path(r"^api(?:/|$)", api_not_found),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/login/", admin_login),
    path("admin/", admin.site.urls),
    re_path(r"^(?!static/)", application),
]
