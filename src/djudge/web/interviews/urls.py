"""Addresses of the question bank, and of those who interview."""

from django.urls import path

from djudge.web.interviews import calibration_views, kit_views, museum_views, schedule_views, scorecard_views, views

app_name = "interviews"
urlpatterns = [
    path("questions/", views.question_list, name="questions"),
    path("questions/<slug:question_id>/", views.question, name="question"),
    path("questions/<slug:question_id>/practise/", views.practise, name="practise"),
    path("interviews/", scorecard_views.to_file, name="to-file"),
    path("interviews/calibration/", calibration_views.calibration, name="calibration"),
    path("interviews/calibration/download/", calibration_views.download, name="calibration-download"),
    path("interviews/calibration/erase/", calibration_views.erase, name="calibration-erase"),
    path("interviews/calibration/<uuid:rating_id>/erase/", calibration_views.erase_one, name="calibration-erase-one"),
    path("interviews/<uuid:interview_id>/", scorecard_views.interview, name="interview"),
    path("interviews/<uuid:interview_id>/join/", scorecard_views.join, name="join"),
    path("interviews/<uuid:interview_id>/cancel/", scorecard_views.cancel, name="cancel"),
    path("interviews/kits/", kit_views.kits_in_general, name="kits"),
    path("interviews/<uuid:interview_id>/change/", schedule_views.change, name="change"),
    path("interviews/<uuid:interview_id>/take-off/", schedule_views.take_off, name="take-off"),
    path("interviews/<uuid:interview_id>/calendar.ics", schedule_views.calendar, name="calendar"),
    path(
        "status/<str:token>/interviews/<uuid:interview_id>.ics",
        schedule_views.candidate_calendar,
        name="candidate-calendar",
    ),
    path("applications/<uuid:application_id>/phone-screen/", scorecard_views.begin_phone_screen, name="phone-screen"),
    path("museum/", museum_views.museum_hall, name="museum"),
    path("museum/<slug:pack>/<slug:slug>/", museum_views.exhibit, name="exhibit"),
    path("museum/<slug:pack>/<slug:slug>/sheet/", museum_views.exhibit_sheet, name="exhibit-sheet"),
]
