from django.apps import AppConfig


class DebriefsConfig(AppConfig):
    """What people said beside what was measured."""

    name = "djudge.web.debriefs"
    label = "debriefs"
