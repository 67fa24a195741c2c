"""Addresses of what can be learnt from a team's own rows, and of figures for operators."""

from django.urls import path

from djudge.web.insights import views

app_name = "insights"
urlpatterns = [
    path("figures/", views.team_figures, name="team-figures"),
    path("figures/rates/", views.team_rates, name="team-rates"),
    path("figures/rates.csv", views.team_rows, name="team-rows"),
    path("jobs/<uuid:job_id>/figures/", views.job_figures, name="job-figures"),
    path("jobs/<uuid:job_id>/rates/", views.job_rates, name="job-rates"),
    path("jobs/<uuid:job_id>/rates.csv", views.job_rows, name="job-rows"),
    path("applications/<uuid:application_id>/shared/", views.shared, name="shared"),
    path("applications/<uuid:application_id>/report.pdf", views.report_as_pdf, name="report-as-pdf"),
    path("metrics", views.metrics, name="metrics"),
]
