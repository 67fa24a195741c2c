"""Planning an interview: what is proposed, who has covered what, minutes that add up, who is told, and what nobody has
looked at."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from djudge.web.accounts.models import User
from djudge.web.hiring.models import Application, Stage, UseCase
from djudge.web.interviews.models import Interview, Kit, Rating
from djudge.web.mail.models import Message
from djudge.web.organizations.models import AuditEvent
from tests.reports import sample_reports
from tests.web.browsing import BACKEND
from tests.web.cast import Cast, filed, graded, planned


def _as(client: Client, who: User) -> Client:
    client.force_login(who, backend=BACKEND)
    return client


def _address(application: Application) -> str:
    return reverse("debriefs:plan", args=[application.pk])


def _ahead(days: int = 7) -> str:
    return (timezone.now() + timedelta(days=days)).date().isoformat()


def _fields(*who: User, **more: Any) -> dict[str, Any]:
    """A page as it is proposed, with these listeners."""
    return {"kit": "developer", "minutes": "60", "who": [str(each.pk) for each in who], "zone": "UTC"} | more


def _ticked(page: Any) -> list[str]:
    return [each.key for each in page.context["offers"] if each.is_asked]


def test_a_recruiter_plans_an_interview_with_two_listeners_and_both_get_kit_and_scorecard(
    cast: Cast, client: Client
) -> None:
    answer = _as(client, cast.rita).post(_address(cast.application), _fields(cast.ines, cast.hamid))
    interview = Interview.objects.get()
    assert answer["Location"] == reverse("debriefs:kit", args=[interview.pk])
    assert {card.rater for card in interview.scorecards.all()} == {cast.ines, cast.hamid}
    minutes = list(Rating.objects.filter(scorecard__rater=cast.ines).values_list("minutes", flat=True))
    assert (len(minutes), sum(minutes)) == (5, 60 - 3 - 5)
    assert AuditEvent.objects.filter(verb="planned an interview of", actor=cast.rita).exists()


def test_the_proposal_is_ticked_and_the_agenda_is_told_to_the_minute(cast: Cast, client: Client) -> None:
    page = _as(client, cast.rita).get(_address(cast.application))
    assert _ticked(page) == [
        "what-is-django-for", "catalogue-and-cart", "model-a-domain", "write-an-endpoint", "slow-query"
    ]  # fmt: skip
    assert sum(part.minutes for part in page.context["agenda"]) == 60
    assert page.context["agenda"][-1].end == 60


@pytest.mark.parametrize(
    ("use", "text"),
    [
        (UseCase.CMS, "How would you build a CMS with Django?"),
        (UseCase.SHOP, "Design a product catalogue and a shopping cart."),
        (UseCase.BACKEND, "Build a REST API for bookings of rooms by several teams."),
        (UseCase.PIPELINE, "How would you process large datasets with Django?"),
    ],
)
def test_each_use_brings_its_own_question_and_no_other_use_does(
    use: str, text: str, cast: Cast, client: Client
) -> None:
    cast.job.use_case = use
    cast.job.save()
    page = _as(client, cast.rita).get(_address(cast.application))
    of_uses = [each for each in page.context["offers"] if each.bank and each.bank.use_case]
    assert [(each.question.text, each.bank.use_case) for each in of_uses if each.is_asked] == [(text, use)]
    assert len(of_uses) == 4, "the others can be chosen"


def test_the_gap_is_filled_from_the_job_and_may_be_changed_for_one_interview(cast: Cast, client: Client) -> None:
    cast.job.domain = "visits to a clinic"
    cast.job.save()
    page = _as(client, cast.rita).get(_address(cast.application)).content.decode()
    assert "Design Django models for visits to a clinic." in page
    client.post(_address(cast.application), _fields(cast.ines, domain="beds of a hospital"))
    interview = Interview.objects.get()
    assert interview.domain == "beds of a hospital"
    texts = set(Rating.objects.values_list("text", flat=True))
    assert "Design Django models for beds of a hospital." in texts
    assert "Write a Django REST Framework endpoint for beds of a hospital: it lists and creates." in texts
    cast.job.refresh_from_db()
    assert cast.job.domain == "visits to a clinic"


def test_what_others_cover_is_told_with_their_name_and_not_proposed_once_more(cast: Cast, client: Client) -> None:
    _as(client, cast.rita).post(_address(cast.application), _fields(cast.ines, ask=["slow-query", "model-a-domain"]))
    filed(planned(cast, cast.application, cast.hamid, kit=Kit.ARCHITECT).scorecards.get())
    page = client.get(_address(cast.application))
    assert _ticked(page) == ["what-is-django-for", "catalogue-and-cart", "write-an-endpoint"]
    by = {each.key: [(one.who, one.is_filed) for one in each.covered] for each in page.context["offers"]}
    assert by["slow-query"] == [("Ines Name", False)]
    assert by["caching-strategy"] == [("Hamid Name", True)]
    assert "on the plan of Ines Name" in page.content.decode()
    assert "asked by Hamid Name" in page.content.decode()


def test_what_was_cancelled_or_not_asked_after_all_covers_nothing(cast: Cast, client: Client) -> None:
    talk = planned(cast, cast.application, cast.ines)
    _as(client, cast.ines).post(reverse("interviews:interview", args=[talk.pk]), {
        "skip-1": "on", "skip-2": "on", "heard-3": ["drf"], "quote-3": "With DRF.", "anchor-3": "junior", "file": "1",
    })  # fmt: skip
    off = planned(cast, cast.application, cast.hamid, kit=Kit.ARCHITECT)
    _as(client, cast.rita).post(reverse("interviews:cancel", args=[off.pk]))
    page = client.get(_address(cast.application), {"kit": "phone"})
    assert _ticked(page) == ["n-plus-one", "what-is-the-orm"], "only what was asked is covered"
    assert len(_ticked(client.get(_address(cast.application), {"kit": "architect"}))) == 3


def test_three_questions_come_from_the_candidates_own_measured_work(cast: Cast, client: Client) -> None:
    application = graded(cast, "Gina Graded", sample_reports.junior())
    page = _as(client, cast.rita).get(_address(application))
    own = [each for each in page.context["offers"] if each.group == "own"]
    assert 1 <= len(own) <= 3
    assert not any(each.is_asked for each in own), "one click each"
    text = page.content.decode()
    assert "Because" in text
    assert "Listen for" in text
    client.post(_address(application), _fields(cast.ines, ask=["slow-query", own[0].key]))
    rating = Rating.objects.get(position=2)
    assert (rating.question_id, rating.text) == ("", own[0].question.text)
    assert (rating.because, rating.listen_for) == (own[0].question.because, own[0].question.listen_for)
    again = client.get(_address(application))
    covered = next(each for each in again.context["offers"] if each.key == own[0].key).covered
    assert [each.who for each in covered] == ["Ines Name"]


def test_where_nothing_was_graded_the_page_says_so(cast: Cast, client: Client) -> None:
    page = _as(client, cast.rita).get(_address(cast.application)).content.decode()
    assert "Nothing of theirs was graded yet" in page


def test_the_minutes_are_worked_out_anew_and_nothing_that_was_typed_is_lost(cast: Cast, client: Client) -> None:
    sent = {
        "kit": "developer", "shown": "developer", "minutes": "45", "ask": ["slow-query", "caching-strategy"],
        "who": [str(cast.ines.pk)], "domain": "beds", "place": "Room 4", "day": "2031-05-06", "time": "10:30",
        "zone": "Europe/Berlin", "names_listeners": "on",
    }  # fmt: skip
    page = _as(client, cast.rita).get(_address(cast.application), sent)
    assert sum(part.minutes for part in page.context["agenda"]) == 45
    assert _ticked(page) == ["slow-query", "caching-strategy"]
    text = page.content.decode()
    for kept in (
        'value="Room 4"',
        'value="2031-05-06"',
        'value="10:30"',
        'value="beds"',
        'value="Europe/Berlin" selected',
    ):
        assert kept in text, kept
    box = re.search(f'<input[^>]*value="{cast.ines.pk}"[^>]*>', text)
    assert box is not None
    assert "checked" in box[0]
    assert not Interview.objects.exists()
    assert not Message.objects.filter(about=cast.application.pk, to=cast.ines.email).exists()


def test_another_kind_brings_its_own_questions_and_plans_nothing_unseen(cast: Cast, client: Client) -> None:
    fields = _fields(cast.ines, kit="architect", shown="developer", ask=["slow-query"], place="Room 4")
    answer = _as(client, cast.rita).post(_address(cast.application), fields)
    assert answer.status_code == 422
    assert _ticked(answer) == ["structure-for-scale", "caching-strategy", "background-tasks"]
    assert "Nothing is planned yet" in answer.content.decode()
    assert "Room 4" in answer.content.decode()
    assert not Interview.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"who": []}, "This field is required"),
        ({"shown": "developer", "ask": []}, "Please choose a question at least"),
        ({"ask": ["nothing-of-ours"]}, "Please choose a question at least"),
        ({"kit": "phone", "minutes": "15", "ask": [
            "n-plus-one", "what-is-the-orm", "build-an-api", "slow-query", "caching-strategy", "model-a-domain",
            "write-an-endpoint",
        ]}, "room for 6"),
        ({"day": "2031-05-06"}, "A time needs both"),
        ({"time": "10:00"}, "A time needs both"),
        ({"day": "yesterday", "time": "10:00"}, "Enter a valid date"),
        ({"day": "2001-05-06", "time": "10:00"}, "That is over already"),
        ({"day": "2031-03-30", "time": "02:30", "zone": "Europe/Berlin"}, "no such time on that day"),
        ({"day": "2031-10-26", "time": "02:30", "zone": "Europe/Berlin"}, "comes twice"),
        ({"day": "0001-01-01", "time": "00:00", "zone": "Asia/Tokyo"}, "No calendar goes that far"),
        ({"zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"minutes": "600"}, "Select a valid choice"),
        ({"place": "x" * 301}, "at most 300"),
    ],
)  # fmt: skip
def test_bad_input_is_said_and_nothing_of_the_rest_is_lost(
    wrong: dict[str, Any], says: str, cast: Cast, client: Client
) -> None:
    fields = _fields(cast.ines, domain="beds of a hospital") | wrong
    answer = _as(client, cast.rita).post(_address(cast.application), fields)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert says in text
    assert "beds of a hospital" in text
    assert not Interview.objects.exists()


def test_who_does_not_see_the_job_can_not_be_asked_to_listen(cast: Cast, client: Client) -> None:
    _as(client, cast.rita)
    page = client.get(_address(cast.application)).content.decode()
    assert "Ines Name (Interviewer)" in page
    assert "Ida Name" not in page
    for stranger in (cast.ida, cast.eve):
        answer = client.post(_address(cast.application), _fields(stranger))
        assert answer.status_code == 422
    assert not Interview.objects.exists()


def test_interviewers_plan_nothing_for_others(cast: Cast, client: Client) -> None:
    assert _as(client, cast.ines).get(_address(cast.application)).status_code == 403
    assert client.post(_address(cast.application), _fields(cast.ines)).status_code == 403
    assert (
        "Plan an interview"
        not in client.get(reverse("workspace:application", args=[cast.application.pk])).content.decode()
    )


def test_nobody_is_interviewed_for_an_application_that_has_ended(cast: Cast, client: Client) -> None:
    Application.objects.filter(pk=cast.application.pk).update(stage=Stage.REJECTED)
    answer = _as(client, cast.rita).post(_address(cast.application), _fields(cast.ines), follow=True)
    assert "has ended" in answer.content.decode()
    assert not Interview.objects.exists()


def test_a_time_is_meant_where_it_was_said_and_kept_in_utc(cast: Cast, client: Client) -> None:
    fields = _fields(cast.ines, day="2031-07-01", time="14:00", zone="Europe/Berlin", place="Room 4")
    page = _as(client, cast.rita).post(_address(cast.application), fields, follow=True)
    interview = Interview.objects.get()
    assert interview.at == datetime(2031, 7, 1, 12, tzinfo=UTC)
    assert "Tue 1 Jul 2031, 14:00 Europe/Berlin" in page.content.decode()
    assert 'value="Europe/Berlin" selected' in client.get(_address(cast.application)).content.decode(), (
        "for the next one"
    )


def test_the_map_shows_what_was_looked_at_by_whom_and_not_how_it_came_out(cast: Cast, client: Client) -> None:
    application = graded(cast, "Gina Graded", sample_reports.junior())
    filed(
        planned(cast, application, cast.hamid, kit=Kit.ARCHITECT).scorecards.get(), "junior", "Everything for a while."
    )
    planned(cast, application, cast.ines, kit=Kit.DEVELOPER)
    page = _as(client, cast.ines).get(reverse("debriefs:coverage", args=[application.pk]))
    looked = {each.bullet: each for _, found in page.context["levels"] for each in found}
    assert looked["caching"].by_people == ["Hamid Name"]
    assert "Ines Name" in looked["migrations-design"].planned
    assert looked["decorators"].by_tasks or looked["context-managers"].by_tasks or looked["orm-queries"].by_tasks
    assert looked["async"].is_open
    text = page.content.decode()
    assert "asked by Hamid Name" in text
    for told in ("Everything for a while.", "not shown", "Not shown", "partly", "Partly", "Junior"):
        assert told not in text, told


def test_the_plan_points_at_questions_about_what_nobody_has_looked_at(cast: Cast, client: Client) -> None:
    page = _as(client, cast.rita).get(_address(cast.application))
    assert {each.key for each in page.context["offers"] if each.fills_a_gap} >= {"caching-strategy", "slow-query"}
    planned(cast, cast.application, cast.hamid, kit=Kit.ARCHITECT)
    again = client.get(_address(cast.application))
    assert "caching-strategy" not in {each.key for each in again.context["offers"] if each.fills_a_gap}
