from django.apps import AppConfig


class PadsConfig(AppConfig):
    """Conversations over a running system."""

    name = "djudge.web.pads"
    label = "pads"
