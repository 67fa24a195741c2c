from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Sets of tasks."""

    name = "djudge.web.assessments"
    label = "assessments"
