"""What candidates ask about a result, what people answer, and the one task that may be done once more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from djudge.web.grading.models import State
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.access import token_of
from djudge.web.hiring.models import Application, Stage
from djudge.web.mail.models import Message
from djudge.web.organizations.models import AuditEvent
from djudge.web.workspace import access, actions, appeals, editing
from djudge.web.workspace.models import Appeal, FormerSubmission, Sitting, Work
from tests.reports import sample_reports
from tests.web.cast import Cast, graded

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FILE = "toolbelt/retrying.py"


@pytest.fixture
def application(cast: Cast) -> Application:
    """Zoe's first task was graded, and she said that this was all."""
    found = graded(cast, "Zoe", sample_reports.junior())
    actions.finish(Sitting.objects.get(application=found))
    found.refresh_from_db()
    return found


@pytest.fixture
def work(application: Application) -> Work:
    return access.work_of(access.sitting_by(access.token_of(Sitting.objects.get(application=application))), 1)


def address(name: str, work: Work, *more: int) -> str:
    return reverse(f"workspace:{name}", args=[access.token_of(work.sitting), *more])


def ask(work: Work, **fields: str) -> Appeal:
    return appeals.appeal(work, **{"kind": "person", "check": "", "title": "", "text": "Please look.", **fields})


def test_a_finding_is_contested_and_a_person_answers_on_both_sides(work: Work, cast: Cast, client: Client) -> None:
    check = sample_reports.junior().findings[0].check
    page = client.get(address("appeal", work, 1), {"check": check}).content.decode()
    assert sample_reports.junior().findings[0].title in page
    fields = {"kind": "finding", "check": check, "text": "The page asks once. <script>alert(1)</script>"}
    answer = client.post(address("appeal", work, 1), fields, follow=True).content.decode()
    assert "Not answered yet" in answer
    asked = Appeal.objects.get()
    assert asked.title == sample_reports.junior().findings[0].title
    told = Message.objects.filter(subject="Zoe asks about their result").values_list("to", flat=True)
    assert set(told) == {"olga@example.org", "rita@example.org", "hamid@example.org"}
    client.force_login(cast.hamid, backend=BACKEND)
    team = client.get(reverse("workspace:application", args=[work.sitting.application_id])).content.decode()
    assert "The page asks once. &lt;script&gt;" in team
    client.post(reverse("workspace:answer-appeal", args=[asked.pk]), {"text": "We looked, and you are right."})
    assert "you are right" in client.get(address("appeal", work, 1)).content.decode()
    assert "you are right" in Message.objects.get(to="zoe@example.org", subject__startswith="About what you asked").body
    assert AuditEvent.objects.filter(verb="answered the appeal of", actor=cast.hamid).exists()


def test_contesting_needs_a_finding_and_words(work: Work, client: Client) -> None:
    for fields, said in (
        ({"kind": "finding", "text": "It is wrong."}, "which finding"),
        ({"kind": "person", "text": " "}, "required"),
        ({"kind": "burn", "text": "x"}, "not one of the available choices"),
        ({"kind": "finding", "check": "no-such-check", "text": "x"}, "not one of the available choices"),
    ):
        answer = client.post(address("appeal", work, 1), fields)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not Appeal.objects.exists()


def test_what_is_open_is_not_asked_twice_and_nobody_floods(work: Work) -> None:
    ask(work)
    with pytest.raises(appeals.NotNowError, match="asked this already"):
        ask(work)
    for number in range(appeals.MOST_OPEN - 1):
        ask(work, kind="finding", check=f"check-{number}")
    with pytest.raises(appeals.NotNowError, match="wait for an answer"):
        ask(work, kind="finding", check="one-more")


def test_practice_and_what_was_not_graded_have_nothing_to_contest(cast: Cast, client: Client) -> None:
    practice = actions.practise("python/retry-decorator")
    token = access.token_of(practice)
    answer = client.get(reverse("workspace:appeal", args=[token, 1]))
    assert answer["Location"] == reverse("workspace:work", args=[token, 1])
    sitting = actions.begin(actions.invite(actor=cast.rita, application=cast.application))
    with pytest.raises(appeals.NotNowError, match="no result yet"):
        ask(access.work_of(sitting, 1))


def test_an_interviewer_reads_what_was_asked_and_does_not_answer_for_the_team(
    work: Work, cast: Cast, client: Client
) -> None:
    asked = ask(work)
    client.force_login(cast.ines, backend=BACKEND)
    page = client.get(reverse("workspace:application", args=[work.sitting.application_id])).content.decode()
    assert "Please look." in page
    assert "Let them do this task once more" not in page
    assert client.post(reverse("workspace:answer-appeal", args=[asked.pk]), {"text": "No."}).status_code == 403
    client.force_login(cast.eve, backend=BACKEND)
    assert client.post(reverse("workspace:answer-appeal", args=[asked.pk]), {"text": "No."}).status_code == 404
    assert Appeal.objects.get().answered_at is None


def test_of_two_answers_the_first_one_holds(work: Work, cast: Cast) -> None:
    asked = ask(work)
    appeals.answer(asked, actor=cast.rita, text="First.", grants_redo=False)
    with pytest.raises(appeals.NotNowError, match="colleague"):
        appeals.answer(asked, actor=cast.hamid, text="Second.", grants_redo=True)
    assert Appeal.objects.get().answer == "First."
    assert Sitting.objects.get(pk=work.sitting_id).redo_of is None


def test_one_redo_is_granted_begun_and_handed_in_and_both_results_stay(work: Work, cast: Cast, client: Client) -> None:
    appeals.answer(ask(work, kind="redo"), actor=cast.hamid, text="Of course.", grants_redo=True)
    page = client.get(address("sitting", work)).content.decode()
    assert "You may do one task once more" in page
    begins = address("redo", work)
    assert client.post(begins)["Location"] == begins.replace("redo/", "1/"), "by the link that was followed"
    sitting = access.sitting_by(access.token_of(work.sitting))
    assert sitting.minutes == work.card.minutes
    assert sitting.ends_at is not None
    assert (
        timedelta(minutes=work.card.minutes - 1)
        < sitting.ends_at - timezone.now()
        <= sitting.ends_at - sitting.redo_started_at
    )
    again = access.work_of(sitting, 1)
    editing.save(again, path=FILE, text="# better\n", version=again.version)
    handed_in = actions.hand_in(access.work_of(sitting, 1)).submission
    assert handed_in is not None
    assert handed_in.assessment == str(sitting.pk), "other data than in the report that was read"
    former = FormerSubmission.objects.get()
    assert former.submission_id == work.submission_id
    sitting.refresh_from_db()
    assert sitting.handed_in_at is not None
    assert Application.objects.get(pk=sitting.application_id).stage == Stage.SUBMITTED
    client.force_login(cast.hamid, backend=BACKEND)
    assert client.get(reverse("workspace:team-report", args=[former.submission_id])).status_code == 200
    page = client.get(reverse("workspace:application", args=[sitting.application_id])).content.decode()
    assert "the task was done once more" in page
    client.force_login(cast.eve, backend=BACKEND)
    assert client.get(reverse("workspace:team-report", args=[former.submission_id])).status_code == 404


def test_in_a_redo_only_its_own_task_is_open(work: Work, cast: Cast) -> None:
    appeals.answer(ask(work, kind="redo"), actor=cast.hamid, text="Yes.", grants_redo=True)
    appeals.begin_redo(work.sitting)
    sitting = access.sitting_by(access.token_of(work.sitting))
    other = access.work_of(sitting, 2)
    with pytest.raises(editing.OverError, match="once more"):
        editing.save(other, path="workshops/models.py", text="# x\n", version=0)
    with pytest.raises(editing.OverError, match="once more"):
        actions.hand_in(other)
    Sitting.objects.filter(pk=sitting.pk).update(redo_started_at=timezone.now() - timedelta(hours=3))
    Work.objects.filter(pk=other.pk).update(files={"workshops/models.py": "# x\n"})
    Work.objects.filter(pk=work.pk).update(files={FILE: "# saved in the redo\n"})
    actions.end_by_the_clock(sitting.pk)
    assert Work.objects.get(pk=other.pk).submission is None
    assert Work.objects.get(pk=work.pk).submission is not None


def test_a_redo_of_which_nothing_comes_takes_nothing_away(work: Work, cast: Cast) -> None:
    appeals.answer(ask(work, kind="redo"), actor=cast.hamid, text="Yes.", grants_redo=True)
    appeals.begin_redo(work.sitting)
    assert Work.objects.get(pk=work.pk).submission is None
    actions.finish(access.sitting_by(access.token_of(work.sitting)))
    assert Work.objects.get(pk=work.pk).submission_id == work.submission_id
    assert not FormerSubmission.objects.exists()
    assert Sitting.objects.get(pk=work.sitting_id).handed_in_at is not None


def test_who_has_a_role_in_the_job_alone_is_told_too(work: Work, cast: Cast) -> None:
    hiring.name_members(actor=cast.olga, job=cast.job, roles={cast.ines: "hiring_manager", cast.ida: "interviewer"})
    ask(work)
    told = Message.objects.filter(subject="Zoe asks about their result").values_list("to", flat=True)
    assert sorted(told) == ["hamid@example.org", "ines@example.org", "olga@example.org", "rita@example.org"]


def test_nobody_gets_a_second_redo_nor_begins_one_twice_or_too_late(work: Work, cast: Cast) -> None:
    with pytest.raises(appeals.NotNowError, match="no redo to begin"):
        appeals.begin_redo(work.sitting)
    appeals.answer(ask(work, kind="redo"), actor=cast.hamid, text="Yes.", grants_redo=True)
    Sitting.objects.filter(pk=work.sitting_id).update(redo_until=timezone.now() - timedelta(minutes=1))
    with pytest.raises(appeals.NotNowError, match="too late"):
        appeals.begin_redo(work.sitting)
    Sitting.objects.filter(pk=work.sitting_id).update(redo_until=timezone.now() + timedelta(days=1))
    appeals.begin_redo(work.sitting)
    with pytest.raises(appeals.NotNowError):
        appeals.begin_redo(work.sitting)
    assert FormerSubmission.objects.count() == 1
    sitting = access.sitting_by(access.token_of(work.sitting))
    submission = actions.hand_in(access.work_of(sitting, 1)).submission if _changed(work) else None
    assert submission is not None
    submission.state = State.GRADED
    submission.save()
    again = access.work_of(access.sitting_by(access.token_of(sitting)), 1)
    with pytest.raises(appeals.NotNowError, match="already"):
        ask(again, kind="redo")
    other = ask(again, kind="person", text="Another thing.")
    with pytest.raises(appeals.NotNowError, match="one redo"):
        appeals.answer(other, actor=cast.hamid, text="Once more?", grants_redo=True)
    assert Appeal.objects.get(pk=other.pk).answered_at is None, "neither half of a refused answer is kept"


def _changed(work: Work) -> bool:
    return bool(Work.objects.filter(pk=work.pk).update(files={FILE: "# changed\n"}))


def test_no_redo_after_the_application_has_ended(work: Work, cast: Cast, client: Client) -> None:
    asked = ask(work, kind="redo")
    Application.objects.filter(pk=work.sitting.application_id).update(stage=Stage.REJECTED)
    asked = Appeal.objects.select_related("work__sitting__application__job__team").get(pk=asked.pk)
    with pytest.raises(appeals.NotNowError, match="has ended"):
        appeals.answer(asked, actor=cast.hamid, text="Yes.", grants_redo=True)
    status = client.get(reverse("workspace:status", args=[token_of(asked.work.sitting.application)]))
    assert status.status_code == 200
