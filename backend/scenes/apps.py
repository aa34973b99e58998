from django.apps import AppConfig


class ScenesConfig(AppConfig):
    name = "backend.scenes"
    label = "scenes"
