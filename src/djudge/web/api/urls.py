"""Addresses of the API."""

from django.urls import include, path, re_path

from djudge.web.api import pages, root
from djudge.web.api.candidates import Applications, Candidates
from djudge.web.api.evidence import Invitations, Submissions
from djudge.web.api.jobs import Assessments, Jobs
from djudge.web.api.opinions import Decisions, Notes

app_name = "api"

router = root.Router()
router.register("me", root.Me, "me")
router.register("jobs", Jobs, "job")
router.register("assessments", Assessments, "assessment")
router.register("candidates", Candidates, "candidate")
router.register("applications", Applications, "application")
router.register("invitations", Invitations, "invitation")
router.register("submissions", Submissions, "submission")
router.register("notes", Notes, "note")
router.register("decisions", Decisions, "decision")

urlpatterns = [
    path("api/", pages.about, name="about"),
    path("api/v1/", include(router.urls)),
    # Whatever begins so is answered as the API answers.
    re_path(r"^api/v1/", root.Nothing.as_view(), name="nothing"),
]
