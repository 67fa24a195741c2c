from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    """The question bank, interviews and scorecards."""

    name = "djudge.web.interviews"
    label = "interviews"
