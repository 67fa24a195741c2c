"""`djudge submit`: a candidate works in an editor of their own, and what they send is what they would have typed."""

from __future__ import annotations

import base64
import io
import os
import re
import secrets
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from djudge.engine.cli import platform as reached
from djudge.engine.errors import OperatorFault
from djudge.web.grading import actions as grading
from djudge.web.grading import library
from djudge.web.workspace import access, actions, editing
from djudge.web.workspace.models import Sitting, Work
from tests.web.cast import Cast
from tests.web.everything import FILE
from tests.web.processes import wait_for
from tests.web.receiver import HOST, receiving

pytestmark = pytest.mark.django_db(transaction=True)

COMMAND: Final = (sys.executable, "-m", "djudge.engine.cli.entry", "submit")


@pytest.fixture
def sitting(cast: Cast) -> Sitting:
    """Ada has begun; her first task is the retry decorator."""
    begun = actions.begin(actions.invite(actor=cast.rita, application=cast.application))
    return access.sitting_by(access.token_of(begun))


def link_to(live_server: LiveServer, sitting: Sitting, position: int | None = 1) -> str:
    path = reverse("workspace:sitting", args=[access.token_of(sitting)])
    return f"{live_server.url}{path}{f'{position}/' if position else ''}"


def work_of(sitting: Sitting, position: int = 1) -> Work:
    return access.work_of(access.sitting_by(access.token_of(sitting)), position)


@pytest.fixture
def folder(sitting: Sitting, client: Client, tmp_path: Path) -> Path:
    """The workspace as the page of the task gives it, unpacked."""
    return downloaded(sitting, client, tmp_path / "mine")


def downloaded(sitting: Sitting, client: Client, place: Path) -> Path:
    answer = client.get(reverse("workspace:download", args=[access.token_of(sitting), 1]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(place)
    return next(place.iterdir())


def started(*words: str, **environ: str) -> subprocess.Popen[str]:
    """The command, as somebody types it, without anything of ours around it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.Popen(
        [*COMMAND, *words], env={**kept, **environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def submit(*words: str, status: int = 0, **environ: str) -> str:
    """What it said on both channels; no token is ever in it."""
    with started(*words, **environ) as process:
        out, err = process.communicate(timeout=100)
    said = out + err
    assert process.returncode == status, said
    for word in words:
        token = word.partition("/work/")[2].partition("/")[0]
        assert not token or token not in said
    assert "Traceback" not in said
    return said


def test_work_from_an_own_editor_is_saved_handed_in_graded_and_told_bullet_by_bullet(
    sitting: Sitting, folder: Path, live_server: LiveServer
) -> None:
    for path, text in library.solution("python/retry-decorator", "expert").items():
        (folder / path).write_text(str(text))
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "junk.pyc").write_bytes(b"\0\1")
    link = link_to(live_server, sitting)
    with started(str(folder), "--link", link) as process:
        wait_for(lambda: work_of(sitting).submission_id)
        grading.grade(work_of(sitting).submission_id)  # type: ignore[arg-type]
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    work = work_of(sitting)
    result = work.submission.result  # type: ignore[union-attr]
    assert out.splitlines()[0] == "Saved: 1 changed file, version 1."
    assert f"Handed in: {work.card.title}." in out
    assert f"Graded: {result.headline}." in out
    assert "shown       decorators" in out
    assert access.token_of(sitting)[:20] not in out + err
    assert "grading" in err
    assert set(work.submission.files) == {FILE}  # type: ignore[union-attr]
    again = submit(str(folder), "--link", link, status=2)
    assert "This task was handed in." in again


def test_the_page_of_a_task_shows_the_very_command(
    sitting: Sitting, folder: Path, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with urlopen(link_to(live_server, sitting)) as answer:
        page = unescape(answer.read().decode())
    found = re.search(r"<code[^>]*>djudge submit ([^<]+)</code>", page)
    assert found is not None
    name, *words = shlex.split(found[1])
    assert name == folder.name
    monkeypatch.chdir(folder.parent)
    (folder / FILE).write_text("# by the command of the page\n")
    assert "Saved: 1 changed file" in submit(name, *words, "--save-only")
    refused = Client().post(reverse("workspace:save", args=[access.token_of(sitting), 1]), {"path": "x"})
    assert "djudge submit" not in refused.content.decode(), "its address is not that of the task"


def test_save_only_hands_nothing_in_and_the_folder_knows_what_it_is_of_the_next_time(
    sitting: Sitting, folder: Path, live_server: LiveServer
) -> None:
    link = link_to(live_server, sitting)
    for number in (1, 2):
        (folder / FILE).write_text(f"# state {number}\n")
        said = submit(str(folder), "--save-only", DJUDGE_LINK=link)
        assert f"Saved: 1 changed file, version {number}." in said
        assert "Handed in" not in said
    work = work_of(sitting)
    assert (work.files, work.submission, work.version) == ({FILE: "# state 2\n"}, None, 2)
    assert work.first_saved_at is not None
    assert (folder / ".djudge").read_text() == "python/retry-decorator\nversion 2\n"
    assert "version 2" in submit(str(folder), "--save-only", "--link", link), "the same once more changes nothing"
    (folder / "toolbelt" / "more.py").write_text("MORE = 1\n")
    (folder / FILE).unlink()
    submit(str(folder), "--save-only", "--address", live_server.url, "--token", access.token_of(sitting), "--task", "1")
    assert work_of(sitting).files == {FILE: None, "toolbelt/more.py": "MORE = 1\n"}


def test_what_the_browser_saved_meanwhile_is_kept_and_so_is_the_folder(
    sitting: Sitting, folder: Path, live_server: LiveServer, client: Client, tmp_path: Path
) -> None:
    link = link_to(live_server, sitting)
    editing.save(work_of(sitting), path=FILE, text="# from the browser\n", version=0)
    (folder / FILE).write_text("# from the editor\n")
    said = submit(str(folder), "--link", link, status=1)
    for told in ("version 1 is there", "made from version 0", "Both are kept", "Nothing was handed in", "--overwrite"):
        assert told in said
    assert work_of(sitting).files == {FILE: "# from the browser\n"}
    assert work_of(sitting).submission is None
    assert (folder / FILE).read_text() == "# from the editor\n"
    theirs = downloaded(sitting, client, tmp_path / "theirs")
    assert (theirs / FILE).read_text() == "# from the browser\n"
    assert "version 2" in submit(str(folder), "--link", link, "--save-only", "--overwrite")
    assert work_of(sitting).files == {FILE: "# from the editor\n"}
    (theirs / FILE).write_text("# gone on from theirs\n")
    assert "version 2 is there" in submit(str(theirs), "--link", link, status=1)
    (folder / ".djudge").unlink()
    (folder / FILE).write_text("# a folder that does not say what it is of\n")
    assert "no version that it names" in submit(str(folder), "--link", link, status=1)


def test_what_is_handed_in_is_what_was_sent_and_nothing_that_came_in_between(sitting: Sitting) -> None:
    work = work_of(sitting)
    editing.save(work, path=FILE, text="# sent\n", version=0)
    editing.save(work_of(sitting), path=FILE, text="# in between\n", version=1)
    with pytest.raises(editing.ConflictError):
        actions.hand_in(work_of(sitting), version=1)
    assert work_of(sitting).submission is None
    actions.hand_in(work_of(sitting), version=2)
    with pytest.raises(editing.OverError, match="handed in"):
        editing.take_upload(work, _zip({FILE: "# late\n"}), version=2)


@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        ("pyproject.toml", b"# mine\n", "outside of what this task lets you edit"),
        ("toolbelt/late.py", b"\xff\xfe# no text\n", "toolbelt/late.py"),
        ("toolbelt/large.py", b"#" * 1_100_000, "larger than 1 MB"),
    ],
)
def test_files_that_are_no_submission_are_refused_by_name_and_nothing_is_changed(
    sitting: Sitting, folder: Path, live_server: LiveServer, path: str, content: bytes, told: str
) -> None:
    (folder / path).write_bytes(content)
    said = submit(str(folder), "--link", link_to(live_server, sitting), status=2)
    assert "In the submission" in said
    assert told in said
    assert (work_of(sitting).version, work_of(sitting).submission) == (0, None)


def test_more_than_the_browser_takes_is_refused_here_as_well(
    sitting: Sitting, folder: Path, live_server: LiveServer
) -> None:
    for number in range(7):
        (folder / "toolbelt" / f"data{number}.py").write_bytes(base64.b64encode(secrets.token_bytes(780_000)))
    assert "too large" in submit(str(folder), "--link", link_to(live_server, sitting), status=2)
    for number in range(7):
        (folder / "toolbelt" / f"data{number}.py").write_text("#" * 400_000)
    assert "more text than can be taken" in submit(str(folder), "--link", link_to(live_server, sitting), status=2)
    assert work_of(sitting).version == 0


def test_a_link_to_a_folder_that_is_linked_elsewhere_leads_nothing_of_the_machine_out(
    sitting: Sitting, folder: Path, live_server: LiveServer
) -> None:
    (folder / "toolbelt" / "passwd.py").symlink_to("/etc/passwd")
    assert "is a link" in submit(str(folder), "--link", link_to(live_server, sitting), status=2)
    assert work_of(sitting).version == 0


def test_after_the_time_nothing_is_taken_and_it_is_said_what_is_kept(
    sitting: Sitting, folder: Path, live_server: LiveServer
) -> None:
    (folder / FILE).write_text("# late\n")
    Sitting.objects.filter(pk=sitting.pk).update(started_at=timezone.now() - timedelta(days=1))
    said = submit(str(folder), "--link", link_to(live_server, sitting), status=2)
    assert "The time is over." in said
    Sitting.objects.filter(pk=sitting.pk).update(started_at=None)
    assert "This has not begun yet." in submit(str(folder), "--link", link_to(live_server, sitting), status=2)
    assert work_of(sitting).files == {}


def test_a_link_to_several_tasks_asks_which_one_and_a_folder_of_another_is_not_taken(
    sitting: Sitting, folder: Path, live_server: LiveServer
) -> None:
    whole = link_to(live_server, sitting, None)
    said = submit(str(folder), "--link", whole, status=2)
    assert "This link is for several tasks." in said
    assert f"2 {work_of(sitting, 2).card.title}" in said
    said = submit(str(folder), "--link", whole, "--task", "2", status=2)
    assert "is the workspace of python/retry-decorator, and the link is for shop/workshop-models" in said
    (folder / FILE).write_text("# mine\n")
    assert "version 1" in submit(str(folder), "--link", whole, "--task", "1", "--save-only")
    assert "version 2" in _practised(folder, live_server)


def _practised(folder: Path, live_server: LiveServer) -> str:
    """Practice has one task, so that its link says enough."""
    practice = actions.practise("python/retry-decorator")
    editing.save(work_of(practice), path=FILE, text="# before\n", version=0)
    (folder / ".djudge").write_text("python/retry-decorator\nversion 1\n")
    return submit(str(folder), "--link", link_to(live_server, practice, None), "--save-only")


def test_where_there_is_no_platform_or_no_such_link_it_is_said_without_the_token(
    sitting: Sitting, folder: Path, live_server: LiveServer
) -> None:
    good = link_to(live_server, sitting)
    token = access.token_of(sitting)
    for link, told in (
        (good.replace(token, token[:-3] + "xyz"), "leads nowhere"),
        (good.replace("/1/", "/9/"), "leads nowhere"),
        ("https://example.org/elsewhere/", "no link to a work sample"),
        ("nonsense", "no link to a work sample"),
        (f"ftp://example.org/work/{token}/1/", "no link to a work sample"),
        (f"http://ada:secret@example.org/work/{token}/1/", "no link to a work sample"),
        (f"http://127.0.0.1:9/work/{token}/1/", "did not answer (Connection refused)"),
        (f"http://nobody.invalid/work/{token}/1/", "nobody knows this name"),
    ):
        said = submit(str(folder), "--link", link, status=2)
        assert told in said, said
        assert token not in said
    assert "Where to?" in submit(str(folder), status=2)
    assert "no address" in submit(str(folder), "--address", "example.org", "--token", token, status=2)
    assert "no token" in submit(str(folder), "--address", "http://example.org", "--token", "a/b", status=2)
    assert "nothing-there" in submit(str(folder / "nothing-there"), "--link", good, status=2)


@pytest.mark.parametrize(
    ("mood", "status", "told"),
    [
        ("redirects", 2, "it sends elsewhere"),
        ("refuses", 3, "could not answer (500)"),
        ("lies about packing", 2, "not Djudge"),
        ("speaks something else", 2, "did not answer"),
        ("hangs up", 2, "did not answer"),
        ("has endless headers", 2, "did not answer"),
    ],
)
def test_whatever_answers_in_the_place_of_a_platform_is_told_in_a_sentence(
    folder: Path, mood: str, status: int, told: str
) -> None:
    with receiving() as strange, receiving() as elsewhere:
        strange.mood = mood
        said = submit(str(folder), "--link", f"http://{HOST}:{strange.port}/work/the-token/1/", status=status)
        assert elsewhere.connections == 0
    assert told in said
    assert "the-token" not in said


def test_a_link_is_taken_apart_wherever_the_platform_lies() -> None:
    for link, address, position in (
        ("https://djudge.example.org/work/a:b-c_d/1/", "https://djudge.example.org", 1),
        ("https://djudge.example.org/work/a:b-c_d/", "https://djudge.example.org", None),
        ("http://localhost:8000/work/a:b-c_d/2/?file=x#y", "http://localhost:8000", 2),
        ("https://example.org/hiring/work/a:b-c_d/1/report/", "https://example.org/hiring", 1),
    ):
        found = reached.read_link(link)
        assert (found.address, found.token, found.position) == (address, "a:b-c_d", position)
        assert "a:b-c_d" not in repr(found)
    with pytest.raises(OperatorFault):
        reached.read_link("https://[broken/work/x/1/")


# --- The endpoints that the command asks


def _zip(files: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return packed.getvalue()


def put(client: Client, sitting: Sitting, **headers: Any) -> Any:
    address = reverse("api:workspace-files", args=[access.token_of(sitting), 1])
    content = _zip({FILE: "# sent\n"})
    return client.put(address, content, content_type="application/zip", headers=headers)


def test_who_sends_says_from_which_version_it_was_made(sitting: Sitting, client: Client) -> None:
    refused = put(client, sitting)
    assert (refused.status_code, "If-Match" in refused.json()["detail"]) == (422, True)
    assert put(client, sitting, **{"If-Match": '"7"'}).status_code == 412
    assert put(client, sitting, **{"If-Match": "version 0"}).status_code == 422
    kept = put(client, sitting, **{"If-Match": '"0"'})
    assert (kept.status_code, kept["ETag"], kept.json()["changed"]) == (200, '"1"', [FILE])
    assert put(client, sitting, **{"If-Match": '"0"'}).json()["version"] == 1, "sent again, because no answer came"
    assert put(client, sitting, **{"If-Match": "*"}).json()["version"] == 2


def test_what_is_no_archive_or_too_large_or_of_another_kind_is_refused(sitting: Sitting, client: Client) -> None:
    address = reverse("api:workspace-files", args=[access.token_of(sitting), 1])
    for content, kind, status in (
        (b"", "application/zip", 422), (b"PK\x03\x04 nothing", "application/zip", 422),
        (b"{}", "application/json", 415), (b"0" * (5 * 1024 * 1024 + 1), "application/zip", 413),
    ):  # fmt: skip
        answer = client.put(address, content, content_type=kind, headers={"If-Match": "*"})
        assert answer.status_code == status, answer.content
        assert answer["Content-Type"] == "application/problem+json"
    assert work_of(sitting).version == 0


def test_a_link_opens_its_own_sitting_and_nothing_else_whoever_is_signed_in(
    sitting: Sitting, cast: Cast, client: Client
) -> None:
    token = access.token_of(sitting)
    client.force_login(cast.olga, backend="allauth.account.auth_backends.AuthenticationBackend")
    state = reverse("api:workspace", args=[token, 1])
    assert client.get(state).json()["state"] == "open"
    for address in (
        reverse("api:workspace", args=[token[:-2] + "xx", 1]), reverse("api:workspace", args=[str(sitting.pk), 1]),
        reverse("api:workspace", args=[token, 3]), reverse("api:workspaces", args=["nothing"]),
    ):  # fmt: skip
        assert client.get(address).status_code == 404
    assert client.post(state).status_code == 405
    hidden = client.get(state).json()
    assert not {"files", "headline", "bullets"} & set(hidden)


def test_the_list_of_tasks_needs_as_many_statements_for_many_as_for_two(sitting: Sitting, client: Client) -> None:
    address = reverse("api:workspaces", args=[access.token_of(sitting)])
    counts = []
    for more in (0, 6):
        there = set(sitting.works.values_list("task", flat=True))
        names = [name for name in library.cards() if name not in there][:more]
        Work.objects.bulk_create(Work(sitting=sitting, task=name, position=9 + at) for at, name in enumerate(names))
        with CaptureQueriesContext(connection) as captured:
            assert len(client.get(address).json()["tasks"]) == 2 + more
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 3


def test_who_asks_too_often_is_told_how_long_to_wait(sitting: Sitting, client: Client, settings: Any) -> None:
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "guest": "3/minute"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    address = reverse("api:workspaces", args=[access.token_of(sitting)])
    assert [client.get(address).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert 0 < int(client.get(address)["Retry-After"]) <= 60


def test_an_ended_application_takes_nothing_here_either(sitting: Sitting, cast: Cast, client: Client) -> None:
    cast.application.stage = "rejected"
    cast.application.save()
    answer = put(client, sitting, **{"If-Match": "*"})
    assert (answer.status_code, answer.json()["detail"]) == (409, "This application has ended.")
