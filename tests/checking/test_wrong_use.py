"""What can't be checked is told as whose it is, why and what to do, and ends with 2."""

from __future__ import annotations

import venv
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.checking.conftest import PROJECT, SEED, Called

type Djudge = Callable[..., Called]
type Project = Callable[..., Path]

OURS = "In how Djudge was called or set up: "
THEIRS = "In the project that was checked: "


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["/nowhere"], "There is no folder /nowhere."),
        (["/usr"], "There is no manage.py in /usr. What to do: Name the folder that holds it, or --settings."),
        ([PROJECT, "--python", "/nowhere/python"], "There is no Python at /nowhere/python."),
        ([PROJECT, "--python", PROJECT / "manage.py"], "There is no Python at"),
        ([PROJECT, "--fixture", "/nowhere/x.json"], "There is no fixture /nowhere/x.json."),
        ([PROJECT, "--json", "/nowhere/x"], "/nowhere/x can't be written"),
    ],
    ids=lambda value: " ".join(map(str, value[1:])) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_before_anything_runs(djudge: Djudge, arguments: list[object], said: str) -> None:
    told = djudge("check", *arguments)
    assert told.status == 2
    assert told.err.startswith(OURS)
    assert said in told.err.replace("\n", " ")


def test_an_interpreter_without_django_is_named(
    djudge: Djudge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    venv.create(tmp_path / "empty", symlinks=True)
    python = tmp_path / "empty" / "bin" / "python"
    told = refused(djudge("check", PROJECT, "--python", str(python)))
    assert f"There is no Django in {python}." in told
    assert "--python" in told


def test_a_program_that_is_no_python_is_told_with_what_it_said(djudge: Djudge) -> None:
    told = refused(djudge("check", PROJECT, "--python", "/bin/ls"))
    assert "cannot access 'djudge.driver'" in told
    assert "name a Python of 3.9 or newer with --python" in told


@pytest.mark.usefixtures("installed")
def test_settings_that_are_not_there_or_raise_are_named(djudge: Djudge, project: Project) -> None:
    folder = project(asking='import os\nSECRET_KEY = os.environ["NOBODY_SET_THIS"]\n')
    assert "The settings nowhere.settings can't be found" in refused(
        djudge("check", folder, "--settings", "nowhere.settings")
    )
    told = refused(djudge("check", folder, "--settings", "asking"))
    assert "The project can't be loaded: KeyError: 'NOBODY_SET_THIS'." in told
    assert "Where: asking.py:2" in told
    assert "set for this command what they want to find there" in told


@pytest.mark.usefixtures("installed")
def test_a_package_that_is_missing_and_a_service_that_is_not_there_are_told_apart(
    djudge: Djudge, project: Project
) -> None:
    calling = "import socket\nfrom gazette.settings import *\nsocket.create_connection(('127.0.0.1', 1))\n"
    folder = project(calling=calling, lacking="import package_that_nobody_has\n")
    assert "Install what is missing" in refused(djudge("check", folder, "--settings", "lacking"))
    assert "It wants a service that does not answer." in refused(djudge("check", folder, "--settings", "calling"))


@pytest.mark.usefixtures("installed")
def test_a_fixture_or_a_command_that_fails_is_named_with_its_own_words(djudge: Djudge, tmp_path: Path) -> None:
    fixture = tmp_path / "wrong.json"
    fixture.write_text('[{"model": "press.nobody", "pk": 1, "fields": {}}]')
    told = refused(djudge("check", PROJECT, "--fixture", fixture))
    assert "A fixture can't be loaded: DeserializationError" in told
    assert "press.nobody" in told
    assert "A command that was to make data failed" in refused(djudge("check", PROJECT, "--command", "no_such_command"))


@pytest.mark.usefixtures("installed")
def test_people_who_are_not_in_the_data_are_named(djudge: Djudge) -> None:
    told = djudge("check", PROJECT, "--as", "zoe", "--command", SEED)
    assert told.status == 2
    assert f"{OURS}Nobody in the data is called zoe." in told.err


@pytest.mark.usefixtures("installed")
def test_a_migration_that_fails_is_named_with_its_line(djudge: Djudge, project: Project) -> None:
    folder = project(
        **{
            "press/migrations/0002_wrong": "from django.db import migrations\n"
            "def fail(apps, schema_editor):\n    raise ValueError('not today')\n"
            "class Migration(migrations.Migration):\n    dependencies = [('press', '0001_initial')]\n"
            "    operations = [migrations.RunPython(fail)]\n"
        }
    )
    told = refused(djudge("check", folder))
    assert "Its migrations failed: ValueError: not today." in told
    assert "Where: press/migrations/0002_wrong.py:3" in told


def refused(told: Called) -> str:
    """The words of a refusal that is the project's, as one line."""
    assert told.status == 2, told.err
    assert told.out == ""
    assert THEIRS in told.err
    return told.err.replace("\n", " ")
