from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Telling other systems."""

    name = "djudge.web.webhooks"
    label = "webhooks"
