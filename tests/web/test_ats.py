"""Applicant tracking systems: Greenhouse and Ashby list our assessments, send them, and learn when one is done.

The schemas here are written by what both publish about their contracts, and not by our code.
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from djudge.web.accounts.models import User
from djudge.web.api import actions as api
from djudge.web.api.models import Token
from djudge.web.api.scopes import Scope
from djudge.web.ats import actions, telling
from djudge.web.ats.models import Complaint, Order, System, Told
from djudge.web.grading import reports
from djudge.web.grading.models import Result, State, Submission
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import Application, Candidate, Job
from djudge.web.mail.models import Message
from djudge.web.organizations.models import AuditEvent
from djudge.web.webhooks.delivering import DELAYS
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.models import Sitting
from djudge.web.workspace.personal_data import copy_of, erase
from tests.reports import sample_reports
from tests.web import addresses
from tests.web.cast import Cast
from tests.web.receiver import HOST, Receiver
from tests.web.test_webhook_networks import Names, certificate, names, secure, trusted

__all__ = ["certificate", "names", "secure", "trusted"]
pytestmark = pytest.mark.django_db

GREENHOUSE: Final = "/api/ats/greenhouse/"
ASHBY: Final = "/api/ats/ashby/"
ASHBYS_KEY: Final = "ashby_0123456789"

_STRING: Final = {"type": "string", "minLength": 1}
_PRIMITIVE: Final = {"type": ["string", "number", "boolean", "null"]}
TESTS: Final = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["partner_test_id", "partner_test_name"],
        "properties": {"partner_test_id": _STRING, "partner_test_name": _STRING},
    },
}
SENT: Final = {
    "type": "object",
    "required": ["partner_interview_id"],
    "properties": {"partner_interview_id": _STRING},
    "additionalProperties": False,
}
STATUS: Final = {
    "type": "object",
    "required": ["partner_status"],
    "properties": {
        "partner_status": _STRING,
        "partner_profile_url": {"type": "string", "pattern": "^https?://"},
        "partner_score": {"type": "number"},
        "metadata": {"type": "object", "additionalProperties": _PRIMITIVE},
    },
    "additionalProperties": False,
    "if": {"properties": {"partner_status": {"const": "complete"}}},
    "then": {"required": ["partner_profile_url"]},
}
_FIELD: Final = {
    "type": "object",
    "required": ["identifier", "label", "type", "value"],
    "properties": {
        "identifier": _STRING,
        "label": _STRING,
        "type": {"enum": ["numeric_score", "numeric_duration_minutes", "url", "string", "boolean_success"]},
        "value": {},
        "description": {"type": "string"},
    },
    "additionalProperties": False,
}
UPDATE: Final = {
    "type": "object",
    "required": ["assessment_id", "timestamp"],
    "properties": {
        "assessment_id": {"type": "string", "pattern": "^[0-9a-f-]{36}$"},
        "timestamp": {"type": "integer", "minimum": 1_600_000_000_000},
        "assessment_status": _FIELD,
        "assessment_profile_url": {"allOf": [_FIELD, {"properties": {"type": {"const": "url"}}}]},
        "assessment_result": _FIELD,
        "cancelled_reason": _FIELD,
        "metadata": {"type": "array", "items": _FIELD},
    },
    "additionalProperties": False,
    "dependentRequired": {"assessment_result": ["assessment_profile_url"]},
    "anyOf": [{"required": ["assessment_status"]}, {"required": ["cancelled_reason"]}],
}


class Elsewhere(APIClient):
    """A system of somebody else's, with a token of somebody of the team as user name and no password."""

    token: Token
    secret: str

    def ask(self, path: str, data: Any = None) -> tuple[int, Any]:
        answer = self.get(path) if data is None else self.post(path, data, format="json")
        return answer.status_code, answer.json()


def system_of(user: User, team: Any, scopes: tuple[str, ...] = (Scope.SEND_ASSESSMENTS,)) -> Elsewhere:
    system = Elsewhere()
    membership = team.memberships.select_related("team", "user").get(user=user)
    system.token, system.secret = api.make_token(membership=membership, name="ATS", scopes=scopes, days=30)
    system.credentials(HTTP_AUTHORIZATION=basic(system.secret))
    return system


def basic(name: str, password: str = "") -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture
def theirs(cast: Cast) -> Elsewhere:
    return system_of(cast.rita, cast.team)


def order(cast: Cast, **more: Any) -> dict[str, Any]:
    """What Greenhouse sends, by its documentation's example."""
    person = {
        "first_name": "Zoe", "last_name": "Zed", "email": "Zoe@example.org", "phone_number": None,
        "resume_url": "https://hooks.example.org/resume",
        "greenhouse_profile_url": "https://app.greenhouse.io/people/1?application_id=2",
    }  # fmt: skip
    said = {"partner_test_id": str(cast.job.pk), "candidate": person, "url": "https://hooks.example.org/tests/12345"}
    return said | more


def start(cast: Cast, **more: Any) -> dict[str, Any]:
    """What Ashby sends."""
    return {
        "assessment_type_id": str(cast.job.pk),
        "candidate": {"ashby_id": "c1", "first_name": "Zoe", "last_name": "Zed", "email": "zoe@example.org"},
        "application": {"ashby_id": "a1", "status": "Interview"},
        "job": {"ashby_id": "j1", "name": "Developer"},
        **more,
    }


def sent(cast: Cast, theirs: Elsewhere, **more: Any) -> Order:
    status, body = theirs.ask(GREENHOUSE + "send_test", order(cast, **more))
    assert status == 200, body
    jsonschema.validate(body, SENT)
    return Order.objects.get(pk=body["partner_interview_id"])


def begun(application: Application) -> Sitting:
    return workspace.begin(Sitting.objects.get(application=application))


def graded(application: Application) -> Sitting:
    """The first task came back, the second was left; the candidate said that this is all."""
    sitting = begun(application)
    work = sitting.works.get(position=1)
    work.submission = Submission.objects.create(task=work.task, files={}, state=State.GRADED)
    work.save()
    Result.objects.create(submission=work.submission, **reports.columns(sample_reports.junior().to_json()))
    workspace.finish(sitting)
    return sitting


def tell_all() -> int:
    """What beat and workers would do now."""
    found = telling.due()
    for each in found:
        telling.tell(each.pk, each.attempts)
    return len(found)


# --- Who comes in


def test_every_address_of_the_contracts_wants_a_token_that_works_and_was_made_for_it(cast: Cast) -> None:
    every = {name: each for name, each in addresses.of_the_api().items() if name.startswith("ats:")}
    assert len(every) == 7
    revoked, expired = system_of(cast.rita, cast.team), system_of(cast.rita, cast.team)
    api.revoke_token(actor=cast.rita, token=revoked.token)
    Token.objects.filter(pk=expired.token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    wrong, nobody, bearer = Elsewhere(), Elsewhere(), Elsewhere()
    wrong.credentials(HTTP_AUTHORIZATION=basic("djudge_" + "0" * 16 + "_nothing"))
    bearer.credentials(HTTP_AUTHORIZATION=f"Bearer {system_of(cast.rita, cast.team).secret}")
    others = tuple(set(Scope) - {Scope.SEND_ASSESSMENTS})
    for name, pattern in every.items():
        [method] = set(pattern.callback.actions) & {"get", "post"}
        for system, expected in (
            (revoked, 401), (expired, 401), (wrong, 401), (nobody, 401), (bearer, 401),
            (system_of(cast.rita, cast.team, others), 403),
        ):  # fmt: skip
            answer = getattr(system, method)(reverse(name), {} if method == "post" else None, format="json")
            assert answer.status_code == expected, (name, answer.content)
            if expected == 401:
                assert answer["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("header", ["Basic", "Basic \xff", "Basic !!!", "Basic " + base64.b64encode(b"\xff:").decode()])
def test_a_header_that_nobody_can_read_is_no_token(cast: Cast, header: str) -> None:
    system = Elsewhere()
    system.credentials(HTTP_AUTHORIZATION=header)
    assert system.ask(GREENHOUSE + "list_tests")[0] == 401


def test_whoever_may_not_invite_on_the_pages_sends_nothing_from_elsewhere(cast: Cast) -> None:
    assert system_of(cast.ines, cast.team).ask(GREENHOUSE + "send_test", order(cast))[0] == 403
    assert system_of(cast.ida, cast.team).ask(GREENHOUSE + "send_test", order(cast))[0] == 404
    assert not Order.objects.exists()


def test_another_teams_jobs_and_orders_are_not_there(cast: Cast, theirs: Elsewhere) -> None:
    mine = sent(cast, theirs)
    eve = system_of(cast.eve, cast.eve.memberships.get().team)
    assert eve.ask(GREENHOUSE + "list_tests") == (200, [])
    assert eve.ask(GREENHOUSE + "send_test", order(cast))[0] == 404
    assert eve.ask(f"{GREENHOUSE}test_status?partner_interview_id={mine.pk}")[0] == 404
    assert eve.ask(ASHBY + "assessment.start", start(cast))[0] == 404
    assert eve.ask(ASHBY + "assessment.cancel", {"assessment_id": str(mine.pk)})[0] == 404


@pytest.mark.parametrize("name", ["", "12345", "0199d5a0-0000-7000-8000-000000000001", "'; DROP TABLE", "\u202e"])
def test_what_nobody_ordered_is_not_there(cast: Cast, theirs: Elsewhere, name: str) -> None:
    assert theirs.get(GREENHOUSE + "test_status", {"partner_interview_id": name}).status_code == 404
    said = order(cast, partner_test_id=name)
    assert theirs.ask(GREENHOUSE + "send_test", said)[0] == (422 if name == "" else 404)


# --- Greenhouse


def test_greenhouse_lists_open_jobs_with_an_assessment(cast: Cast, theirs: Elsewhere) -> None:
    Job.objects.create(team=cast.team, title="Asks nothing", use_case="shop")
    Job.objects.create(
        team=cast.team, title="Closed", use_case="shop", assessment=cast.assessment, state=Job.State.CLOSED
    )
    status, tests = theirs.ask(GREENHOUSE + "list_tests")
    assert status == 200
    jsonschema.validate(tests, TESTS)
    assert [each["partner_test_id"] for each in tests] == [str(cast.job.pk)]
    assert "Developer" in tests[0]["partner_test_name"]
    assert "Short" in tests[0]["partner_test_name"]


def test_greenhouse_sends_a_test_and_the_candidate_gets_one_mail_with_the_link(cast: Cast, theirs: Elsewhere) -> None:
    found = sent(cast, theirs)
    candidate = found.application.candidate
    assert (candidate.name, candidate.email, found.application.job) == ("Zoe Zed", "zoe@example.org", cast.job)
    assert Sitting.objects.filter(application=found.application).exists()
    assert Message.objects.filter(to="zoe@example.org").count() == 1
    assert AuditEvent.objects.filter(verb="sent the assessment from another system", actor=cast.rita).count() == 1
    assert theirs.secret not in found.key


def test_sending_twice_is_sending_once(cast: Cast, theirs: Elsewhere) -> None:
    assert sent(cast, theirs) == sent(cast, theirs)
    assert Message.objects.filter(to="zoe@example.org").count() == 1
    assert Candidate.objects.filter(team=cast.team, email="zoe@example.org").count() == 1


def test_somebody_who_was_invited_here_already_gets_no_second_mail(cast: Cast, theirs: Elsewhere) -> None:
    workspace.invite(actor=cast.olga, application=cast.application)
    before = Message.objects.count()
    person = {"first_name": "Ada", "last_name": "", "email": "ADA@example.org"}
    assert sent(cast, theirs, candidate=person).application == cast.application
    assert Message.objects.count() == before


def test_a_closed_job_and_an_application_that_has_ended_are_told_as_such(cast: Cast, theirs: Elsewhere) -> None:
    hiring.withdraw(application=cast.application)
    person = {"first_name": "Ada", "last_name": "A", "email": "ada@example.org"}
    status, body = theirs.ask(GREENHOUSE + "send_test", order(cast, candidate=person))
    assert (status, body["detail"]) == (409, "This application has ended.")
    Job.objects.filter(pk=cast.job.pk).update(state=Job.State.CLOSED)
    assert theirs.ask(GREENHOUSE + "send_test", order(cast))[0] == 409
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example.org/1", "has to begin with https://"), ("ftp://hooks.example.org/", "has to begin with"),
        ("https://169.254.169.254/latest/", "is not called"), ("https://127.0.0.1:6379/", "is not called"),
        ("https://[::1]/", "is not called"), ("https://localhost/", "is not called"),
        ("https://me:secret@hooks.example.org/", "leave name and password out"), ("nonsense", "has to begin with"),
    ],
)  # fmt: skip
def test_an_address_that_we_would_not_call_is_refused_with_the_reason_and_nobody_is_invited(
    cast: Cast, theirs: Elsewhere, url: str, why: str
) -> None:
    status, body = theirs.ask(GREENHOUSE + "send_test", order(cast, url=url))
    assert (status, body["errors"][0]["field"]) == (422, "url")
    assert why in body["errors"][0]["says"]
    assert not Candidate.objects.filter(email="zoe@example.org").exists()


@pytest.mark.parametrize(
    "person",
    [
        {}, {"first_name": "Zoe\nBcc: x@example.org", "last_name": "Z", "email": "z@example.org"},
        {"first_name": "Z" * 60, "last_name": "Z", "email": "z@example.org"},
        {"first_name": "Zoe", "last_name": "Z", "email": "z@example.org, x@example.org"},
        {"first_name": "\x00", "last_name": "Z", "email": "z@example.org"},
        {"first_name": "\ud800", "last_name": "Z", "email": "z@example.org"},
        {"first_name": ["Zoe"], "last_name": "Z", "email": "z@example.org"}, "Zoe", None,
    ],
)  # fmt: skip
def test_a_candidate_that_is_none_is_refused(cast: Cast, theirs: Elsewhere, person: Any) -> None:
    said = json.dumps(order(cast, candidate=person))
    answer = theirs.post(GREENHOUSE + "send_test", said, content_type="application/json")
    assert answer.status_code == 422, answer.content
    assert not Order.objects.exists()


def test_a_hostile_name_is_a_name_and_nothing_more(cast: Cast, theirs: Elsewhere, as_: Any) -> None:
    hostile = {"first_name": "<script>alert(1)</script>", "last_name": "{{ 7*7 }}", "email": "z@example.org"}
    sent(cast, theirs, candidate=hostile)
    page = as_(cast.olga).get(reverse("ats:systems")).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page
    assert "<script>alert(1)" not in page


def test_greenhouse_hears_where_a_test_is_and_at_last_what_was_shown_and_never_a_score(
    cast: Cast, theirs: Elsewhere
) -> None:
    found = sent(cast, theirs)
    address = f"{GREENHOUSE}test_status?partner_interview_id={found.pk}"
    assert theirs.ask(address) == (200, {"partner_status": "sent"})
    sitting = begun(found.application)
    assert theirs.ask(address) == (200, {"partner_status": "started"})
    graded(found.application)
    status, body = theirs.ask(address)
    assert status == 200
    jsonschema.validate(body, STATUS)
    assert body["partner_status"] == "complete"
    assert "partner_score" not in body
    assert body["partner_profile_url"].endswith(f"/applications/{found.application_id}/")
    assert body["metadata"]["Shown"].startswith(("Level", "Below", "No level"))
    assert body["metadata"]["Not tested"]
    assert not any(word in json.dumps(body).lower() for word in ("score", "recommend", "pass", "hire"))
    assert sitting.application is not None


def test_what_is_still_being_graded_is_not_complete(cast: Cast, theirs: Elsewhere) -> None:
    found = sent(cast, theirs)
    sitting = graded(found.application)
    work = sitting.works.get(position=2)
    work.submission = Submission.objects.create(task=work.task, files={}, state=State.RUNNING)
    work.save()
    assert theirs.ask(f"{GREENHOUSE}test_status?partner_interview_id={found.pk}")[1] == {"partner_status": "started"}
    assert telling.due() == []


def test_somebody_who_handed_in_nothing_is_done_and_nothing_is_said_about_them(cast: Cast, theirs: Elsewhere) -> None:
    found = sent(cast, theirs)
    workspace.finish(begun(found.application))
    body = theirs.ask(f"{GREENHOUSE}test_status?partner_interview_id={found.pk}")[1]
    jsonschema.validate(body, STATUS)
    assert (body["partner_status"], body["metadata"]["Not tested"]) == ("complete", "")


def test_greenhouse_is_told_once_by_a_patch_with_its_own_key_when_everything_is_graded(
    cast: Cast, theirs: Elsewhere, secure: Receiver, trusted: None, names: Names
) -> None:
    names([HOST])
    found = sent(cast, theirs, url=f"https://hooks.example.org:{secure.port}/tests/12345")
    assert tell_all() == 0
    begun(found.application)
    assert tell_all() == 0, "Greenhouse hears of the end alone"
    graded(found.application)
    assert tell_all() == 1
    [told] = secure.told
    assert (told.method, told.path) == ("PATCH", "/tests/12345")
    assert told.headers["authorization"] == basic(theirs.secret)
    found.refresh_from_db()
    assert (found.told, found.key, found.trouble) == (Told.COMPLETE, "", "")
    assert tell_all() == 0


def test_another_place_to_be_told_at_is_told_as_well(
    cast: Cast, theirs: Elsewhere, secure: Receiver, trusted: None, names: Names
) -> None:
    names([HOST])
    found = sent(cast, theirs, url=f"https://hooks.example.org:{secure.port}/tests/1")
    graded(found.application)
    tell_all()
    assert sent(cast, theirs, url=f"https://hooks.example.org:{secure.port}/tests/2") == found
    tell_all()
    assert [each.path for each in secure.told] == ["/tests/1", "/tests/2"]
    assert Message.objects.filter(to="zoe@example.org", subject__startswith="Your work sample").count() == 1


def test_a_name_that_leads_to_a_private_address_is_not_called_and_the_owners_read_why(
    cast: Cast, theirs: Elsewhere, secure: Receiver, names: Names, as_: Any
) -> None:
    names(["10.0.0.1"])
    found = sent(cast, theirs, url=f"https://hooks.example.org:{secure.port}/tests/1")
    graded(found.application)
    tell_all()
    assert secure.connections == 0
    assert "10.0.0.1 is not called" in as_(cast.olga).get(reverse("ats:systems")).content.decode()


@pytest.mark.parametrize("mood", ["refuses", "redirects", "hangs up", "is busy"])
def test_what_was_not_heard_is_told_again_later_and_at_last_given_up(
    cast: Cast, theirs: Elsewhere, secure: Receiver, trusted: None, names: Names, mood: str
) -> None:
    names([HOST])
    secure.mood = mood
    found = sent(cast, theirs, url=f"https://hooks.example.org:{secure.port}/tests/1")
    graded(found.application)
    assert tell_all() == 1
    found.refresh_from_db()
    assert (found.attempts, found.told, bool(found.trouble)) == (1, Told.NOTHING, True)
    assert found.next_try_at is not None
    assert found.next_try_at > timezone.now()
    assert tell_all() == 0, "not before its time"
    Order.objects.update(attempts=len(DELAYS), next_try_at=timezone.now())
    assert tell_all() == 1
    found.refresh_from_db()
    assert (found.was_given_up, found.key) == (True, "")
    secure.mood = "well"
    assert sent(cast, theirs, url=f"https://hooks.example.org:{secure.port}/tests/1") == found
    assert tell_all() == 1
    found.refresh_from_db()
    assert (found.told, found.was_given_up) == (Told.COMPLETE, False)


def test_the_key_with_which_it_was_sent_last_is_the_one_that_is_shown(
    cast: Cast, theirs: Elsewhere, secure: Receiver, trusted: None, names: Names
) -> None:
    names([HOST])
    renewed = system_of(cast.rita, cast.team)
    url = f"https://hooks.example.org:{secure.port}/tests/1"
    found = sent(cast, theirs, url=url)
    assert sent(cast, renewed, url=url) == found
    graded(found.application)
    tell_all()
    assert secure.told[0].headers["authorization"] == basic(renewed.secret)


def test_of_two_workers_one_tells(cast: Cast, theirs: Elsewhere, secure: Receiver, trusted: None, names: Names) -> None:
    names([HOST])
    found = sent(cast, theirs, url=f"https://hooks.example.org:{secure.port}/tests/1")
    graded(found.application)
    telling.tell(found.pk, 0)
    telling.tell(found.pk, 0)
    assert len(secure.told) == 1


def test_greenhouses_complaints_are_shown_to_owners_and_forgotten(cast: Cast, theirs: Elsewhere, as_: Any) -> None:
    found = sent(cast, theirs)
    said = {
        "api_call": "test_status", "errors": ["partner_profile_url is missing <b>", ""], "partner_test_id": 12345,
        "partner_test_name": None, "partner_interview_id": str(found.pk), "candidate_email": "zoe@example.org",
    }  # fmt: skip
    assert theirs.ask(GREENHOUSE + "response_error", said)[0] == 200
    assert theirs.ask(GREENHOUSE + "response_error", {"api_call": "list_tests", "errors": []})[0] == 200
    assert theirs.ask(GREENHOUSE + "response_error", said | {"partner_interview_id": 299506})[0] == 200
    assert theirs.ask(GREENHOUSE + "response_error", {"errors": "none"})[0] == 422
    assert [each.order_id for each in Complaint.objects.order_by("created_at")] == [found.pk, None, None]
    assert "partner_profile_url is missing &lt;b&gt;" in as_(cast.olga).get(reverse("ats:systems")).content.decode()
    Complaint.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert actions.forget_old() == 3


# --- The candidate's own


def test_a_candidate_gets_a_copy_of_it_and_erasing_takes_it_away(cast: Cast, theirs: Elsewhere) -> None:
    found = sent(cast, theirs)
    actions.complain(
        membership=cast.team.memberships.get(user=cast.rita), system=System.GREENHOUSE, about="test_status",
        texts=["Zoe is unknown"], order=found,
    )  # fmt: skip
    candidate = found.application.candidate
    with zipfile.ZipFile(BytesIO(copy_of(candidate))) as archive:
        facts: Mapping[str, Any] = json.loads(archive.read("about-you.json"))
    [application] = facts["applications"]
    assert application["sent from other systems"][0]["callback"] == "https://hooks.example.org/tests/12345"
    assert application["what these complained of"][0]["complaints text"] == "Zoe is unknown"
    assert "key" not in application["sent from other systems"][0]
    erase(candidate)
    assert not Order.objects.exists()
    assert not Complaint.objects.exists()


def test_the_how_to_names_every_address_and_the_scope() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "connect-your-applicant-tracking-system.md"
    text = page.read_text()
    for name in addresses.of_the_api():
        if name.startswith("ats:"):
            assert reverse(name).rpartition("/")[2] in text
    assert Scope.SEND_ASSESSMENTS in text
