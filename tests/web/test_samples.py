"""The sample team: real people, real work, and gone with one button."""

from __future__ import annotations

import pytest
from django.test import Client

from djudge.web.accounts.models import User
from djudge.web.grading import reports
from djudge.web.grading.models import Result, Submission
from djudge.web.hiring.models import Application, Stage
from djudge.web.organizations.models import Team
from djudge.web.samples import actions
from tests.reports import sample_reports
from tests.web.browsing import BACKEND
from tests.web.cast import Cast, graded


@pytest.mark.django_db
def test_a_first_start_makes_a_team_that_can_sign_in_and_work_that_waits_to_be_graded(client: Client) -> None:
    signs = actions.make()
    assert {sign.role for sign in signs} == {"Owner", "Recruiter", "Hiring manager", "Interviewer"}
    assert Application.objects.filter(stage=Stage.SUBMITTED).count() == 3
    assert Submission.objects.count() == 9
    for sign in signs:
        answer = client.post("/accounts/login/", {"login": sign.email, "password": sign.password})
        assert answer.status_code == 302, sign
        client.logout()
    assert actions.make() == (), "a second start makes nothing"


@pytest.mark.django_db
def test_the_sample_has_a_debrief_with_a_beginning_and_a_resume_to_be_read(client: Client) -> None:
    actions.make()
    carla = Application.objects.get(candidate__name="Carla Competente")
    assert carla.resume
    assert [reading.state for reading in carla.readings.all()] == ["waiting"], "a worker reads it"
    assert [len(talk.scorecards.exclude(filed_at=None)) for talk in carla.interviews.all()] == [2, 1]
    client.force_login(User.objects.get(email="olga@sample.example"), backend=BACKEND)
    page = client.get(f"/applications/{carla.pk}/debrief/").content.decode()
    assert "Talk about this first" in page
    assert "This query is slow" in page


@pytest.mark.django_db
def test_the_first_page_draws_the_growth_that_was_measured_in_the_sample(client: Client) -> None:
    actions.make()
    assert "<svg" not in client.get("/").content.decode(), "nothing is graded yet, and nothing is invented"
    slow = Submission.objects.filter(task="shop/slow-product-list").first()
    assert slow is not None
    Result.objects.create(submission=slow, **reports.columns(sample_reports.junior().to_json()))
    page = client.get("/").content.decode()
    assert 'class="chart"' in page
    assert "Measured just here" in page


def test_a_real_teams_reports_are_on_no_first_page(cast: Cast, client: Client) -> None:
    graded(cast, "Zoe", sample_reports.junior())
    Submission.objects.update(task="shop/slow-product-list")
    assert "<svg" not in client.get("/").content.decode()


def test_where_somebody_is_already_nothing_is_made_and_nobody_becomes_an_administrator(cast: Cast) -> None:
    """An address of the sample can be taken by anybody once it is free."""
    taken = User.objects.create_user("olga@sample.example", "a good password", name="Eve")
    assert actions.make() == ()
    taken.refresh_from_db()
    assert not taken.is_superuser
    assert taken.check_password("a good password")


@pytest.mark.django_db
def test_one_button_takes_all_of_it_away_and_nothing_else(client: Client) -> None:
    actions.make()
    cast = Cast.make()
    client.force_login(
        User.objects.get(email="olga@sample.example"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.post("/samples/remove/").status_code == 302
    assert not Team.objects.filter(is_sample=True).exists()
    assert not User.objects.filter(email__endswith="@sample.example").exists()
    assert client.get("/jobs/").status_code == 302, "signed out"
    assert Team.objects.filter(pk=cast.team.pk).exists()
    assert Application.objects.count() == 1
    assert not Submission.objects.exists()
