from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """Statistics, comparisons, downloads and metrics."""

    name = "djudge.web.insights"
    label = "insights"
