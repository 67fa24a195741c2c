"""Each command as a person and as a machine would use it: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.cli.conftest import Called, changed_by

from djudge.engine.packs.model import Task

type Djudge = Callable[..., Called]
type Folder = Callable[[Mapping[str, bytes]], Path]


def test_help_names_every_command(djudge: Djudge) -> None:
    told = djudge("--help")
    assert told.status == 0
    for command in (
        "doctor",
        "tasks",
        "assessments",
        "start",
        "try",
        "grade",
        "assess",
        "rescore",
        "verify",
        "system",
        "museum",
        "check",
    ):
        assert f"\n  {command} " in told.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frob"], "No such command 'frob'"),
        (["grade"], "Missing argument 'TASK'"),
        (["grade", "SH4", ".", "--frob"], "No such option"),
        (["grade", "QQQQ", "."], "There is no task 'QQQQ'. What to do: There are: python/four-bugs, "),
        (["grade", "SH4", "/nowhere"], "There is no /nowhere. What to do: Name a folder or a zip file"),
        (["grade", "SH4", ".", "--json", "/nowhere/x"], "/nowhere/x can't be written (there is no folder /nowhere)."),
        (["grade", "SH4", ".", "--html", "/"], "/ can't be written (it is a folder)."),
        (["grade", "SH4", ".", "--json", "-", "--junit", "-"], "Standard output can take one document only."),
        (["start", "SH4", "/usr"], "/usr is not an empty folder."),
        (["try", "/usr"], "/usr is no workspace"),
        (["try", "/nowhere"], "There is no /nowhere."),
        (["system", "run", "nope"], "There is no pack 'nope'. What to do: There are: python, shop."),
        (["verify", "nope"], "There is no task 'nope'."),
        (["museum", "nope"], "There is no exhibit 'nope'. What to do: There are: shop/arrivals-of-a-day, "),
        (["museum", "--record", "--size", "S"], "Only figures of both sizes are recorded."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_in_a_sentence_and_ends_with_2(djudge: Djudge, arguments: list[str], said: str) -> None:
    told = djudge(*arguments)
    assert told.status == 2
    assert told.out == ""
    assert said in told.err.replace("\n", " ")
    if "option" not in said and "argument" not in said and "command" not in said:
        assert told.err.startswith("In how Djudge was called or set up: ")


def test_tasks_are_listed_with_all_that_has_to_be_typed(djudge: Djudge) -> None:
    told = djudge("tasks")
    assert told.status == 0
    assert "SH4   This query is slow: the product list\n" in told.out
    assert "shop/slow-product-list · level 2 · 25 minutes · query optimisation, ORM queries\n" in told.out
    assert told.err == ""


def test_tasks_for_machines_are_json(djudge: Djudge, task: Task) -> None:
    told = djudge("tasks", "--json")
    found = {each["id"]: each for each in json.loads(told.out)}
    assert found["SH4"]["name"] == task.name
    assert found["SH4"]["checks"] == [check.id for check in task.checks]


def test_a_broken_pack_is_named_and_hides_no_other(
    djudge: Djudge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, task: Task
) -> None:
    shutil.copytree(task.pack.folder, tmp_path / "shop")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/pack.toml").write_text('name = "broken"\nformat = "one"\n')
    monkeypatch.setenv("DJUDGE_PACKS", str(tmp_path))
    told = djudge("tasks")
    assert told.status == 0
    assert "SH4" in told.out
    assert "broken/pack.toml:2: " in told.err


def test_start_lays_out_one_commit_and_says_what_comes_next(djudge: Djudge, tmp_path: Path, task: Task) -> None:
    work = tmp_path / "my work"
    told = djudge("start", "SH4", work)
    assert told.status == 0
    assert f"djudge try '{work}'\n" in told.out
    assert f"djudge grade SH4 '{work}'\n" in told.out
    assert "Read BRIEF.md first; 25 minutes are meant." in told.out
    log = subprocess.run(["git", "log", "--oneline"], cwd=work, capture_output=True, text=True, check=True)
    assert len(log.stdout.splitlines()) == 1
    names = {path.relative_to(work).as_posix() for path in work.rglob("*") if ".git" not in path.parts}
    assert {"BRIEF.md", "manage.py", "visible_tests/test_product_list.py"} <= names
    assert not [name for name in names if "solution" in name or "judge.py" in name or "observe.py" in name]
    again = djudge("start", "SH4", work)
    assert again.status == 2
    assert "is not an empty folder" in again.err


def test_try_shows_the_tests_and_each_requests_statements(djudge: Djudge, tmp_path: Path) -> None:
    djudge("start", "SH4", tmp_path / "work")
    told = djudge("try", tmp_path / "work")
    assert told.status == 0
    assert "test_a_change_is_visible_at_once" in told.out
    assert "GET /products/: 107 statements" in told.out
    assert "  ×24   SELECT" in told.out
    assert "slowest: " in told.out
    assert "All visible tests passed. They count for nothing: `djudge grade` does." in told.out
    assert told.err.splitlines()[-1] == "SH4 work · trying: the visible tests"


def test_try_for_machines_is_json_and_shows_failing_tests_without_being_an_error(
    djudge: Djudge, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    djudge("start", "SH4", work)
    with (work / "catalogue/views.py").open("a") as views:
        views.write("\n\ndef product_list(request):\n    raise ValueError('not yet')\n")
    told = djudge("try", work, "--json")
    assert told.status == 0
    tried = json.loads(told.out)
    assert tried["status"] == 1
    assert "ValueError: not yet" in tried["output"]
    assert {"request", "statements", "repeated", "slowest"} == set(tried["requests"][0])


def test_grade_writes_the_report_in_every_form(djudge: Djudge, folder: Folder, task: Task, tmp_path: Path) -> None:
    work = folder(changed_by(task, "expert"))
    files = {name: tmp_path / f"report.{name}" for name in ("json", "html", "junit")}
    told = djudge("grade", "SH4", work, *(word for name, file in files.items() for word in (f"--{name}", file)))
    assert told.status == 0
    assert "2 of 2 bullets shown" in told.out
    phases = [line.removeprefix("SH4 work · ").partition(":")[0] for line in told.err.splitlines()]
    # The budget is measured once, by whoever grades first.
    assert [phase for phase in phases if phase != "budget"] == ["starting", "observing", "judging"]
    document = json.loads(files["json"].read_text())
    assert document["isolated"] is True
    assert document["canonical_sha256"][:16] in told.out
    assert document["canonical_sha256"][:16] in files["html"].read_text()
    assert files["html"].read_text().startswith("<!doctype html>")
    suite = ElementTree.fromstring(files["junit"].read_text())[0]
    assert (suite.get("failures"), suite.get("errors"), suite.get("tests")) == ("0", "0", str(len(task.checks)))


def test_a_zip_and_its_folder_have_one_report_and_json_on_standard_output_is_pure(
    djudge: Djudge, folder: Folder, task: Task, tmp_path: Path
) -> None:
    files = changed_by(task, "junior")
    archive = tmp_path / "work.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path, content in files.items():
            packed.writestr(f"my-work/{path}", content)
    of_folder = djudge("grade", "SH4", folder(files), "--json", "-")
    of_zip = djudge("grade", "SH4", archive, "--json", "-")
    assert of_folder.status == of_zip.status == 0
    reports = [json.loads(told.out) for told in (of_folder, of_zip)]
    assert reports[0]["canonical_sha256"] == reports[1]["canonical_sha256"]
    assert "SH4 work.zip · observing" in of_zip.err


def test_another_seed_asks_with_other_data(djudge: Djudge, folder: Folder, task: Task) -> None:
    work = folder(changed_by(task, "junior"))
    told = [json.loads(djudge("grade", "SH4", work, "--json", "-", *seed).out) for seed in ([], ["--seed", "second"])]
    assert told[0]["environment"]["seed"] != told[1]["environment"]["seed"]
    assert told[0]["canonical_sha256"] != told[1]["canonical_sha256"]
    outcomes = [{finding["check"]: finding["outcome"] for finding in each["findings"]} for each in told]
    assert outcomes[0] == outcomes[1]


def test_doctor_tries_everything_and_says_what_it_comes_to(djudge: Djudge) -> None:
    told = djudge("doctor")
    assert told.status == 0, told.out
    assert told.out.splitlines()[-1] == "This machine can grade."
    for name in ("jail: seccomp", "jail: landlock", "jail: watchdog", "PostgreSQL", "pack shop"):
        assert f"works   {name}: " in told.out


def test_doctor_names_what_is_missing_with_its_cure_and_ends_with_2(
    djudge: Djudge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJUDGE_DATA", str(tmp_path))
    told = djudge("doctor", "--json")
    assert told.status == 2
    lines = {line["name"]: line for line in json.loads(told.out)}
    assert not lines["pack shop"]["works"]
    assert "make setup" in lines["pack shop"]["cure"]
    assert lines["jail: seccomp"]["works"]
    for_people = djudge("doctor")
    assert for_people.out.splitlines()[-1] == "This machine can't grade yet: pack python, pack shop."


def test_packages_that_are_missing_are_the_operators_to_install(
    djudge: Djudge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Folder, task: Task
) -> None:
    monkeypatch.setenv("DJUDGE_DATA", str(tmp_path))
    told = djudge("grade", "SH4", folder(changed_by(task, "expert")))
    assert told.status == 2
    assert "The packages of the pack shop are not installed." in told.err
    assert "What to do: Run `make setup`." in told.err
