from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The REST API."""

    name = "djudge.web.api"
    label = "api"
