"""Addresses of the hiring team about jobs and candidates."""

from django.urls import path

from djudge.web.hiring import views

app_name = "hiring"
urlpatterns = [
    path("jobs/", views.job_list, name="job-list"),
    path("jobs/new/", views.new_job, name="new-job"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    path("jobs/<uuid:job_id>/change/", views.change_job, name="change-job"),
    path("jobs/<uuid:job_id>/members/", views.members, name="members"),
    path("jobs/<uuid:job_id>/candidates/new/", views.new_candidate, name="new-candidate"),
    path("jobs/<uuid:job_id>/filters/", views.save_filter, name="save-filter"),
    path("jobs/<uuid:job_id>/filters/<uuid:filter_id>/forget/", views.forget_filter, name="forget-filter"),
    path("applications/<uuid:application_id>/move/", views.move, name="move"),
    path("applications/<uuid:application_id>/notes/", views.add_note, name="add-note"),
    path("applications/<uuid:application_id>/decide/", views.decide, name="decide"),
    path("applications/<uuid:application_id>/extra-time/", views.extra_time, name="extra-time"),
    path("applications/<uuid:application_id>/resume/", views.resume, name="resume"),
]
