from django.apps import AppConfig


class HiringConfig(AppConfig):
    """Jobs and candidates."""

    name = "djudge.web.hiring"
    label = "hiring"
