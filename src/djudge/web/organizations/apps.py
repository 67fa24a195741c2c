from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Hiring teams."""

    name = "djudge.web.organizations"
    label = "organizations"
