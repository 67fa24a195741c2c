from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    """Workshops that makers give: what is taught, by whom, when, and who comes."""

    name = "workshops"
    verbose_name = "Workshops"
