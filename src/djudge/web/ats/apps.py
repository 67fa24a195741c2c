from django.apps import AppConfig


class AtsConfig(AppConfig):
    """Applicant tracking systems."""

    name = "djudge.web.ats"
    label = "ats"
