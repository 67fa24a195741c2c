from django.apps import AppConfig


class SamplesConfig(AppConfig):
    """The sample team."""

    name = "djudge.web.samples"
    label = "samples"
