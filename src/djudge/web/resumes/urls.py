"""Addresses about résumés, on both sides."""

from django.urls import path

from djudge.web.resumes import candidate_views, team_views

app_name = "resumes"
urlpatterns = [
    path("resumes/", team_views.resume_list, name="list"),
    path("applications/<uuid:application_id>/resume/reading/", team_views.reading, name="reading"),
    path("applications/<uuid:application_id>/resume/signals/<slug:signal>/", team_views.answer, name="answer"),
    path("applications/<uuid:application_id>/resume/blind/", team_views.blind, name="blind"),
    path("applications/<uuid:application_id>/resume/again/", team_views.again, name="again"),
    path("status/<str:token>/resume/", candidate_views.mine, name="mine"),
    path("status/<str:token>/resume/new/", candidate_views.send, name="send"),
]
