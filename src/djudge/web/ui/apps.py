from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates and static files that all pages share."""

    name = "djudge.web.ui"
    label = "ui"
