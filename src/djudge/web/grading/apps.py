from django.apps import AppConfig


class GradingConfig(AppConfig):
    """Submissions and their reports."""

    name = "djudge.web.grading"
    label = "grading"
