"""Addresses that need both: what people said, and what was measured."""

from django.urls import path

from djudge.web.debriefs import debrief_views, plan_views

app_name = "debriefs"
urlpatterns = [
    path("applications/<uuid:application_id>/debrief/", debrief_views.debrief, name="debrief"),
    path("applications/<uuid:application_id>/said-and-did/", debrief_views.said_and_done, name="said-and-did"),
    path("applications/<uuid:application_id>/interviews/new/", plan_views.plan, name="plan"),
    path("applications/<uuid:application_id>/coverage/", plan_views.coverage_map, name="coverage"),
    path("interviews/<uuid:interview_id>/kit/", plan_views.kit, name="kit"),
]
