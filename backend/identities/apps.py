from django.apps import AppConfig


class IdentitiesConfig(AppConfig):
    name = "backend.identities"
    label = "identities"
