"""The API: what programs can do, and what they are told where they can't."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from djudge.web.accounts.models import User
from djudge.web.api import creating
from djudge.web.api.models import Creation
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import Application, Candidate, Job, Note, Stage
from djudge.web.mail.models import Message
from djudge.web.organizations.models import AuditEvent
from djudge.web.workspace.personal_data import erase
from tests.reports import sample_reports
from tests.web.cast import Cast, filed, graded, person, planned
from tests.web.programs import Program, program_of

pytestmark = pytest.mark.django_db

JOB = {"title": "By program", "builds": ["api"], "use_case": "backend"}


@pytest.fixture
def program(cast: Cast) -> Program:
    """Hamid's, who may do everything but manage the team."""
    return program_of(cast.hamid, cast.team)


def test_a_program_learns_who_it_works_for(cast: Cast) -> None:
    status, body = program_of(cast.rita, cast.team).json("get", "/api/v1/me/")
    assert status == 200
    assert body["person"] == {"id": str(cast.rita.pk), "name": "Rita Name", "email": "rita@example.org"}
    assert (body["team"]["name"], body["role"]) == ("Olga's team", "recruiter")
    assert "decide" not in body["may"]


def test_jobs_are_created_with_what_the_pages_propose_changed_and_listed(cast: Cast, program: Program) -> None:
    status, made = program.json("post", "/api/v1/jobs/", JOB)
    assert status == 201, made
    assert made["assessment"] is not None
    status, changed = program.json("patch", f"/api/v1/jobs/{made['id']}/", {"reply_days": 3})
    assert (status, changed["reply_days"]) == (200, 3)
    assert [each["title"] for each in program.json("get", "/api/v1/jobs/")[1]["results"]] == ["By program", "Developer"]
    assert Job.objects.get(pk=made["id"]).team == cast.team
    assert AuditEvent.objects.filter(team=cast.team, verb="changed the job", actor=cast.hamid).exists()


def test_another_level_needs_a_reason_by_program_as_on_the_pages(cast: Cast, program: Program) -> None:
    address = f"/api/v1/jobs/{cast.job.pk}/"
    status, body = program.json("patch", address, {"level_bar": 3})
    assert (status, body["errors"][0]["field"]) == (422, "bar_reason")
    assert program.json("patch", address, {"level_bar": 3, "bar_reason": "They lead a team."})[0] == 200
    assert program.json("patch", address, {"bar_reason": ""})[0] == 422


def test_a_job_takes_no_assessment_of_another_team_nor_of_the_other_lane(cast: Cast, program: Program) -> None:
    address = f"/api/v1/jobs/{cast.job.pk}/"
    status, body = program.json("patch", address, {"python_assessment": str(cast.assessment.pk)})
    assert (status, body["errors"][0]["field"]) == (422, "python_assessment")
    theirs = program_of(cast.eve, cast.eve.memberships.get().team).json("post", "/api/v1/jobs/", JOB)[1]["assessment"]
    assert program.json("patch", address, {"assessment": theirs})[0] == 422
    assert program.json("patch", address, {"assessment": None})[0] == 200


def test_somebody_is_entered_invited_and_decided_about_from_end_to_end(cast: Cast, program: Program) -> None:
    status, made = program.json(
        "post", "/api/v1/applications/",
        {"job": str(cast.job.pk), "name": "Zoe Zed", "email": "Zoe@example.org"},
    )  # fmt: skip
    assert (status, made["stage"], made["candidate"]["email"]) == (201, "applied", "zoe@example.org")
    about = {"application": made["id"]}
    status, invited = program.json("post", "/api/v1/invitations/", about)
    assert status == 201
    assert [each["submission"] for each in invited["works"]] == [None, None]
    assert Message.objects.filter(to="zoe@example.org").count() == 2
    assert program.json("post", "/api/v1/notes/", {**about, "text": "Friendly.", "rating": 4})[0] == 201
    status, decided = program.json(
        "post", "/api/v1/decisions/", {**about, "outcome": "reject", "reason": "Others were first."}
    )
    assert (status, decided["type"].rpartition("#")[2]) == (409, "not-now"), "nobody is rejected without a word"
    said = {**about, "outcome": "reject", "reason": "Others were first.", "message": "Thank you."}
    assert program.json("post", "/api/v1/decisions/", said)[0] == 201
    assert program.json("get", f"/api/v1/applications/{made['id']}/")[1]["stage"] == "rejected"
    assert program.json("post", "/api/v1/invitations/", about)[0] == 409


def test_who_applied_already_stays_as_they_are(cast: Cast, program: Program) -> None:
    said = {"job": str(cast.job.pk), "name": "Another Name", "email": cast.application.candidate.email}
    status, body = program.json("post", "/api/v1/applications/", said)
    assert (status, body["id"], body["candidate"]["name"]) == (200, str(cast.application.pk), "Ada Applicant")


def test_nobody_decides_by_program_about_evidence_that_they_never_opened(cast: Cast, program: Program) -> None:
    application = graded(cast, "Gina Graded", sample_reports.good())
    hiring.move(application=application, stage=Stage.SUBMITTED)
    said = {"application": str(application.pk), "outcome": "advance", "reason": "Good work."}
    assert program.json("post", "/api/v1/decisions/", said)[0] == 409
    submission = program.json("get", f"/api/v1/submissions/?application={application.pk}")[1]["results"][0]
    assert (submission["state"], bool(submission["headline"])) == ("graded", True)
    status, report = program.json("get", f"/api/v1/submissions/{submission['id']}/report/")
    assert (status, report["audience"]) == (200, "operator")
    assert program.json("post", "/api/v1/decisions/", said)[0] == 201
    assert application.evidence_views.filter(user=cast.hamid).exists()


def test_the_level_is_what_the_page_shows_and_looking_is_noted(cast: Cast, program: Program) -> None:
    application = graded(cast, "Gina Graded", sample_reports.good())
    status, level = program.json("get", f"/api/v1/applications/{application.pk}/level/")
    assert status == 200
    assert level["bullets"]
    assert application.evidence_views.filter(user=cast.hamid).exists()
    assert program.json("get", f"/api/v1/applications/{cast.application.pk}/level/")[0] == 404


def test_moving_is_no_way_around_a_decision(cast: Cast, program: Program) -> None:
    address = f"/api/v1/applications/{cast.application.pk}/move/"
    status, body = program.json("post", address, {"stage": "rejected"})
    assert (status, body["errors"][0]["field"]) == (422, "stage")
    assert program.json("post", address, {"stage": "submitted"})[1]["stage"] == "submitted"


def test_a_scorecard_is_kept_and_filed_by_the_rules_of_its_page(cast: Cast, program: Program) -> None:
    interview = planned(cast, cast.application, cast.hamid, cast.ines)
    card = interview.scorecards.get(rater=cast.hamid)
    theirs = filed(interview.scorecards.get(rater=cast.ines))
    address = f"/api/v1/scorecards/{card.pk}/"
    assert program.json("get", f"/api/v1/scorecards/{theirs.pk}/")[0] == 404, "not before one's own is filed"
    assert program.json("patch", address, {"answers": [{"position": 1, "quote": "Count them."}]})[0] == 200
    status, body = program.json("post", f"{address}file/", {})
    assert status == 422
    assert {each["field"] for each in body["errors"]} >= {"answers.2.quote"}
    others = [{"position": each.position, "was_asked": False} for each in card.ratings.all() if each.position > 1]
    status, done = program.json("post", f"{address}file/", {"answers": [{"position": 1, "anchor": "junior"}, *others]})
    assert (status, done["filed_at"] is not None, done["ratings"][0]["quote"]) == (200, True, "Count them.")
    assert program.json("post", f"{address}file/", {})[0] == 409
    assert program.json("get", f"/api/v1/scorecards/{theirs.pk}/")[0] == 200


def test_lists_are_filtered_sorted_and_refuse_what_they_do_not_know(cast: Cast, program: Program) -> None:
    for name in ("Bea Berg", "Cem Can"):
        hiring.apply(job=cast.job, name=name, email=f"{name[:3]}@example.org", lane="python-strong")

    def names(query: str) -> list[str]:
        status, body = program.json("get", f"/api/v1/applications/?{query}")
        assert status == 200, body
        return [each["candidate"]["name"] for each in body["results"]]

    assert names("lane=python-strong") == ["Cem Can", "Bea Berg"]
    assert names("q=ber&ordering=created_at") == ["Bea Berg"]
    assert names("is_overdue=true") == []
    assert len(names("is_overdue=false")) == 3
    assert names(f"job={cast.other_job.pk}") == []
    for wrong in ("lane=none", "is_overdue=perhaps", "stge=applied", "job=7", "ordering=name", "limit=0",
                  "limit=1e3", "lane=python-strong&lane=django-ready", "stage=", "cursor=nonsense", "q=%00",
                  "cursor=%00"):  # fmt: skip
        status, body = program.json("get", f"/api/v1/applications/?{wrong}")
        assert (status, body["errors"][0]["field"]) == (400, wrong.partition("=")[0]), wrong


def test_pages_stay_whole_while_others_are_added_and_where_many_have_the_same_day(cast: Cast, program: Program) -> None:
    for number in range(7):
        hiring.apply(job=cast.job, name=f"N{number}", email=f"n{number}@example.org", lane="django-ready")
    for ordering in ("-created_at", "created_at", "reply_by", "-reply_by"):
        seen: list[str] = []
        address = f"/api/v1/applications/?limit=3&ordering={ordering}"
        while address:
            body = program.json("get", address)[1]
            seen += [each["id"] for each in body["results"]]
            if len(seen) == 3:
                extra = hiring.apply(job=cast.job, name="X", email=f"{ordering}@example.org", lane="django-ready")
            back, address = body["previous"], body["next"]
        assert len(seen) == len(set(seen))
        there = {str(pk) for pk in Application.objects.exclude(pk=extra.pk).values_list("pk", flat=True)}
        assert there <= set(seen) | {str(extra.pk)}
        assert program.json("get", back)[1]["results"][-1]["id"] in seen
    assert program.json("get", "/api/v1/applications/?limit=3&ordering=reply_by")[1]["previous"] is None
    assert program.json("get", f"{back}&ordering=created_at")[0] == 400, "a cursor belongs to its order"


def test_the_same_key_creates_once_and_another_request_under_it_is_refused(cast: Cast, program: Program) -> None:
    said = {"application": str(cast.application.pk), "text": "Once."}
    first = program.post("/api/v1/notes/", said, headers={"Idempotency-Key": "k1"})
    again = program.post("/api/v1/notes/", said, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code, first.content) == (201, 201, again.content)
    assert (first["Location"], again["Idempotent-Replayed"]) == (again["Location"], "true")
    assert Note.objects.count() == 1
    other = program.post("/api/v1/notes/", {**said, "text": "Twice."}, headers={"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["type"].rpartition("#")[2]) == (422, "key-reused")
    colleague = program_of(cast.rita, cast.team).post("/api/v1/notes/", said, headers={"Idempotency-Key": "k1"})
    assert colleague.status_code == 201, "a key is each person's own"
    assert program.post("/api/v1/notes/", said, headers={"Idempotency-Key": "ü"}).status_code == 400


def test_a_key_that_came_with_a_mistake_or_a_day_ago_is_free(cast: Cast, program: Program) -> None:
    said = {"application": str(cast.application.pk), "text": ""}
    assert program.post("/api/v1/notes/", said, headers={"Idempotency-Key": "k2"}).status_code == 422
    said["text"] = "Mended."
    assert program.post("/api/v1/notes/", said, headers={"Idempotency-Key": "k2"}).status_code == 201
    Creation.objects.update(created_at=timezone.now() - creating.KEPT)
    assert program.post("/api/v1/notes/", said, headers={"Idempotency-Key": "k2"}).status_code == 201
    assert Note.objects.count() == 2
    Creation.objects.update(created_at=timezone.now() - creating.KEPT)
    assert creating.forget_old() == 1


def test_what_was_answered_ends_with_the_candidate(cast: Cast, program: Program) -> None:
    said = {"job": str(cast.job.pk), "name": "Xanthippe Quill", "email": "xq@example.org"}
    program.post("/api/v1/applications/", said, headers={"Idempotency-Key": "k3"})
    assert "Xanthippe" in Creation.objects.get().body
    erase(Candidate.objects.get(email="xq@example.org"), actor=cast.olga)
    assert not Creation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_create_one_thing(cast: Cast) -> None:
    program = program_of(cast.hamid, cast.team)
    said = {"application": str(cast.application.pk), "text": "At once."}
    answers: list[Any] = []
    barrier = threading.Barrier(4)

    def send() -> None:
        mine = Program()
        mine.credentials(HTTP_AUTHORIZATION=f"Bearer {program.secret}")
        barrier.wait()
        answers.append(mine.post("/api/v1/notes/", said, headers={"Idempotency-Key": "k4"}))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert Note.objects.count() == 1


def test_nobody_overwrites_what_they_have_not_seen(cast: Cast, program: Program) -> None:
    address = f"/api/v1/jobs/{cast.job.pk}/"
    seen = program.get(address)["ETag"]
    assert program.get(address, headers={"If-None-Match": seen}).status_code == 304
    changed = program.patch(address, {"reply_days": 3}, headers={"If-Match": seen})
    assert (changed.status_code, changed["ETag"] != seen) == (200, True)
    stale = program.patch(address, {"reply_days": 9}, headers={"If-Match": seen})
    assert (stale.status_code, stale.json()["type"].rpartition("#")[2]) == (412, "changed")
    assert program.patch(address, {"reply_days": 4}, headers={"If-Match": changed["ETag"]}).status_code == 200
    assert program.patch(address, {"reply_days": 5}).status_code == 200, "who does not ask is not held to it"
    move = f"/api/v1/applications/{cast.application.pk}/move/"
    assert program.post(move, {"stage": "submitted"}, headers={"If-Match": '"other"'}).status_code == 412


#: What anybody may send as a body, and what it gets.
BODIES: dict[str, tuple[bytes, int]] = {
    "no JSON": (b"{", 400),
    "not UTF-8": (b'{"title": "\xff"}', 400),
    "no object": (b"[1]", 422),
    "null": (b"null", 422),
    "NaN": (b'{"level_bar": NaN}', 400),
    "a tower": (b"[" * 200_000, 400),
    "a tower of objects": (b'{"a":' * 100_000, 400),
    "a number without end": (b'{"level_bar": ' + b"9" * 10_000 + b"}", 400),
    "a large number": (b'{"level_bar": ' + b"9" * 400 + b"}", 422),
    "a name twice": (b'{"title": "a", "title": "b"}', 400),
    "NUL": (b'{"title": "a\\u0000b"}', 422),
    "half of a pair": (b'{"title": "\\ud800", "use_case": "\\ud800", "\\ud800": 1}', 422),
    "two lines": (b'{"title": "a\\nb"}', 422),
    "of another kind": (b'{"title": 7, "builds": "api", "level_bar": "2"}', 422),
    "unknown": (b'{"titel": "a"}', 422),
    "what we set": (b'{"id": "x", "team": "y"}', 422),
}


@pytest.mark.parametrize("name", BODIES)
def test_no_body_breaks_it(name: str, cast: Cast, program: Program) -> None:
    body, expected = BODIES[name]
    for method, address in (("post", "/api/v1/jobs/"), ("patch", f"/api/v1/jobs/{cast.job.pk}/")):
        answer = program.generic(method.upper(), address, body, content_type="application/json")
        assert answer.status_code == expected, answer.content
        _is_problem(answer)


def test_too_much_another_kind_of_text_and_other_addresses_are_refused(cast: Cast, program: Program) -> None:
    large = json.dumps({"title": "x" * 7_000_000}).encode()
    assert program.generic("POST", "/api/v1/jobs/", large, content_type="application/json").status_code == 413
    for kind in (
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
    ):
        answer = program.generic("POST", "/api/v1/jobs/", b"title=x", content_type=kind)
        assert answer.status_code == 415, kind
        _is_problem(answer)
    for wrong in ("/api/v1/jobs/7/", "/api/v1/jobs/%00/", f"/api/v1/jobs/{cast.job.pk}", "/api/v1/nothing/",
                  f"/api/v1/jobs/{cast.other_job.pk}/", f"/api/v1/jobs/{cast.job.pk}x/"):  # fmt: skip
        answer = program.get(wrong)
        assert answer.status_code == 404, wrong
        _is_problem(answer)
    assert program.get("/api/v1/jobs/", headers={"Accept": "text/html"}).status_code == 406


def test_what_nobody_foresaw_is_our_fault_and_says_nothing_of_itself(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret details")

    program = program_of(cast.hamid, cast.team)
    program.raise_request_exception = False
    monkeypatch.setattr("djudge.web.hiring.access.jobs_for", broken)
    answer = program.get("/api/v1/jobs/")
    assert (answer.status_code, answer.json()["fault"]) == (500, "djudge")
    assert b"secret details" not in answer.content


def _is_problem(answer: Any) -> None:
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert {"type", "title", "status", "detail", "fault", "cure"} <= set(body)
    assert (body["status"], body["fault"]) == (answer.status_code, "caller")
    assert body["detail"]


def test_who_asks_too_often_waits_and_colleagues_and_other_tokens_don_t(
    cast: Cast, program: Program, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    monkeypatch.setitem(rates, "asking", "3/day")
    monkeypatch.setitem(rates, "guest", "2/day")
    assert [program.get("/api/v1/me/").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = program.get("/api/v1/me/")
    assert 0 < int(answer["Retry-After"]) <= 86400
    _is_problem(answer)
    assert program_of(cast.hamid, cast.team).get("/api/v1/me/").status_code == 200
    guesser = Program()
    guesser.credentials(HTTP_AUTHORIZATION="Bearer djudge_0000000000000000_guess")
    assert [guesser.get("/api/v1/me/").status_code for _ in range(3)] == [401, 401, 429]


def test_writing_is_counted_beside_the_rest(
    cast: Cast, program: Program, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "writing", "1/day")
    said = {"application": str(cast.application.pk), "text": "One."}
    assert [program.post("/api/v1/notes/", said).status_code for _ in range(2)] == [201, 429]
    assert program.get("/api/v1/notes/").status_code == 200


def test_where_the_cache_is_away_everybody_is_let_through(
    cast: Cast, program: Program, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "asking", "1/day")

    def away(*_: Any, **__: Any) -> int:
        raise ValueError("The cache is away.")

    monkeypatch.setattr(cache, "incr", away)
    assert [program.get("/api/v1/me/").status_code for _ in range(3)] == [200, 200, 200]


def _more(cast: Cast, first: int, count: int) -> None:
    """So many more of everything that a list shows."""
    for number in range(first, first + count):
        author: User = person(f"Rater{number}")
        job = Job.objects.create(team=cast.team, title=f"Job {number}", use_case="shop", assessment=cast.assessment)
        application = graded(cast, f"Graded {number}", sample_reports.good())
        hiring.apply(job=job, name=f"Graded {number}", email=application.candidate.email, lane="django-ready")
        hiring.add_note(actor=author, application=application, text="Seen.", rating=3)
        hiring.open_evidence(actor=author, application=application)
        hiring.decide(actor=author, application=application, outcome="advance", reason="Good.", message="")
        filed(planned(cast, application, author).scorecards.get())


#: How many statements a page of each list takes, with one for the token.
LISTS = {
    "jobs": 2, "assessments": 2, "candidates": 3, "applications": 2, "invitations": 3, "submissions": 2, "notes": 2,
    "decisions": 2, "interviews": 3, "scorecards": 3,
}  # fmt: skip


def test_every_list_needs_as_many_statements_for_forty_rows_as_for_four(cast: Cast, program: Program) -> None:
    program.get("/api/v1/me/")
    counts: list[dict[str, int]] = []
    for first, count in ((0, 4), (4, 36)):
        _more(cast, first, count)
        counts.append({name: len(_statements(program, f"/api/v1/{name}/")) for name in LISTS})
    assert counts[0] == counts[1] == LISTS
    assert len(program.get("/api/v1/applications/").json()["results"]) > 40


def _statements(program: Program, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert program.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]
