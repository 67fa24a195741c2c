"""The back office of teams."""

from __future__ import annotations

from django.contrib import admin

from djudge.web.common.admin import ReadOnlyAdmin, RecordAdmin
from djudge.web.organizations.models import AuditEvent, Membership, Team, TeamInvitation


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    """Who belongs to a team, on its page."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Team)
class TeamAdmin(RecordAdmin):
    """A team with its members."""

    list_display = ("name", "is_sample", "created_at")
    list_filter = ("is_sample",)
    search_fields = ("name",)
    inlines = (MembershipInline,)


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    """Somebody in a team."""

    list_display = ("user", "team", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("user", "team")
    search_fields = ("user__email", "team__name")


@admin.register(TeamInvitation)
class TeamInvitationAdmin(RecordAdmin):
    """Who was asked into a team."""

    list_display = ("email", "team", "role", "expires_at", "accepted_at", "withdrawn_at")
    list_filter = ("role", ("accepted_at", admin.EmptyFieldListFilter))
    list_select_related = ("team",)
    search_fields = ("email", "team__name")


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """The audit logs of all teams, to be read."""

    list_display = ("team", "number", "created_at", "actor_name", "verb", "subject")
    list_select_related = ("team",)
    search_fields = ("actor_name", "verb", "subject")
    date_hierarchy = "created_at"
