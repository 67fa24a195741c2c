"""Addresses of this app. Those of the contracts have no slash at their ends: other systems write them so."""

from django.urls import path

from djudge.web.ats import pages
from djudge.web.ats.ashby import Ashby
from djudge.web.ats.greenhouse import Greenhouse

app_name = "ats"

_GREENHOUSE = "api/ats/greenhouse"
_ASHBY = "api/ats/ashby"

urlpatterns = [
    path("team/applicant-tracking/", pages.systems, name="systems"),
    path("team/applicant-tracking/ashby/", pages.ashby, name="ashby"),
    path(f"{_GREENHOUSE}/list_tests", Greenhouse.as_view({"get": "list_tests"}), name="list-tests"),
    path(f"{_GREENHOUSE}/send_test", Greenhouse.as_view({"post": "send_test"}), name="send-test"),
    path(f"{_GREENHOUSE}/test_status", Greenhouse.as_view({"get": "test_status"}), name="test-status"),
    path(f"{_GREENHOUSE}/response_error", Greenhouse.as_view({"post": "response_error"}), name="response-error"),
    path(f"{_ASHBY}/assessment.list", Ashby.as_view({"post": "types"}), name="assessment-list"),
    path(f"{_ASHBY}/assessment.start", Ashby.as_view({"post": "start"}), name="assessment-start"),
    path(f"{_ASHBY}/assessment.cancel", Ashby.as_view({"post": "cancel"}), name="assessment-cancel"),
]
