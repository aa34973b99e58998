"""The web server's entry: `gunicorn -k uvicorn.workers.UvicornWorker backend.config.asgi:application`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
django_application = get_asgi_application()

from django.conf import settings  # noqa: E402 # after Django's set-up

from backend.config.bodies import LimitedBodies  # noqa: E402

application = LimitedBodies(django_application, settings.LARGEST_BODY_BYTES)
