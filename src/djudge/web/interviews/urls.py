"""Addresses of the question bank."""

from django.urls import path

from djudge.web.interviews import views

app_name = "interviews"
urlpatterns = [
    path("questions/", views.question_list, name="questions"),
    path("questions/<slug:question_id>/", views.question, name="question"),
    path("questions/<slug:question_id>/practise/", views.practise, name="practise"),
]
