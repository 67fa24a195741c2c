"""The API: what programs can do, and what they are told where they can't."""

from __future__ import annotations

import pytest

from djudge.web.hiring.models import Job
from tests.web.cast import Cast
from tests.web.programs import program_of

pytestmark = pytest.mark.django_db


def test_a_program_learns_who_it_works_for(cast: Cast) -> None:
    status, body = program_of(cast.rita, cast.team).json("get", "/api/v1/me/")
    assert status == 200
    assert body["person"] == {"id": str(cast.rita.pk), "name": "Rita Name", "email": "rita@example.org"}
    assert (body["team"]["name"], body["role"]) == ("Olga's team", "recruiter")
    assert "decide" not in body["may"]


def test_jobs_are_created_changed_and_listed(cast: Cast) -> None:
    program = program_of(cast.olga, cast.team)
    status, made = program.json(
        "post", "/api/v1/jobs/", {"title": "By program", "builds": ["api"], "use_case": "backend"}
    )
    assert status == 201, made
    assert made["assessment"] is not None
    status, changed = program.json("patch", f"/api/v1/jobs/{made['id']}/", {"reply_days": 3})
    assert (status, changed["reply_days"]) == (200, 3)
    status, listed = program.json("get", "/api/v1/jobs/")
    assert [each["title"] for each in listed["results"]] == ["By program", "Developer"]
    assert Job.objects.get(pk=made["id"]).team == cast.team


def test_another_level_needs_a_reason_and_unknown_fields_are_refused(cast: Cast) -> None:
    program = program_of(cast.olga, cast.team)
    status, body = program.json("patch", f"/api/v1/jobs/{cast.job.pk}/", {"level_bar": 3})
    assert (status, body["errors"][0]["field"]) == (422, "bar_reason")
    status, body = program.json("patch", f"/api/v1/jobs/{cast.job.pk}/", {"titel": "x"})
    assert (status, body["errors"][0]["field"]) == (422, "titel")
    assert (body["fault"], bool(body["cure"])) == ("caller", True)
