from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "backend.config"
    label = "config"

    def ready(self) -> None:
        import backend.config.schema  # noqa: F401 - registers how people sign in with the OpenAPI description
