from django.apps import AppConfig


class ResumesConfig(AppConfig):
    """Résumés, read."""

    name = "djudge.web.resumes"
    label = "resumes"
