from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """Where candidates work."""

    name = "djudge.web.workspace"
    label = "workspace"
