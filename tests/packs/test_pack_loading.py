"""Packs are found by their folders, and what is broken is named with its line and stops nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from djudge.engine.errors import OperatorFault, TaskFault
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.loading import discover, find_task
from djudge.engine.packs.manifests import ExpectedFile, PackFile, TaskFile, glob_to_pattern
from djudge.engine.packs.model import SolutionKind
from djudge.engine.packs.reading import read_manifest
from djudge.engine.packs.schema import FILE, schema_text
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.packs.task_code import load_judge
from djudge.engine.packs.toml_lines import line_of
from djudge.engine.sandbox.contract import Limits
from djudge.engine.values import Outcome

CLONE = Path(__file__).resolve().parents[2]
Edit = Callable[[str, str, str], None]


def test_packs_and_tasks_are_found_by_their_folders(packs: Path) -> None:
    library = discover(packs)
    assert not list(library.diagnostics)
    assert [pack.title for pack in library.packs] == ["The Fair"]
    (task,) = library.tasks
    assert (task.name, task.id, task.limits) == ("fair/unseen-stalls", "FA1", Limits())
    assert task.check("kept").gate
    assert [solution.name for solution in task.solutions] == ["expert", "wrong/half"]
    half = task.solution("wrong/half")
    assert half.kind is SolutionKind.WRONG
    assert half.expected.outcomes == {"listed": Outcome.NOT_SHOWN, "kept": Outcome.SHOWN}


def test_a_folder_that_is_no_pack_is_passed_over(packs: Path) -> None:
    (packs / "notes").mkdir()
    (packs / "README.md").write_text("notes")
    assert len(discover(packs).packs) == 1


def test_a_broken_pack_does_not_stop_the_others(packs: Path) -> None:
    shutil.copytree(packs / "fair", packs / "early")
    (packs / "early" / "pack.toml").write_text('format = 1\nname = "early"\ntitle = \n')
    library = discover(packs)
    assert [task.name for task in library.tasks] == ["fair/unseen-stalls"]
    (entry,) = library.diagnostics
    assert (entry.file, entry.line) == (packs / "early" / "pack.toml", 3)
    assert "not TOML" in entry.message


def test_a_broken_task_does_not_stop_the_others(packs: Path, task_folder: Path) -> None:
    second = task_folder.with_name("zebra")
    shutil.copytree(task_folder, second)
    (task_folder / "task.toml").write_bytes(b"\xff\xfe")
    library = discover(packs)
    assert [task.slug for task in library.tasks] == ["zebra"]
    assert "not UTF-8" in library.diagnostics.errors[0].message


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("minutes = 20", 'minutes = "20"', 6, "`minutes`"),
        ("minutes = 20", "minutes = 0", 6, "`minutes`"),
        ("level = 1\n", "", None, "`level` is missing"),
        ("level = 1", "level = 1\ncolour = 2", 6, "`colour` is not a key"),
        ("level = 1", "level = true", 5, "`level`"),
        ('id = "FA1"', 'id = "fa-1"', 2, "`id`"),
        ("format = 1", "format = 2", 1, "`format`"),
        ('"allowed"', '"perhaps"', 7, "`ai_policy`"),
        ('bullets = ["orm-queries"]', 'bullets = ["orm"]', 8, "no such bullet"),
        ('bullets = ["orm-queries"]', 'bullets = ["orm-queries", "forms"]', 8, "no scored check serves"),
        ('bullets = ["orm-queries"]', 'bullets = ["forms"]', 15, "not among the task's bullets"),
        ('bullet = "orm-queries"\n', "", 11, "scores and has no bullet"),
        ('"stalls/*.py"', '"../*.py"', 9, "relative"),
        ('"stalls/*.py"', '"/etc/*"', 9, "relative"),
        ('id = "kept"', 'id = "listed"', 18, "Two checks have the id"),
        ("gate = true", "gate = 1", 21, "`check.2.gate`"),
        ("version = 1", 'version = 1\nbudget_from = ["guru"]', 4, "no solution 'guru'"),
        ("version = 1", 'version = 1\nneeds = ["root"]', 4, "`needs.1`"),
    ],
)
def test_a_slip_in_a_task_is_named_with_its_line(
    packs: Path, edit: Edit, old: str, new: str, line: int | None, message: str
) -> None:
    edit("task.toml", old, new)
    library = discover(packs)
    assert not library.tasks
    entry = next(entry for entry in library.diagnostics.errors if message in entry.message)
    assert entry.line == line
    assert entry.cure


@pytest.mark.parametrize("value", ["0", "-1", "0.0", "inf", "-inf", "nan", "1e9", "true", '"60"', "[]"])
@pytest.mark.parametrize("name", ["wall_seconds", "cpu_seconds", "memory_mb", "request_seconds", "processes"])
def test_a_limit_that_would_mean_unlimited_is_refused(packs: Path, edit: Edit, name: str, value: str) -> None:
    edit("task.toml", "[[check]]", f"[limits]\n{name} = {value}\n[[check]]")
    library = discover(packs)
    assert not library.tasks
    assert [entry.line for entry in library.diagnostics] == [12]


def test_a_limit_that_is_left_out_has_its_default(packs: Path, edit: Edit) -> None:
    edit("task.toml", "[[check]]", "[limits]\nmemory_mb = 256\n[[check]]")
    (task,) = discover(packs).tasks
    assert task.limits == Limits(memory_mb=256)


def test_a_pipe_in_place_of_a_file_stops_nothing(packs: Path, task_folder: Path) -> None:
    (task_folder / "brief.md").unlink()
    os.mkfifo(task_folder / "brief.md")
    (entry,) = discover(packs).diagnostics
    assert (entry.file.name, entry.message) == ("brief.md", "This is no plain file.")


def test_a_slip_in_an_editable_path_is_a_warning_with_its_line(packs: Path, edit: Edit) -> None:
    edit("task.toml", '"stalls/*.py"', '"stals/*.py"')
    (entry,) = discover(packs).diagnostics.warnings
    assert (entry.line, entry.message) == (9, "No folder stals is there to edit.")


def test_a_folder_whose_name_is_no_plain_name_is_refused(packs: Path, task_folder: Path) -> None:
    task_folder.rename(task_folder.with_name("Unseen stalls"))
    assert "no plain name" in discover(packs).diagnostics.errors[0].message


def test_two_tasks_with_one_id_leave_the_first(packs: Path, task_folder: Path) -> None:
    shutil.copytree(task_folder, task_folder.with_name("zebra"))
    library = discover(packs)
    assert [task.slug for task in library.tasks] == ["unseen-stalls"]
    (entry,) = library.diagnostics
    assert (entry.file.parent.name, entry.line) == ("zebra", 2)


def test_a_pack_says_where_its_parts_are_missing(packs: Path) -> None:
    (packs / "fair" / "pack.toml").write_text(
        'format = 1\nname = "market"\ntitle = "F"\nsettings = "f.s"\nwsgi = "f.w"\nsystem = "site"\n'
        'requirements = "lock.txt"\n'
    )
    assert [entry.line for entry in discover(packs).diagnostics] == [2, 6, 7]


def test_a_pack_names_who_signs_in_and_what_runs_beside_it(packs: Path) -> None:
    file = packs / "fair" / "pack.toml"
    head = file.read_text()
    service = '[[service]]\nmodule = "bank"\naddress = "BANK_URL"\nsecret = "BANK_SECRET"\n'
    file.write_text(
        f'{head}people = "make_people"\n[[sign_in]]\nname = "ada"\nrole = "seller"\nopens = "stalls/"\n{service}'
        'arguments = ["--port={port}", "--for", "{site}"]\n'
    )
    (pack,) = discover(packs).packs
    assert pack.people == "make_people"
    assert [(one.name, one.role, one.opens) for one in pack.sign_ins] == [("ada", "seller", "stalls/")]
    assert [(one.module, one.arguments[0], one.address) for one in pack.services] == [
        ("bank", "--port={port}", "BANK_URL")
    ]
    for wrong in ('arguments = ["{home}"]', 'arguments = ["{port"]', "arguments = [1]", 'colour = "red"'):
        file.write_text(f"{head}{service}{wrong}\n")
        assert len(discover(packs).diagnostics.errors) == 1, wrong


def test_plain_python_has_no_django_and_no_server_and_nothing_in_between(packs: Path) -> None:
    head = 'format = 1\nname = "fair"\ntitle = "F"\n'
    django = 'settings = "fair.settings"\n', 'wsgi = "fair.wsgi"\n'
    (packs / "fair" / "pack.toml").write_text(f"{head}postgres = false\n")
    (pack,) = discover(packs).packs
    assert (pack.settings, pack.wsgi, pack.postgres) == (None, None, False)
    for wrong in ("", django[0], f"{django[0]}{django[1]}postgres = false\n", f"postgres = false\n{django[1]}"):
        (packs / "fair" / "pack.toml").write_text(head + wrong)
        assert [entry.message for entry in discover(packs).diagnostics.errors] == [
            "A database, `settings` and `wsgi` belong together."
        ]


def test_code_that_is_no_python_is_named_with_its_line_and_never_run(packs: Path, task_folder: Path) -> None:
    (task_folder / "observe.py").write_text("raise SystemExit\n\ndef observe(run)\n    pass\n")
    (task_folder / "judge.py").write_text("def judge(observations):\n    return None\n")
    library = discover(packs)
    places = [(entry.file.name, entry.line) for entry in library.diagnostics]
    assert places == [("observe.py", 3), ("judge.py", 1)]


def test_a_brief_that_is_long_or_silent_is_a_warning_and_the_task_is_usable(packs: Path, task_folder: Path) -> None:
    (task_folder / "brief.md").write_text("The **page** lists\nevery `stall`.\n" + "word " * 400)
    library = discover(packs)
    assert library.tasks
    messages = [entry.message for entry in library.diagnostics.warnings]
    assert messages[0].startswith("The brief has ")
    assert ["'kept'" in message for message in messages[1:]] == [True]


@pytest.mark.parametrize(
    ("kind", "expected", "message"),
    [
        ("expert", '[outcomes]\nlisted = "partly"', "The expert loses listed."),
        ("cheats/forged", '[outcomes]\nlisted = "not_shown"', "A cheat names no integrity finding."),
        (
            "cheats/forged",
            'integrity = ["x"]\n[outcomes]\nlisted = "not_shown"',
            "A cheat says nothing of kept.",
        ),
        ("wrong/half", "", "A wrong solution loses nothing."),
        ("wrong/half", 'integrity = ["x"]\n[outcomes]\nlisted = "partly"', "Honest work"),
        ("alternatives/a", '[outcomes]\nlisted = "partly"\nkept = "not_shown"', "loses more than one"),
        ("lucky", "", "no kind of solution"),
    ],
)
def test_a_solution_that_does_not_prove_what_its_folder_says_is_a_warning(
    packs: Path, task_folder: Path, kind: str, expected: str, message: str
) -> None:
    folder = task_folder / "solutions" / kind
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "expected.toml").write_text(f'why = "Because."\n{expected}\n')
    library = discover(packs)
    assert library.tasks
    assert any(message in entry.message for entry in library.diagnostics.warnings)


def test_a_solution_that_names_an_unknown_check_or_outcome_is_an_error(packs: Path, edit: Edit) -> None:
    edit("solutions/wrong/half/expected.toml", 'listed = "not_shown"', 'listd = "not_shown"\nkept = "maybe"')
    assert [entry.line for entry in discover(packs).diagnostics.errors] == [4]
    edit("solutions/wrong/half/expected.toml", 'kept = "maybe"', "")
    (entry,) = discover(packs).diagnostics.errors
    assert (entry.line, entry.message) == (3, "The task has no check 'listd'.")


@pytest.mark.parametrize("name", ["FA1", "fa1", "unseen-stalls", "fair/unseen-stalls"])
def test_a_task_is_found_by_any_of_its_names(packs: Path, name: str) -> None:
    assert find_task(discover(packs), name).id == "FA1"


def test_an_unknown_task_is_the_operators_fault_and_names_what_there_is(packs: Path) -> None:
    with pytest.raises(OperatorFault, match=r"no task 'unseen-stals'.*fair/unseen-stalls"):
        find_task(discover(packs), "unseen-stals")


def test_a_slug_that_two_packs_use_has_to_be_said_in_full(packs: Path) -> None:
    shutil.copytree(packs / "fair", packs / "market")
    for name, old, new in (
        ("pack.toml", '"fair"', '"market"'),
        ("tasks/unseen-stalls/task.toml", "FA1", "MA1"),
    ):
        file = packs / "market" / name
        file.write_text(file.read_text().replace(old, new))
    library = discover(packs)
    with pytest.raises(OperatorFault, match="fair/unseen-stalls, market/unseen-stalls"):
        find_task(library, "unseen-stalls")
    assert find_task(library, "market/unseen-stalls").id == "MA1"


@pytest.mark.parametrize("name", ["FA1", "unseen-stalls", "fair/unseen-stalls"])
def test_a_broken_task_that_was_asked_for_is_its_authors_fault(packs: Path, edit: Edit, name: str) -> None:
    edit("task.toml", "level = 1", "level = 7")
    with pytest.raises(TaskFault, match="`level`") as caught:
        find_task(discover(packs), name)
    assert caught.value.line == 5


def test_no_folder_of_packs_is_said(tmp_path: Path) -> None:
    library = discover(tmp_path / "nowhere")
    assert not library.packs
    assert "no folder of packs" in library.diagnostics.errors[0].message


def test_a_line_is_found_in_any_usual_layout() -> None:
    strings = 'a = """\nb = 1\n"""\n"b c" = 2\n'
    tables = '[x.y]\nz = [\n "q = 1",\n]\n[[t]]\nk = 1\n[[t]] # two\nk = 2\nd.e = 3\n'
    text = strings + tables
    assert line_of(text, ["b c"]) == 4
    assert line_of(text, ["x", "y", "z", 0]) == 6
    assert [line_of(text, ["t", number, "k"]) for number in (0, 1)] == [10, 12]
    assert line_of(text, ["t", 1, "d", "e"]) == 13
    assert line_of(text, ["t", 1, "missing"]) == 11
    assert line_of(text, ["b"]) is None


@pytest.mark.parametrize(
    ("glob", "matching", "other"),
    [
        ("a/*.py", ["a/b.py", "a/.py"], ["a/b/c.py", "b/a/b.py", "a/b.pyc", "a/b.py\n"]),
        ("a/**", ["a/b", "a/b/c.html"], ["a", "ab/c"]),
        ("**/t.py", ["t.py", "a/t.py", "a/b/t.py"], ["at.py"]),
        ("a/**/m?.py", ["a/m1.py", "a/b/c/m2.py"], ["a/m.py", "m1.py"]),
        ("a/b+.py", ["a/b+.py"], ["a/bb.py"]),
    ],
)
def test_a_glob_crosses_folders_only_where_it_says_so(glob: str, matching: list[str], other: list[str]) -> None:
    pattern = glob_to_pattern(glob)
    assert all(pattern.fullmatch(path) for path in matching)
    assert not any(pattern.fullmatch(path) for path in other)


def test_the_schema_in_the_reference_is_the_one_of_the_code() -> None:
    assert (CLONE / FILE).read_text(encoding="utf-8") == schema_text()


def test_the_template_is_a_complete_task_that_loads_cleanly(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    for name in ("pack.toml", "requirements.txt"):
        shop.mkdir(exist_ok=True)
        shutil.copy(CLONE / "packs" / "shop" / name, shop)
    shutil.copytree(CLONE / "packs" / "shop" / "system", shop / "system")
    shutil.copytree(CLONE / "docs" / "how-to" / "task-template", shop / "tasks" / "task-template")
    library = discover(tmp_path)
    assert [str(entry) for entry in library.diagnostics] == []
    task = find_task(library, "task-template")
    assert callable(load_judge(task))
    assert {solution.kind for solution in task.solutions} == set(SolutionKind)
    for solution in task.solutions:
        assert "catalogue/status.py" in submission_of_solution(task, solution.name).changed


def test_the_packs_of_this_repository_load_cleanly() -> None:
    library = discover(CLONE / "packs")
    assert [str(entry) for entry in library.diagnostics.errors] == []


KEYS = st.sampled_from(["format", "id", "title", "check", "limits", "outcomes", "why", "name", "a b", "[", "="])
VALUES = st.sampled_from(
    ["1", "-1", '"x"', "[]", "[[[[", "{}", "nan", "2020-01-01", '"""', "'", "1979-05-27T07:32:00Z"]
)
LINES = st.one_of(
    st.builds("{} = {}".format, KEYS, VALUES),
    st.builds("[[{}]]".format, KEYS),
    st.builds("[{}]".format, KEYS),
)
TEXTS = st.one_of(st.text(max_size=200).map(str.encode), st.lists(LINES).map("\n".join).map(str.encode), st.binary())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=TEXTS, model=st.sampled_from([PackFile, TaskFile, ExpectedFile]))
def test_no_text_makes_the_reader_stumble(
    tmp_path: Path, content: bytes, model: type[PackFile | TaskFile | ExpectedFile]
) -> None:
    file = tmp_path / "some.toml"
    file.write_bytes(content)
    diagnostics = Diagnostics()
    read = read_manifest(model, file, diagnostics)
    assert bool(read) != bool(len(diagnostics))
    lines = len(content.splitlines()) + 1
    assert all(entry.line is None or 1 <= entry.line <= lines for entry in diagnostics)
