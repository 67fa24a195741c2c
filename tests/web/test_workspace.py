"""Where candidates work: nothing that they typed is lost, and nothing is taken twice or too late."""

from __future__ import annotations

import html
import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from djudge.web.grading import library
from djudge.web.grading.models import Submission
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import Application, Stage
from djudge.web.workspace import access, actions, editing
from djudge.web.workspace.models import Pulse, Sitting, Work
from tests.web.cast import Cast

FILE = "toolbelt/retrying.py"


@pytest.fixture
def sitting(cast: Cast) -> Sitting:
    made = actions.invite(actor=cast.rita, application=cast.application)
    return actions.begin(made)


@pytest.fixture
def work(sitting: Sitting) -> Work:
    return access.work_of(sitting, 1)


def test_nothing_runs_before_the_notice_was_agreed_to(cast: Cast, client: Client) -> None:
    sitting = actions.invite(actor=cast.rita, application=cast.application)
    address = reverse("workspace:sitting", args=[access.token_of(sitting)])
    assert "Who decides" in client.get(address).content.decode()
    client.post(address)
    assert Sitting.objects.get(pk=sitting.pk).started_at is None
    client.post(address, {"agree": "1"})
    started = Sitting.objects.get(pk=sitting.pk).started_at
    assert started is not None
    client.post(address, {"agree": "1"})
    assert Sitting.objects.get(pk=sitting.pk).started_at == started
    assert Application.objects.get(pk=cast.application.pk).stage == Stage.WORKING


def test_an_invitation_that_expired_does_not_begin(cast: Cast) -> None:
    sitting = actions.invite(actor=cast.rita, application=cast.application)
    sitting.expires_at = timezone.now() - timedelta(hours=1)
    sitting.save()
    with pytest.raises(editing.OverError):
        actions.begin(sitting)


def test_what_was_saved_is_there_again(work: Work, client: Client) -> None:
    address = reverse("workspace:work", args=[access.token_of(work.sitting), 1])
    fields = {"path": FILE, "text": "# mine: <b>&amp;\r\n", "version": "0"}
    assert client.post(f"{address}save/", fields).status_code == 302
    assert Work.objects.get(pk=work.pk).files == {FILE: "# mine: <b>&amp;\n"}
    page = client.get(f"{address}?file={FILE}").content.decode()
    assert "# mine: &lt;b&gt;&amp;amp;" in page


def test_of_two_windows_the_second_is_told_and_overwrites_nothing(work: Work, client: Client) -> None:
    address = reverse("workspace:save", args=[access.token_of(work.sitting), 1])
    client.post(address, {"path": FILE, "text": "# first\n", "version": "0"})
    answer = client.post(address, {"path": FILE, "text": "# second\n", "version": "0"})
    assert answer.status_code == 409
    assert "# second" in answer.content.decode()
    assert Work.objects.get(pk=work.pk).files == {FILE: "# first\n"}
    by_editor = client.post(
        address, {"path": FILE, "text": "# third\n", "version": "0"}, headers={"accept": "application/json"}
    )
    assert (by_editor.status_code, by_editor.json()["version"]) == (409, 0) or by_editor.json()["version"] == 1


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "manage.py", "toolbelt/../x.py", ".djudge", ""])
def test_a_path_that_is_not_to_be_changed_is_refused(work: Work, client: Client, path: str) -> None:
    address = reverse("workspace:save", args=[access.token_of(work.sitting), 1])
    answer = client.post(address, {"path": path, "text": "x", "version": "0"})
    assert answer.status_code in (400, 422)
    assert Work.objects.get(pk=work.pk).files == {}


def test_too_much_text_is_refused(work: Work) -> None:
    with pytest.raises(editing.NotAllowedError):
        editing.save(work, path=FILE, text="x" * 2_100_000, version=0)


def test_handing_in_twice_is_handing_in_once(work: Work) -> None:
    editing.save(work, path=FILE, text="# mine\n", version=0)
    first = actions.hand_in(work)
    again = actions.hand_in(Work.objects.get(pk=work.pk))
    assert first.submission_id == again.submission_id
    assert Submission.objects.count() == 1
    with pytest.raises(editing.OverError):
        editing.save(access.work_of(work.sitting, 1), path=FILE, text="# later\n", version=1)


def test_after_the_time_nothing_more_is_taken_and_what_was_saved_is_kept(work: Work) -> None:
    editing.save(work, path=FILE, text="# in time\n", version=0)
    sitting = work.sitting
    assert sitting.started_at is not None
    sitting.started_at -= timedelta(minutes=float(sitting.minutes) + 1)
    sitting.save()
    editing.save(work, path=FILE, text="# in the last breath\n", version=1)
    sitting.started_at -= timedelta(minutes=5)
    sitting.save()
    with pytest.raises(editing.OverError):
        editing.save(work, path=FILE, text="# too late\n", version=2)
    with pytest.raises(editing.OverError):
        actions.hand_in(work)
    assert Work.objects.get(pk=work.pk).files == {FILE: "# in the last breath\n"}


def test_time_that_an_outage_of_ours_took_is_given_back(sitting: Sitting) -> None:
    before = sitting.ends_at
    sitting.stopped = timedelta(minutes=7)
    assert before is not None
    assert sitting.ends_at == before + timedelta(minutes=7)


def test_after_the_application_has_ended_nothing_begins_and_nothing_is_taken(cast: Cast, work: Work) -> None:
    hiring.withdraw(application=cast.application)
    again = access.work_of(Sitting.objects.get(pk=work.sitting_id), 1)
    with pytest.raises(editing.OverError):
        editing.save(again, path=FILE, text="# later\n", version=0)
    Sitting.objects.filter(pk=work.sitting_id).update(started_at=None)
    with pytest.raises(editing.OverError):
        actions.begin(Sitting.objects.get(pk=work.sitting_id))


def test_silence_of_ours_is_given_back_to_those_who_sat_at_work(sitting: Sitting) -> None:
    assert actions.pulse() == timedelta()
    assert actions.pulse() == timedelta(), "a living platform gives nothing"
    silent = timezone.now() - timedelta(minutes=9)
    Pulse.objects.update(at=silent)
    assert actions.pulse() >= timedelta(minutes=9)
    assert Sitting.objects.get(pk=sitting.pk).stopped == timedelta(), "it began after the silence did"
    Sitting.objects.filter(pk=sitting.pk).update(started_at=silent - timedelta(minutes=1))
    Pulse.objects.update(at=silent)
    actions.pulse()
    assert Sitting.objects.get(pk=sitting.pk).stopped >= timedelta(minutes=9)


def test_everything_handed_in_ends_the_sitting_and_moves_the_application(cast: Cast, sitting: Sitting) -> None:
    for work in sitting.works.all():
        work.sitting = sitting
        work.files = {FILE: "# x\n"} if "python" in work.task else {"workshops/models.py": "# x\n"}
        work.save()
        actions.hand_in(work)
    assert Sitting.objects.get(pk=sitting.pk).handed_in_at is not None
    assert Application.objects.get(pk=cast.application.pk).stage == Stage.SUBMITTED


def test_what_is_downloaded_holds_the_brief_and_the_changes(work: Work, client: Client) -> None:
    editing.save(work, path=FILE, text="# mine\n", version=0)
    answer = client.get(reverse("workspace:download", args=[access.token_of(work.sitting), 1]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert archive.read(f"PY1/{FILE}") == b"# mine\n"
    assert "PY1/BRIEF.md" in names


def test_anybody_tries_a_task_without_an_account(client: Client, db: None) -> None:
    answer = client.post("/try/")
    page = client.get(answer["Location"]).content.decode()
    assert "Hand in and see the report" in page
    assert Sitting.objects.get().is_practice


def packed(files: dict[str, bytes]) -> io.BytesIO:
    """A zip archive of these."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for path, content in files.items():
            zipped.writestr(path, content)
    archive.seek(0)
    archive.name = "work.zip"
    return archive


def test_what_was_downloaded_and_changed_elsewhere_is_taken_over_and_graded_the_same(
    work: Work, client: Client
) -> None:
    token = access.token_of(work.sitting)
    answer = client.get(reverse("workspace:download", args=[token, 1]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[f"PY1/{FILE}"] += b"\n# elsewhere\n"
    client.post(reverse("workspace:upload", args=[token, 1]), {"archive": packed(files)})
    taken = Work.objects.get(pk=work.pk)
    assert list(taken.files) == [FILE]
    assert taken.files[FILE].endswith("# elsewhere\n")
    assert actions.hand_in(access.work_of(work.sitting, 1)).submission is not None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no archive", "zip"),
        ({"../outside.py": b"x"}, "name"),
        ({"elsewhere/x.py": b"x"}, "not the project"),
        ({FILE: b"\xff\xfe\x00"}, "UTF"),
        ({FILE: b"x" * 1_100_000}, "larger than 1 MB"),
    ],
)
def test_an_archive_that_is_none_is_refused_with_a_reason_and_costs_nothing(
    work: Work, client: Client, content: bytes | dict[str, bytes], said: str
) -> None:
    editing.save(work, path=FILE, text="# mine\n", version=0)
    if isinstance(content, bytes):
        archive = io.BytesIO(content)
        archive.name = "work.zip"
    else:
        archive = packed(content)
    answer = client.post(
        reverse("workspace:upload", args=[access.token_of(work.sitting), 1]), {"archive": archive}, follow=True
    )
    assert said in answer.content.decode()
    assert Work.objects.get(pk=work.pk).files == {FILE: "# mine\n"}


def test_a_file_that_was_deleted_elsewhere_is_gone_and_graded_as_gone(work: Work, client: Client) -> None:
    token = access.token_of(work.sitting)
    whole = {path: text.encode() for path, text in library.workspace(work.task).files.items()}
    del whole[FILE]
    whole["toolbelt/other.py"] = b"# instead\n"
    client.post(reverse("workspace:upload", args=[token, 1]), {"archive": packed(whole)})
    taken = Work.objects.get(pk=work.pk)
    assert taken.files[FILE] is None
    page = client.get(reverse("workspace:work", args=[token, 1])).content.decode()
    assert "Deleted" in page
    submission = actions.hand_in(access.work_of(work.sitting, 1)).submission
    assert submission is not None
    assert submission.files[FILE] is None


def test_files_are_made_renamed_deleted_and_restored_and_the_grading_takes_them_so(work: Work) -> None:
    editing.make_file(work, path="toolbelt/pauses.py", version=0)
    editing.save(work, path="toolbelt/pauses.py", text="PAUSE = 1\n", version=1)
    editing.rename_file(work, path="toolbelt/pauses.py", to="toolbelt/waits.py", version=2)
    assert work.files == {"toolbelt/waits.py": "PAUSE = 1\n"}
    editing.rename_file(work, path=FILE, to="toolbelt/again.py", version=3)
    assert work.files[FILE] is None
    assert work.files["toolbelt/again.py"] == library.workspace(work.task).files[FILE]
    assert FILE not in editing.paths_of(work)
    editing.delete_file(work, path="toolbelt/again.py", version=4)
    editing.restore_file(work, path=FILE, version=5)
    assert Work.objects.get(pk=work.pk).files == {"toolbelt/waits.py": "PAUSE = 1\n"}
    submission = actions.hand_in(access.work_of(work.sitting, 1)).submission
    assert submission is not None
    assert submission.files == {"toolbelt/waits.py": "PAUSE = 1\n"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"what": "make", "to": FILE}, "of this name already"),
        ({"what": "make", "to": f"{FILE}/x.py"}, "file and a folder"),
        ({"what": "make", "to": "toolbelt"}, "file and a folder"),
        ({"what": "make", "to": "../x.py"}, "not to be changed"),
        ({"what": "make", "to": "elsewhere/<b>.py"}, "elsewhere/&lt;b&gt;.py is not to be changed"),
        ({"what": "make", "to": ""}, "give the file a name"),
        ({"what": "rename", "path": "pyproject.toml", "to": "toolbelt/x.py"}, "no such file"),
        ({"what": "delete", "path": "toolbelt/nothing.py"}, "no such file"),
        ({"what": "restore", "path": "toolbelt/nothing.py"}, "none in the beginning"),
        ({"what": "burn", "path": FILE}, "give the file a name"),
    ],
)
def test_a_file_that_must_not_be_is_refused_with_a_reason(
    work: Work, client: Client, fields: dict[str, str], said: str
) -> None:
    address = reverse("workspace:change-files", args=[access.token_of(work.sitting), 1])
    page = client.post(address, {**fields, "version": "0"}, follow=True).content.decode()
    assert said in page
    assert Work.objects.get(pk=work.pk).files == {}


def test_a_file_of_an_older_version_is_not_changed(work: Work, client: Client) -> None:
    editing.save(work, path=FILE, text="# mine\n", version=0)
    address = reverse("workspace:change-files", args=[access.token_of(work.sitting), 1])
    page = client.post(address, {"what": "delete", "path": FILE, "version": "0"}, follow=True).content.decode()
    assert "changed in another window" in page
    assert Work.objects.get(pk=work.pk).files == {FILE: "# mine\n"}


def test_the_editor_is_given_one_file_with_its_version(work: Work, client: Client) -> None:
    editing.save(work, path=FILE, text="# mine\n", version=0)
    address = reverse("workspace:work", args=[access.token_of(work.sitting), 1])
    facts = client.get(address, {"file": FILE}, headers={"Accept": "application/json"})
    assert facts.json()["text"] == "# mine\n"
    assert facts.json()["version"] == 1
    assert "Accept" in facts["Vary"]
    missing = client.get(address, {"file": "nothing.py"}, headers={"Accept": "application/json"})
    assert missing.status_code == 404


def test_a_team_previews_its_assessment_and_it_counts_for_nobody(cast: Cast, client: Client) -> None:
    client.force_login(cast.rita, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(reverse("workspace:preview", args=[cast.assessment.pk]))
    notice = client.get(answer["Location"]).content.decode()
    assert "A preview" in notice
    assert cast.team.name in html.unescape(notice)
    client.post(answer["Location"], {"agree": "1"})
    page = client.get(f"{answer['Location']}1/").content.decode()
    assert "Hand in and see the report" in page
    assert "data-left" not in page
    listed = client.get(reverse("assessments:list")).content.decode()
    assert '<td class="figure">0</td>' in listed, "nobody was invited"
