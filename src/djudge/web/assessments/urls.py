"""Addresses about tasks and assessments."""

from django.urls import path

from djudge.web.assessments import views

app_name = "assessments"
urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/<path:name>/", views.task, name="task"),
    path("assessments/", views.assessment_list, name="list"),
    path("assessments/new/", views.new, name="new"),
    path("assessments/<uuid:assessment_id>/", views.assessment, name="assessment"),
    path("assessments/<uuid:assessment_id>/archive/", views.archive, name="archive"),
]
