"""The back office of the API: to be read. Tokens are made and revoked by those whose they are."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from oauth2_provider.models import (
    get_access_token_model,
    get_grant_model,
    get_id_token_model,
    get_refresh_token_model,
)

from djudge.web.api.models import Client, Creation, Token
from djudge.web.common.admin import ReadOnlyAdmin

# The package's own pages let staff write tokens and programs for anybody.
admin.site.unregister(
    [get_access_token_model(), get_grant_model(), get_id_token_model(), get_refresh_token_model(), Client]
)


@admin.register(Token)
class TokenAdmin(ReadOnlyAdmin):
    """Whose tokens there are, and when they were used."""

    list_display = ("name", "membership_id", "expires_at", "revoked_at", "last_used_at")
    search_fields = ("name", "prefix")


@admin.register(Client)
class ClientAdmin(ReadOnlyAdmin):
    """Which programs may ask to come in."""

    list_display = ("name", "team", "client_type", "created")
    list_select_related = ("team",)
    search_fields = ("name", "team__name")
    readonly_fields: ClassVar = ("id", "created", "updated")
    exclude = ("client_secret",)


@admin.register(Creation)
class CreationAdmin(ReadOnlyAdmin):
    """What was created under which key, for a day."""

    list_display = ("key", "team", "status", "location", "created_at")
    list_select_related = ("team",)
    search_fields = ("key",)
