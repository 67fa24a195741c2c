"""The back office of mails: those about sign-ins can be read here alone."""

from __future__ import annotations

from django.contrib import admin

from djudge.web.common.admin import ReadOnlyAdmin
from djudge.web.mail.models import Message


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """What was written to whom, and why it was not delivered."""

    list_display = ("subject", "to", "created_at", "sent_at", "attempts")
    list_filter = (("sent_at", admin.EmptyFieldListFilter),)
    search_fields = ("to", "subject")
    date_hierarchy = "created_at"
