"""Addresses about the team."""

from django.urls import path

from djudge.web.organizations import views

app_name = "organizations"
urlpatterns = [
    path("team/", views.team, name="team"),
    path("team/members/<uuid:member_id>/", views.change_member, name="change-member"),
    path("team/invitations/<uuid:invitation_id>/withdraw/", views.withdraw, name="withdraw"),
    path("team/outbox/", views.outbox, name="outbox"),
    path("team/audit/", views.audit_log, name="audit"),
    path("team/two-factor/", views.second_factor, name="second-factor"),
    path("team/two-factor/require/", views.require_totp, name="require-totp"),
    path("team/choose/", views.choose, name="choose"),
    path("team/new/", views.no_team, name="no-team"),
    path("join/<str:token>/", views.join, name="join"),
]
