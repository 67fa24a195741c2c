"""Addresses of candidates' work, on both sides."""

from django.urls import path

from djudge.web.workspace import candidate_views, editor_views, team_views

app_name = "workspace"
urlpatterns = [
    path("applications/<uuid:application_id>/", team_views.application, name="application"),
    path("applications/<uuid:application_id>/invite/", team_views.invite, name="invite"),
    path("applications/<uuid:application_id>/level/", team_views.level, name="level"),
    path("assessments/<uuid:assessment_id>/preview/", team_views.preview, name="preview"),
    path("jobs/<uuid:job_id>/candidates/table/", team_views.enter_many, name="enter-many"),
    path("jobs/<uuid:job_id>/compare/", team_views.compare, name="compare"),
    path("applications/<uuid:application_id>/erase/", team_views.erase_candidate, name="erase"),
    path("applications/<uuid:application_id>/regrade/<int:position>/", team_views.regrade, name="regrade"),
    path("appeals/<uuid:appeal_id>/answer/", team_views.answer_appeal, name="answer-appeal"),
    path("reports/<uuid:submission_id>/", team_views.report, name="team-report"),
    path("reports/<uuid:submission_id>/again/", team_views.grade_again, name="grade-again"),
    path("apply/<uuid:job_id>/", candidate_views.apply, name="apply"),
    path("status/<str:token>/", candidate_views.status, name="status"),
    path("status/<str:token>/data/", candidate_views.personal_data, name="personal-data"),
    path("status/<str:token>/withdraw/", candidate_views.withdraw, name="withdraw"),
    path("try/", candidate_views.try_it, name="try"),
    path("work/<str:token>/", candidate_views.sitting, name="sitting"),
    path("work/<str:token>/finish/", candidate_views.finish, name="finish"),
    path("work/<str:token>/<int:position>/", editor_views.work, name="work"),
    path("work/<str:token>/<int:position>/save/", editor_views.save, name="save"),
    path("work/<str:token>/<int:position>/files/", editor_views.change_files, name="change-files"),
    path("work/<str:token>/<int:position>/run/", editor_views.run, name="run"),
    path("work/<str:token>/<int:position>/hand-in/", editor_views.hand_in, name="hand-in"),
    path("work/<str:token>/<int:position>/again/", candidate_views.again, name="again"),
    path("work/<str:token>/<int:position>/report/", candidate_views.report, name="report"),
    path("work/<str:token>/redo/", candidate_views.redo, name="redo"),
    path("work/<str:token>/<int:position>/appeal/", candidate_views.appeal, name="appeal"),
    path("work/<str:token>/<int:position>/upload/", editor_views.upload, name="upload"),
    path("work/<str:token>/<int:position>/download/", editor_views.download, name="download"),
]
