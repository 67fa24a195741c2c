from django.apps import AppConfig


class MailConfig(AppConfig):
    """Mails to people and candidates."""

    name = "djudge.web.mail"
    label = "mail"
