"""Work is graded again as a preview; it counts once a person adopts it, and the result before stays."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from djudge.web.grading import reports
from djudge.web.grading.models import Result, State, Submission
from djudge.web.organizations.models import AuditEvent
from djudge.web.workspace import access, appeals, regrading
from djudge.web.workspace.models import FormerSubmission, Regrade, Sitting, Work
from tests.reports import sample_reports
from tests.web.cast import Cast, graded

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def work(cast: Cast) -> Work:
    application = graded(cast, "Zoe", sample_reports.junior())
    found = access.work_of(access.sitting_by(access.token_of(Sitting.objects.get(application=application))), 1)
    Submission.objects.filter(pk=found.submission_id).update(files={"toolbelt/retrying.py": "# x\n"}, assessment="some")
    return found


@pytest.fixture
def page(work: Work) -> str:
    return reverse("workspace:regrade", args=[work.sitting.application_id, 1])


def comes_back(regrade: Regrade) -> None:
    """The judge is done with the preview."""
    Submission.objects.filter(pk=regrade.submission_id).update(state=State.GRADED)
    Result.objects.create(submission=regrade.submission, **reports.columns(sample_reports.good().to_json()))


def test_a_preview_is_looked_at_and_adopted_with_a_reason_and_the_result_before_stays(
    work: Work, page: str, cast: Cast, client: Client
) -> None:
    client.force_login(cast.hamid, backend=BACKEND)
    client.post(page)
    preview = Regrade.objects.get()
    assert preview.submission.files == {"toolbelt/retrying.py": "# x\n"}
    assert preview.submission.assessment == "some", "the same data"
    assert "waiting" in client.get(page).content.decode()
    comes_back(preview)
    shown = client.get(page).content.decode()
    assert "Why is the new result to count?" in shown
    assert reverse("workspace:team-report", args=[preview.submission_id]) in shown
    assert client.get(reverse("workspace:team-report", args=[preview.submission_id])).status_code == 200
    assert Work.objects.get(pk=work.pk).submission_id == work.submission_id, "a preview counts for nothing"
    client.post(page, {"reason": " "})
    assert Work.objects.get(pk=work.pk).submission_id == work.submission_id, "nor without a reason"
    client.post(page, {"reason": "The task asked for too little."})
    assert Work.objects.get(pk=work.pk).submission_id == preview.submission_id
    former = FormerSubmission.objects.get()
    assert (former.submission_id, former.why, former.by) == (work.submission_id, "regrade", cast.hamid)
    assert AuditEvent.objects.filter(verb="adopted a new grading of", actor=cast.hamid).exists()
    application = client.get(reverse("workspace:application", args=[work.sitting.application_id])).content.decode()
    assert "The task asked for too little." in application


def test_a_preview_that_is_dropped_leaves_everything_as_it_was(
    work: Work, page: str, cast: Cast, client: Client
) -> None:
    client.force_login(cast.rita, backend=BACKEND)
    client.post(page)
    preview = Regrade.objects.get()
    client.post(page, {"drop": "1"})
    assert not Submission.objects.filter(pk=preview.submission_id).exists()
    assert Work.objects.get(pk=work.pk).submission_id == work.submission_id
    client.post(page)
    assert Regrade.objects.filter(ended_at=None).count() == 1, "another one can be made"


def test_there_is_one_preview_at_a_time_and_it_ends_once(work: Work, cast: Cast) -> None:
    preview = regrading.begin(work, actor=cast.rita)
    with pytest.raises(appeals.NotNowError, match="already"):
        regrading.begin(work, actor=cast.hamid)
    with pytest.raises(appeals.NotNowError, match="not graded yet"):
        regrading.adopt(preview, actor=cast.hamid, reason="Because.")
    comes_back(preview)
    preview.refresh_from_db()
    regrading.adopt(preview, actor=cast.hamid, reason="Because.")
    with pytest.raises(appeals.NotNowError, match="colleague"):
        regrading.adopt(preview, actor=cast.rita, reason="Because.")
    assert FormerSubmission.objects.count() == 1


def test_a_preview_of_what_was_handed_in_before_a_redo_replaces_nothing(work: Work, cast: Cast) -> None:
    preview = regrading.begin(work, actor=cast.rita)
    comes_back(preview)
    preview.refresh_from_db()
    later = Submission.objects.create(task=work.task, files={"toolbelt/retrying.py": "# once more\n"})
    Work.objects.filter(pk=work.pk).update(submission=later)
    with pytest.raises(appeals.NotNowError, match="once more meanwhile"):
        regrading.adopt(preview, actor=cast.hamid, reason="Because.")
    assert Work.objects.get(pk=work.pk).submission == later
    assert Regrade.objects.get(pk=preview.pk).ended_at is None, "it can still be dropped"
    regrading.drop(preview)


def test_what_changes_is_told_by_bullet(db: None) -> None:
    before, after = (
        Result(**reports.columns(report.to_json())) for report in (sample_reports.junior(), sample_reports.good())
    )
    told = {change.bullet: (change.before, change.after, change.is_one) for change in regrading.changes(before, after)}
    assert told["query-optimization"] == ("not_shown", "shown", True)
    assert all(change.is_one == (change.before != change.after) for change in regrading.changes(before, after))


def test_an_interviewer_and_strangers_do_not_grade_again(work: Work, page: str, cast: Cast, client: Client) -> None:
    for user, status in ((cast.ines, 403), (cast.ida, 404), (cast.eve, 404)):
        client.force_login(user, backend=BACKEND)
        assert client.post(page).status_code == status
    assert not Regrade.objects.exists()
