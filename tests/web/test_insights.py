"""Where people wait, what tasks tell, selection rates: right sums, and nothing told where there is too little."""

from __future__ import annotations

import csv
import importlib
import io
from datetime import timedelta
from math import comb

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from djudge.web.assessments.models import Lane
from djudge.web.grading.models import Result, State, Submission
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import Application, Candidate, Stage, StageChange
from djudge.web.insights import rates, selectors
from djudge.web.insights.templatetags.insights import span
from djudge.web.organizations.models import AuditEvent
from djudge.web.workspace import access, editing
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.models import FormerSubmission, Work
from tests.reports import sample_reports
from tests.web.browsing import BACKEND
from tests.web.cast import TASKS, Cast, graded

HOUR = timedelta(hours=1)
FILL = importlib.import_module("djudge.web.hiring.migrations.0006_stages_from_the_audit_log").fill


def applied(cast: Cast, name: str, lane: str = Lane.DJANGO_READY) -> Application:
    return hiring.apply(job=cast.job, name=name, email=f"{name.lower()}@example.org", lane=lane)


def stayed(application: Application, *hours: float) -> None:
    """As if the application had been in its stages for so many hours, the present one included."""
    at = timezone.now()
    for change, spent in zip(application.stage_changes.order_by("-at"), reversed(hours), strict=True):
        at -= HOUR * spent
        StageChange.objects.filter(pk=change.pk).update(at=at)


def many(cast: Cast, count: int, stage: Stage, lane: str = Lane.DJANGO_READY, extra: int = 1) -> None:
    """So many who got as far as that, made at once."""
    start = Candidate.objects.count()
    people = Candidate.objects.bulk_create(
        Candidate(team=cast.team, name=f"P{start + n}", email=f"p{start + n}@example.org") for n in range(count)
    )
    found = Application.objects.bulk_create(
        Application(
            job=cast.job, candidate=each, lane=lane, stage=stage, reply_by=timezone.localdate(), extra_time=extra
        )
        for each in people
    )
    at = timezone.now()
    StageChange.objects.bulk_create(
        StageChange(application=each, before=before, after=after, at=when)
        for each in found
        for before, after, when in (("", Stage.APPLIED, at - HOUR), (Stage.APPLIED, stage, at))
        if before != after
    )


def test_each_stage_says_who_reached_it_who_is_in_it_and_for_how_long(cast: Cast) -> None:
    quick, slow = cast.application, applied(cast, "Slow")
    workspace.invite(actor=cast.rita, application=quick)
    workspace.invite(actor=cast.rita, application=slow)
    stayed(quick, 2, 1)
    stayed(slow, 4, 30)
    stayed(applied(cast, "New"), 7)
    found = {row.stage: row for row in selectors.funnel(cast.job.applications.all()).rows}
    first, second = found[Stage.APPLIED], found[Stage.INVITED]
    assert (first.reached, first.now, first.share) == (3, 1, 100)
    assert (second.reached, second.now, second.share) == (2, 2, 67)
    assert first.median == 3 * HOUR, "of those who went on"
    assert round(first.longest / HOUR) == 7 if first.longest else False, "of those who wait, too"
    assert second.median is None
    assert second.longest is not None
    assert round(second.longest / HOUR) == 30
    assert found[Stage.HIRED].reached == 0


def test_who_comes_back_into_a_stage_is_counted_once_and_both_times_count(cast: Cast) -> None:
    hiring.move(application=cast.application, stage=Stage.SUBMITTED, actor=cast.rita)
    hiring.move(application=cast.application, stage=Stage.APPLIED, actor=cast.rita)
    hiring.move(application=cast.application, stage=Stage.SUBMITTED, actor=cast.rita)
    stayed(cast.application, 1, 5, 3, 2)
    found = {row.stage: row for row in selectors.funnel(cast.job.applications.all()).rows}
    assert (found[Stage.APPLIED].reached, found[Stage.APPLIED].median) == (1, 2 * HOUR)
    assert (found[Stage.SUBMITTED].reached, found[Stage.SUBMITTED].now) == (1, 1)


def test_an_answer_is_in_time_until_the_promised_day_and_only_ours_count(cast: Cast) -> None:
    late, punctual = applied(cast, "Late"), cast.application
    today = timezone.localdate()
    Application.objects.filter(pk=late.pk).update(reply_by=today - timedelta(days=1))
    Application.objects.filter(pk=punctual.pk).update(reply_by=today)
    everybody = cast.job.applications.all()
    assert selectors.funnel(everybody).late == 1
    for application in everybody:
        workspace.invite(actor=cast.rita, application=application)
    found = selectors.funnel(everybody)
    assert (found.answers, found.kept, found.late) == (2, 1, 0)
    for application in everybody.select_related("sitting__assessment", "job__team"):
        workspace.begin(application.sitting)
    assert selectors.funnel(everybody).answers == 2, "a candidate's own step is no answer"


@pytest.mark.parametrize("count", [5, 50, 5000])
def test_a_funnel_takes_three_statements_for_any_number(cast: Cast, count: int) -> None:
    many(cast, count, Stage.INTERVIEW)
    with CaptureQueriesContext(connection) as captured:
        found = selectors.funnel(cast.job.applications.all())
    assert len(captured) == 3
    assert found.rows[0].reached == count + 1
    with CaptureQueriesContext(connection) as captured:
        rates.splits(cast.job.applications.all())
    assert len(captured) == 1


def test_the_drawing_and_the_table_say_the_same_and_nobody_is_named(cast: Cast, client: Client) -> None:
    many(cast, 3, Stage.INTERVIEW)
    client.force_login(cast.ines, backend=BACKEND)
    page = client.get(reverse("insights:job-figures", args=[cast.job.pk])).content.decode()
    drawn, _, table = page.partition("</svg>")
    assert drawn.count('class="reached"') == len(Stage)
    assert 'width="135" height="16"/><text class="count" x="320" y="16" text-anchor="end">3<' in drawn
    assert '>Interview</th><td class="figure">3</td><td class="figure">3</td>' in table
    assert "Ada" not in page
    assert "<script>" not in page


def test_an_interviewer_sees_the_figures_of_their_own_jobs_alone(cast: Cast, client: Client) -> None:
    other = hiring.create_job(actor=cast.olga, team=cast.team, fields={"title": "Other", "use_case": "cms"})
    hiring.apply(job=other, name="Oda", email="oda@example.org", lane=Lane.DJANGO_READY)
    for who, told in ((cast.olga, "2 applications"), (cast.ines, "1 application"), (cast.ida, "Nobody has applied")):
        client.force_login(who, backend=BACKEND)
        assert told in client.get(reverse("insights:team-figures")).content.decode()


def test_stages_from_before_come_from_the_audit_log_once(cast: Cast) -> None:
    invited = applied(cast, "Irma")
    workspace.begin(workspace.invite(actor=cast.rita, application=invited))
    hiring.withdraw(application=invited)
    corrected = applied(cast, "Cora")
    Application.objects.filter(pk=corrected.pk).update(stage=Stage.INTERVIEW)
    fields = ("application", "before", "after", "by")
    before = list(StageChange.objects.order_by("application", "at").values_list(*fields))
    StageChange.objects.all().delete()
    FILL(apps, None)
    after = list(StageChange.objects.order_by("application", "at").values_list(*fields))
    assert after == [*before, (corrected.pk, Stage.APPLIED, Stage.INTERVIEW, None)]
    assert not StageChange.objects.exclude(promised_for=None).exists()
    FILL(apps, None)
    assert StageChange.objects.count() == len(after)


def test_spans_are_told_in_the_two_units_that_matter() -> None:
    assert [span(each) for each in (None, timedelta(), 5 * HOUR / 60, 26 * HOUR, 24 * HOUR, 2.5 * HOUR)] == [
        "–", "0 min", "5 min", "1 day 2 h", "1 day", "2 h 30 min",
    ]  # fmt: skip


def handed_in_after(application: Application, minutes: int) -> Work:
    work = Work.objects.get(sitting__application=application, position=1)
    assert work.submission is not None
    Work.objects.filter(pk=work.pk).update(first_saved_at=work.submission.created_at - timedelta(minutes=minutes))
    return work


def test_a_task_tells_shares_minutes_and_our_fault_from_ten_on(cast: Cast, client: Client) -> None:
    client.force_login(cast.ines, backend=BACKEND)
    page = reverse("assessments:task", args=[TASKS[0]])
    bullet = next(iter(selectors.task_figures(cast.team, TASKS[0]).bullets)).bullet
    for number in range(9):
        handed_in_after(graded(cast, f"G{number}", sample_reports.good()), 10 + number)
    assert "Graded 9 times" in client.get(page).content.decode()
    assert "too few to tell" in client.get(page).content.decode()
    assert "(6 of" not in client.get(page).content.decode()
    handed_in_after(graded(cast, "G9", sample_reports.good()), 60)
    for place, result in enumerate(Result.objects.order_by("created_at")):
        outcome = "shown" if place < 6 else "partly" if place < 9 else "not_shown"
        Result.objects.filter(pk=result.pk).update(bullets={bullet: outcome})
    broken = graded(cast, "Broken", sample_reports.good())
    Submission.objects.filter(work__sitting__application=broken).update(state=State.OUR_FAULT)
    Result.objects.filter(submission__work__sitting__application=broken).delete()
    found = selectors.task_figures(cast.team, TASKS[0])
    assert (found.graded, found.finished, found.our_fault_percent) == (10, 11, 9)
    assert found.minutes == 14, "the middle of 10 to 18 and 60"
    assert found.bullets[0].shares == [("shown", 6, 60), ("partly", 3, 30), ("not_shown", 1, 10)]
    told = client.get(page).content.decode()
    assert "60 % (6 of 10)" in told
    assert "9 % (1 of 11)" in told
    client.force_login(cast.eve, backend=BACKEND)
    assert "Graded 0 times in this team" in client.get(page).content.decode()


def test_what_was_handed_in_again_has_no_minutes(cast: Cast) -> None:
    work = handed_in_after(graded(cast, "Again", sample_reports.good()), 10)
    assert selectors.task_figures(cast.team, TASKS[0]).timed == 1
    former = Submission.objects.create(task=work.task, files={}, state=State.GRADED)
    FormerSubmission.objects.create(work=work, submission=former, why=FormerSubmission.Why.REGRADE)
    found = selectors.task_figures(cast.team, TASKS[0])
    assert (found.timed, found.median, found.graded) == (0, None, 1)


def test_the_first_save_is_kept_and_later_ones_leave_it(cast: Cast) -> None:
    sitting = workspace.begin(workspace.invite(actor=cast.rita, application=cast.application))
    work = access.work_of(sitting, 1)
    editing.save(work, path="toolbelt/retrying.py", text="# one\n", version=0)
    first = Work.objects.get(pk=work.pk).first_saved_at
    editing.save(work, path="toolbelt/retrying.py", text="# two\n", version=1)
    kept = Work.objects.get(pk=work.pk)
    assert first is not None
    assert kept.first_saved_at == first
    assert kept.saved_at is not None
    assert kept.saved_at > first


def split_of(cast: Cast, by: str, stage: Stage) -> rates.Split:
    return {split.stage: split for split in rates.splits(cast.job.applications.all())[by]}[stage]


def test_a_rate_counts_known_outcomes_alone(cast: Cast) -> None:
    many(cast, 12, Stage.HIRED)
    many(cast, 18, Stage.REJECTED)
    many(cast, 5, Stage.WITHDRAWN)
    many(cast, 7, Stage.OFFER)
    hired = split_of(cast, "lane", Stage.HIRED).groups[0]
    assert (hired.label, hired.selected, hired.known) == ("Django-ready", 12, 30)
    offered = split_of(cast, "lane", Stage.OFFER).groups[0]
    assert (offered.selected, offered.known) == (19, 37)


def test_nothing_is_told_of_a_group_that_is_too_small_not_even_its_counts(cast: Cast, client: Client) -> None:
    many(cast, 20, Stage.HIRED)
    many(cast, 20, Stage.REJECTED)
    many(cast, 17, Stage.HIRED, lane=Lane.PYTHON_STRONG, extra=2)
    many(cast, 12, Stage.REJECTED, lane=Lane.PYTHON_STRONG, extra=2)
    client.force_login(cast.rita, backend=BACKEND)
    address = reverse("insights:job-rates", args=[cast.job.pk])
    page = client.get(address).content.decode()
    assert "20 of 40" in page
    assert "17 of" not in page
    assert page.count("Too few to tell.") == 6
    many(cast, 1, Stage.REJECTED, lane=Lane.PYTHON_STRONG, extra=2)
    page = client.get(address).content.decode()
    assert "17 of 30" in page
    assert "so many applications don" in page
    assert "stores no sex, origin, age or disability" in page


def test_what_is_said_follows_from_the_interval_and_not_from_the_ratio() -> None:
    def says(low: tuple[int, int], high: tuple[int, int]) -> str:
        return rates.Split(Stage.HIRED, [rates.Rate("a", *low), rates.Rate("b", *high)]).says

    assert says((100, 400), (200, 400)).startswith("Below four fifths")
    assert says((190, 400), (200, 400)).startswith("Not below four fifths")
    assert "don't tell" in says((10, 40), (20, 40))
    assert says((20, 40), (10, 40)) == says((10, 40), (20, 40))
    assert says((5, 29), (20, 40)) == "Too few to tell."
    assert says((0, 40), (0, 40)) == "Too few to tell."


def test_wilsons_interval_is_the_papers() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3."""
    for count, total, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        found = rates.wilson(count, total)
        assert (round(found[0], 4), round(found[1], 4)) == (low, high)
    assert rates.wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("first", "second", "total"), [(0.5, 0.5, 40), (0.2, 0.4, 40), (0.1, 0.1, 60), (0.8, 0.9, 30)])
def test_the_interval_of_a_ratio_holds_the_truth_as_often_as_it_says(first: float, second: float, total: int) -> None:
    """Summed over every outcome that two groups of this size can have: no drawing of lots."""
    chance_one, chance_other = _binomial(first, total), _binomial(second, total)
    held = known = 0.0
    for one in range(total + 1):
        for other in range(1, total + 1):
            low, high = rates.ratio_interval((one, total), (other, total))
            assert 0 <= low <= one / other <= high
            chance = chance_one[one] * chance_other[other]
            known += chance
            held += chance * (low <= first / second <= high)
    assert held / known > 0.93


def _binomial(share: float, total: int) -> list[float]:
    return [comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(total + 1)]


def test_rows_name_nobody_and_taking_them_is_written_down(cast: Cast, client: Client) -> None:
    Application.objects.filter(pk=cast.application.pk).update(extra_time=1.5)
    hiring.move(application=cast.application, stage=Stage.OFFER, actor=cast.hamid)
    client.force_login(cast.rita, backend=BACKEND)
    answer = client.get(reverse("insights:job-rows", args=[cast.job.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="selection.csv"'
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    today = timezone.localdate().isoformat()
    assert row == {
        "application": str(cast.application.pk), "job": str(cast.job.pk), "lane": "django-ready", "extra_time": "yes",
        "stage": "offer", "applied": today, "selected_interview": "yes",
        "selected_offer": "yes", "selected_hired": "no",
    }  # fmt: skip
    assert "Ada" not in answer.content.decode()
    assert "ada@" not in answer.content.decode()
    assert AuditEvent.objects.filter(verb="took rows for selection rates of", actor=cast.rita).count() == 1
