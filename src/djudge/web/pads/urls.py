"""Addresses of pads, on both sides."""

from django.urls import path

from djudge.web.pads import candidate_views, views

app_name = "pads"
urlpatterns = [
    path("interviews/<uuid:interview_id>/pad/", views.pad, name="pad"),
    path("interviews/<uuid:interview_id>/pad/live/", views.live, name="live"),
    path("interviews/<uuid:interview_id>/pad/run/", views.run, name="run"),
    path("interviews/<uuid:interview_id>/pad/end/", views.end, name="end"),
    path("interviews/<uuid:interview_id>/pad/<uuid:run_id>/", views.report, name="report"),
    path("pad/<str:token>/", candidate_views.work, name="work"),
    path("pad/<str:token>/live/", candidate_views.live, name="work-live"),
    path("pad/<str:token>/run/", candidate_views.run, name="work-run"),
    path("pad/<str:token>/<uuid:run_id>/", candidate_views.report, name="work-report"),
]
