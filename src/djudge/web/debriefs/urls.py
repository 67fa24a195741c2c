"""Addresses of what stands before a decision."""

from django.urls import path

from djudge.web.debriefs import debrief_views

app_name = "debriefs"
urlpatterns = [
    path("applications/<uuid:application_id>/debrief/", debrief_views.debrief, name="debrief"),
    path("applications/<uuid:application_id>/said-and-did/", debrief_views.said_and_done, name="said-and-did"),
]
