"""The commands without the rights of root, and on a machine that refuses an ordinary user the jail."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from xml.etree import ElementTree

import pytest
from tests.cli.conftest import changed_by
from tests.cli.terminal import CTRL_C, DJUDGE, SHOWCASE, Terminal, files_left, private_places
from tests.plain_user import GID, UID, plain_user_command, plain_user_environ, run_as_plain_user

from djudge.engine.grade import grade
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.slot import Slot

pytestmark = pytest.mark.plain_user


@pytest.fixture
def place(plain_data: Path) -> Iterator[Path]:
    """A folder of the ordinary user's own."""
    folder = Path(tempfile.mkdtemp(prefix="cli-work-", dir="/tmp"))
    os.chown(folder, UID, GID)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def expert(place: Path, task: Task) -> Path:
    for path, content in changed_by(task, "expert").items():
        (place / "expert" / path).parent.mkdir(parents=True, exist_ok=True)
        (place / "expert" / path).write_bytes(content)
    return place / "expert"


def djudge(data: Path, *arguments: object, user_namespaces: bool = True) -> CompletedProcess[bytes]:
    command = [*DJUDGE, *map(str, arguments)]
    with private_places(data, UID) as environ:
        wanted = {name: environ[name] for name in ("DJUDGE_DATA", "DJUDGE_SCRATCH", "TMPDIR", "COLUMNS")}
        done = run_as_plain_user(command, wanted, user_namespaces=user_namespaces)
        assert files_left(environ) == []
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


def test_an_ordinary_user_gets_the_report_that_root_gets(plain_data: Path, expert: Path, task: Task) -> None:
    done = djudge(plain_data, "grade", "SH4", expert, "--json", "-")
    assert done.returncode == 0, done.stderr.decode()
    report = json.loads(done.stdout)
    assert report["isolated"] is True
    assert report["headline"]["text"] == "2 of 2 bullets shown"
    with Slot(task.pack) as slot:
        of_root = grade(slot, task, submission_of_solution(task, "expert"), local_seed(task), lambda *_: None)
    assert report["canonical_sha256"] == of_root.canonical_sha256


def test_start_try_and_doctor_work_for_an_ordinary_user(plain_data: Path, place: Path) -> None:
    assert djudge(plain_data, "start", "SH4", place / "work").returncode == 0
    tried = djudge(plain_data, "try", place / "work")
    assert tried.returncode == 0, tried.stderr.decode()
    assert b"All visible tests passed." in tried.stdout
    doctor = djudge(plain_data, "doctor")
    assert doctor.returncode == 0, doctor.stdout.decode()
    assert b"an ordinary user" in doctor.stdout
    assert doctor.stdout.endswith(b"This machine can grade.\n")


def test_without_namespaces_grading_is_refused_with_the_layer_and_its_cure(plain_data: Path, expert: Path) -> None:
    """The commands before this one have made the ordinary user's cluster."""
    done = djudge(plain_data, "grade", "SH4", expert, user_namespaces=False)
    assert done.returncode == 2
    assert done.stdout == b""
    told = done.stderr.decode()
    assert told.startswith("In how Djudge was called or set up: The layer identity")
    assert "user.max_user_namespaces" in told
    doctor = djudge(plain_data, "doctor", user_namespaces=False)
    assert doctor.returncode == 2
    assert b"missing jail: identity" in doctor.stdout
    assert b"This machine can't grade yet: jail: identity" in doctor.stdout


def test_without_namespaces_own_code_is_graded_and_marked_in_every_form(
    plain_data: Path, place: Path, expert: Path
) -> None:
    forms = [f"--{name}={place / name}" for name in ("json", "html", "junit")]
    done = djudge(plain_data, "grade", "SH4", expert, "--own-code", *forms, user_namespaces=False)
    assert done.returncode == 0, done.stderr.decode()
    assert b"Not isolated. This code ran without the jail (--own-code)." in done.stdout
    report = json.loads((place / "json").read_text())
    assert report["isolated"] is False
    assert report["headline"]["text"] == "2 of 2 bullets shown"
    assert "Not isolated" in (place / "html").read_text()
    suite = ElementTree.fromstring((place / "junit").read_text())[0]
    (isolated,) = [each.get("value", "") for each in suite.iter("property") if each.get("name") == "isolated"]
    assert isolated.startswith("no: This code ran without the jail")


def test_without_namespaces_the_showcase_says_so_and_shows_its_own_samples(plain_data: Path) -> None:
    command = plain_user_command([*SHOWCASE, "--port", "0"], user_namespaces=False)
    with private_places(plain_data, UID) as environ:
        wanted = {name: environ[name] for name in ("DJUDGE_DATA", "DJUDGE_SCRATCH", "TMPDIR")}
        with Terminal(command, plain_user_environ(wanted)) as terminal:
            told = terminal.read_until("Ctrl-C stops everything")
            assert "Not isolated. The layer identity" in told
            assert "The samples are this repository's own code." in told
            assert "expert     ORM queries shown, query optimisation shown" in told
            terminal.press(CTRL_C)
            terminal.wait()
            assert terminal.left() == []
        assert files_left(environ) == []
