from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    """The question bank."""

    name = "djudge.web.interviews"
    label = "interviews"
