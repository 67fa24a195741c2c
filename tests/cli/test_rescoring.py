"""`djudge rescore`: what it shows, what it writes, what it refuses, and that no report is ever lost by it."""

from __future__ import annotations

import json
import os
import resource
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.cli.conftest import Called, changed_by
from tests.cli.terminal import DJUDGE
from tests.plain_user import GID, UID

from djudge.engine.errors import InfrastructureError, OperatorFault
from djudge.engine.grade import grade
from djudge.engine.packs.loading import discover
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import read_submission, submission_of_solution
from djudge.engine.reports.assembling import candidate_view
from djudge.engine.reports.document import Report
from djudge.engine.reports.reading import MOST_BYTES, read_report
from djudge.engine.rescoring.files import read_file, replace_file
from djudge.engine.rescoring.rescoring import apply, exit_status, preview
from djudge.engine.slot import Slot

TEMPLATE = Path(__file__).parents[2] / "docs/how-to/task-template"

#: A judge that asks for more: half of the start's statements no longer earn a partly.
STRICTER = ("HALF = 0.5", "HALF = 0.1")

type Djudge = Callable[..., Called]
type Edit = Callable[..., None]


@pytest.fixture(scope="session")
def graded(task: Task, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Report]:
    """Reports of the junior and the expert solution and of code that stops, each graded once."""
    stopping = tmp_path_factory.mktemp("stopping") / "catalogue/views.py"
    stopping.parent.mkdir()
    stopping.write_text("raise RuntimeError('not today')\n")
    submissions = {name: submission_of_solution(task, name) for name in ("junior", "expert")}
    submissions["stopping"] = read_submission(task, stopping.parents[1])
    with Slot(task.pack) as slot:
        return {
            name: grade(slot, task, submission, local_seed(task), lambda *_: None)
            for name, submission in submissions.items()
        }


@pytest.fixture
def shelf(tmp_path: Path, graded: Mapping[str, Report]) -> Path:
    """A folder with the reports of the junior and of the expert, as `grade --json` writes them."""
    (tmp_path / "reports").mkdir()
    for name in ("junior", "expert"):
        (tmp_path / f"reports/{name}.json").write_text(graded[name].to_json())
    return tmp_path / "reports"


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, task: Task) -> Path:
    """A copy of the shop that a test may change, in the place of the real one."""
    shutil.copytree(task.pack.folder, tmp_path / "packs/shop", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv("DJUDGE_PACKS", str(tmp_path / "packs"))
    return tmp_path / "packs"


@pytest.fixture
def edit(packs: Path) -> Edit:
    """Changes the task: `edit("judge.py", before, after)`."""

    def replace(before: str, after: str, name: str = "judge.py") -> None:
        file = packs / "shop/tasks/slow-product-list" / name
        text = file.read_text()
        assert text.count(before) == 1
        file.write_text(text.replace(before, after))

    return replace


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and not path.is_symlink()}


def outcomes(file: Path) -> dict[str, str]:
    return {finding["check"]: finding["outcome"] for finding in json.loads(file.read_text())["findings"]}


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes: the disk is full there."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_where_the_task_is_the_same_nothing_changes_and_nothing_is_written(djudge: Djudge, shelf: Path) -> None:
    before = contents(shelf)
    told = djudge("rescore", "--apply", shelf)
    assert told.status == 0
    assert f"{shelf}/junior.json: SH4, nothing changes\n" in told.out
    assert told.out.splitlines()[-1] == "2 reports, 0 replaced, 2 the same."
    assert contents(shelf) == before


def test_a_new_comment_in_the_judge_is_no_reason_to_write(djudge: Djudge, shelf: Path, edit: Edit) -> None:
    edit(STRICTER[0], f"# Measured with the shop of spring.\n{STRICTER[0]}")
    before = contents(shelf)
    assert djudge("rescore", "--apply", shelf).status == 0
    assert contents(shelf) == before


def test_a_preview_shows_each_change_and_writes_nothing(djudge: Djudge, shelf: Path, edit: Edit) -> None:
    edit(*STRICTER)
    before = contents(shelf)
    told = djudge("rescore", shelf)
    assert told.status == 1
    assert f"{shelf}/junior.json: SH4, would change\n" in told.out
    assert "    0 of 2 bullets shown, 2 partly → 0 of 2 bullets shown\n" in told.out
    assert "    check growth: ◐ partly → ○ not shown\n" in told.out
    assert "    bullet query-optimization: ◐ partly → ○ not shown\n" in told.out
    assert "check rows" not in told.out
    assert f"{shelf}/expert.json: SH4, nothing changes\n" in told.out
    assert told.out.splitlines()[-1] == "2 reports, 1 would change, 1 the same. Nothing was written: --apply does."
    assert contents(shelf) == before


def test_apply_writes_what_the_preview_showed_keeps_what_was_there_and_is_done_then(
    djudge: Djudge, shelf: Path, edit: Edit
) -> None:
    edit(*STRICTER)
    junior = shelf / "junior.json"
    junior.chmod(0o640)
    before = contents(shelf)
    told = djudge("rescore", "--apply", shelf)
    assert told.status == 0
    assert told.out.splitlines()[-1] == "2 reports, 1 replaced, 1 the same."
    (kept,) = shelf.glob("*.before-*")
    assert f"the former report is {kept.name}\n" in told.out
    assert kept.read_bytes() == before["junior.json"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in (junior, kept)} == {0o640}
    assert outcomes(junior) == {**outcomes(kept), "growth": "not_shown", "queries": "not_shown"}
    assert (shelf / "expert.json").read_bytes() == before["expert.json"]
    written = contents(shelf)
    again = djudge("rescore", "--apply", shelf)
    assert again.status == 0
    assert again.out.splitlines()[-1] == "2 reports, 0 replaced, 2 the same."
    assert contents(shelf) == written


def test_judged_by_the_former_judge_again_a_report_is_what_it_was_to_the_byte(
    djudge: Djudge, shelf: Path, edit: Edit
) -> None:
    before = (shelf / "junior.json").read_bytes()
    edit(*STRICTER)
    djudge("rescore", "--apply", shelf)
    assert (shelf / "junior.json").read_bytes() != before
    edit(*reversed(STRICTER))
    djudge("rescore", "--apply", shelf)
    assert (shelf / "junior.json").read_bytes() == before


def test_the_new_report_is_what_grade_writes_today(
    djudge: Djudge, shelf: Path, edit: Edit, tmp_path: Path, task: Task, monkeypatch: pytest.MonkeyPatch,
    fresh_budgets: Path, folder: Callable[[Mapping[str, bytes]], Path],
) -> None:  # fmt: skip
    edit(*STRICTER)
    edit("version = 2", "version = 3", "task.toml")
    monkeypatch.setenv("DJUDGE_DATA", str(fresh_budgets))
    djudge("rescore", "--apply", shelf)
    assert djudge("grade", "SH4", folder(changed_by(task, "junior")), "--json", tmp_path / "new.json").status == 0
    rescored, fresh = (read_report(file.read_bytes()) for file in (shelf / "junior.json", tmp_path / "new.json"))
    assert rescored.canonical_sha256 == fresh.canonical_sha256
    for part in ("task", "findings", "bullets", "headline", "not_tested", "integrity", "questions", "djudge"):
        assert getattr(rescored, part) == getattr(fresh, part)


def test_integrity_findings_that_come_are_told_apart_from_those_that_go(
    djudge: Djudge, shelf: Path, edit: Edit
) -> None:
    edit(
        "integrity=(*doubts,",
        'integrity=(Integrity(kind="counter-gap", what="Rows.", innocent="A trigger."), *doubts,',
    )
    told = djudge("rescore", "--apply", shelf / "expert.json")
    assert "    integrity finding new: counter-gap\n" in told.out
    edit('integrity=(Integrity(kind="counter-gap", what="Rows.", innocent="A trigger."), ', "integrity=(")
    assert "    integrity finding gone: counter-gap\n" in djudge("rescore", shelf / "expert.json").out


def test_for_machines_it_is_json_with_every_check_on_both_sides(djudge: Djudge, shelf: Path, edit: Edit) -> None:
    edit(*STRICTER)
    told = djudge("rescore", shelf, "--json", "-")
    assert told.status == 1
    document = json.loads(told.out)
    assert (document["reports"], document["changes"], document["same"], document["refused"]) == (2, 1, 1, 0)
    files = {Path(each["file"]).name: each for each in document["files"]}
    assert files["expert.json"]["state"] == "same"
    assert files["expert.json"]["before_sha256"] == files["expert.json"]["after_sha256"]
    changes = files["junior.json"]["changes"]
    assert {"name": "growth", "before": "partly", "after": "not_shown"} in changes["checks"]
    assert {"name": "page", "before": "shown", "after": "shown"} in changes["checks"]
    assert changes["headline"]["after"] == "0 of 2 bullets shown"
    assert "would change" in told.err


def test_a_judge_that_raises_is_its_authors_fault_and_nothing_at_all_is_written(
    djudge: Djudge, shelf: Path, edit: Edit, packs: Path
) -> None:
    edit(*STRICTER)
    edit(
        "    expert = GrowthReading",
        '    if not growth.value.growing:\n        raise LookupError("no such reader")\n    expert = GrowthReading',
    )
    before = contents(shelf)
    told = djudge("rescore", "--apply", shelf)
    assert told.status == 2
    assert "In the task or its pack: The task's code raised LookupError: no such reader\n" in told.out
    assert f"Where: {packs}/shop/tasks/slow-product-list/judge.py:" in told.out
    assert "Nothing was written, because the judge of SH4 failed." in told.out
    assert contents(shelf) == before


def test_a_report_of_another_version_is_judged_where_its_observations_suffice(
    djudge: Djudge, shelf: Path, edit: Edit
) -> None:
    edit("version = 2", "version = 3", "task.toml")
    told = djudge("rescore", "--apply", shelf)
    assert told.status == 0
    assert "    task version 2 → 3\n" in told.out
    assert read_report((shelf / "junior.json").read_bytes()).task.version == 3


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ('observations.saw("growth")', 'observations.saw("paths")', "its judge failed on them"),
        ('evidence=("growth", "shape")', 'evidence=("growth", "paths")', "they lack paths"),
    ],
    ids=["read by the judge", "named as evidence"],
)
def test_a_report_of_another_version_without_what_this_one_measures_is_refused(
    djudge: Djudge, shelf: Path, edit: Edit, before: str, after: str, why: str
) -> None:
    edit("version = 2", "version = 3", "task.toml")
    edit(before, after)
    stored = contents(shelf)
    told = djudge("rescore", "--apply", shelf)
    assert told.status == 2
    assert f"It holds observations of version 2 of the task, which version 3 can't judge: {why}" in told.out
    assert "What to do: Grade the submission again." in told.out
    assert contents(shelf) == stored


def test_a_report_measured_without_a_reference_that_the_task_now_needs_is_refused(
    djudge: Djudge, shelf: Path, edit: Edit
) -> None:
    edit('budget_from = ["expert",', 'budget_from = ["expert", "competent",', "task.toml")
    told = djudge("rescore", shelf)
    assert told.status == 2
    assert "without the reference solution that the task now compares with: competent." in told.out


def test_a_submission_that_stopped_left_nothing_to_judge_and_that_is_no_failure(
    djudge: Djudge, shelf: Path, graded: Mapping[str, Report], edit: Edit
) -> None:
    edit(*STRICTER)
    (shelf / "stopping.json").write_text(graded["stopping"].to_json())
    told = djudge("rescore", "--apply", shelf)
    assert told.status == 0
    assert "stopping.json: can't be judged again\n    In the submission: The submission stopped (" in told.out
    assert told.out.splitlines()[-1] == "3 reports, 1 replaced, 1 the same, 1 can't be judged again."
    assert (shelf / "stopping.json").read_text() == graded["stopping"].to_json()


def candidates(report: Report) -> bytes:
    return candidate_view(report).to_json().encode()


def cut_off(report: Report) -> bytes:
    return report.to_json().encode()[:-1000]


def improved_by_hand(report: Report) -> bytes:
    return report.to_json().replace('"outcome": "partly"', '"outcome": "shown"', 1).encode()


def number_as_text(report: Report) -> bytes:
    return report.to_json().replace('"minutes": 25', '"minutes": "25"', 1).encode()


def said_twice(report: Report) -> bytes:
    return report.to_json().replace('"isolated": true', '"isolated": false, "isolated": true', 1).encode()


def of_nobodys_task(report: Report) -> bytes:
    return report.to_json().replace('"id": "SH4"', '"id": "XX9"', 1).encode()


def of_another_pack(report: Report) -> bytes:
    return report.to_json().replace('"pack": "shop"', '"pack": "farm"', 1).encode()


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (candidates, "This is the candidate's rendering, which holds no observations."),
        (cut_off, "This is not a report that Djudge can read"),
        (improved_by_hand, "The report was changed after it was written: it does not fit its own digest."),
        (number_as_text, "task.minutes: Input should be a valid integer"),
        (said_twice, "a key occurs twice"),
        (of_nobodys_task, "There is no task 'XX9'."),
        (of_another_pack, "The report is of SH4 in the pack farm, which is not there."),
        (lambda _: b"[" * 100_000, "it is nested too deeply"),
        (lambda _: b'"\xff"', "it is not UTF-8"),
        (lambda _: b" " * (MOST_BYTES + 1), "it is larger than 32 MB"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_no_sound_report_is_refused_in_words_and_stops_no_other(
    djudge: Djudge, shelf: Path, graded: Mapping[str, Report], edit: Edit, damage: Callable[[Report], bytes], why: str
) -> None:
    edit(*STRICTER)
    content = damage(graded["junior"])
    (shelf / "a.json").write_bytes(content)
    told = djudge("rescore", "--apply", shelf)
    assert told.status == 2
    assert why in told.out
    assert told.out.splitlines()[-1] == "3 reports, 1 replaced, 1 the same, 1 can't be judged again."
    assert (shelf / "a.json").read_bytes() == content


def make_link(place: Path, shelf: Path) -> None:
    place.symlink_to(shelf / "junior.json")


def make_broken_link(place: Path, shelf: Path) -> None:
    place.symlink_to("nowhere")


def make_pipe(place: Path, shelf: Path) -> None:
    os.mkfifo(place)


@pytest.mark.parametrize(
    ("make", "why"), [(make_link, "is a link."), (make_broken_link, "is a link."), (make_pipe, "is no plain file.")]
)
def test_links_and_pipes_are_not_followed(
    djudge: Djudge, shelf: Path, edit: Edit, make: Callable[[Path, Path], None], why: str
) -> None:
    edit(*STRICTER)
    place = shelf / "a.json"
    make(place, shelf)
    before = contents(shelf)
    for named in (place, shelf):
        told = djudge("rescore", named)
        assert told.status == 2
        assert f"{place.name if 'plain' in why else place} {why}" in told.out
    assert contents(shelf) == before


def test_a_report_with_two_names_is_refused_because_only_one_would_change(
    djudge: Djudge, shelf: Path, edit: Edit, tmp_path: Path
) -> None:
    edit(*STRICTER)
    os.link(shelf / "junior.json", tmp_path / "second.json")
    before = contents(shelf)
    told = djudge("rescore", "--apply", shelf)
    assert told.status == 2
    assert "junior.json has 2 names (hard links)." in told.out
    assert contents(shelf) == before
    (tmp_path / "second.json").unlink()
    assert djudge("rescore", "--apply", shelf).status == 0


def test_a_report_that_somebody_wrote_since_the_preview_is_left_alone(shelf: Path, packs: Path, edit: Edit) -> None:
    edit(*STRICTER)
    library, junior = discover(packs), shelf / "junior.json"
    seen = preview(junior, library)
    junior.write_bytes((shelf / "expert.json").read_bytes())
    before = contents(shelf)
    refused = apply(seen, library)
    assert isinstance(refused.refusal, OperatorFault)
    assert "was changed since it was read" in refused.refusal.what
    assert contents(shelf) == before


def test_a_report_that_somebody_wrote_while_it_was_judged_is_left_alone(shelf: Path) -> None:
    held = read_file(shelf / "junior.json")
    (shelf / "junior.json").write_text("{}")
    before = contents(shelf)
    with pytest.raises(OperatorFault, match="was changed since it was read"):
        replace_file(held, "new")
    assert contents(shelf) == before


def test_a_judge_that_changed_since_the_preview_does_not_write_what_nobody_saw(
    shelf: Path, packs: Path, edit: Edit
) -> None:
    edit(*STRICTER)
    library = discover(packs)
    seen = preview(shelf / "junior.json", library)
    edit("HALF = 0.1", "HALF = 0.9")
    edit('"the same on every axis"', '"on every axis the same"')
    edit('f"growing with: {growing}"', 'f"grows with: {growing}"')
    before = contents(shelf)
    refused = apply(seen, library)
    assert isinstance(refused.refusal, InfrastructureError)
    assert exit_status([refused]) == 3
    assert contents(shelf) == before


@pytest.mark.parametrize("room", [100_000, 0], ids=["for neither", "for the former one only"])
def test_a_full_disk_loses_nothing_and_a_second_call_completes_it(
    djudge: Djudge, shelf: Path, edit: Edit, room: int
) -> None:
    edit(*STRICTER)
    edit('recruiter="Whether only what is needed', f'recruiter="{"long " * 200}Whether only what is needed')
    junior = shelf / "junior.json"
    (shelf / "expert.json").unlink()
    before = junior.read_bytes()
    with largest_file(room or len(before)):
        told = djudge("rescore", "--apply", junior)
    assert told.status == 2
    assert f"{junior}: not replaced\n" in told.out
    assert "junior.json can't be read or replaced (File too large)." in told.out
    assert told.out.splitlines()[-1] == "1 report, 0 replaced, 0 the same, 1 not replaced."
    assert junior.read_bytes() == before
    assert set(contents(shelf).values()) == {before}
    assert djudge("rescore", "--apply", junior).status == 0
    assert junior.read_bytes() != before
    assert before in contents(shelf).values()
    assert len(contents(shelf)) == 2


def test_a_replaced_report_belongs_to_whom_it_belonged(djudge: Djudge, shelf: Path, edit: Edit) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    edit(*STRICTER)
    os.chown(shelf / "junior.json", UID, GID)
    assert djudge("rescore", "--apply", shelf).status == 0
    assert {(file.stat().st_uid, file.stat().st_gid) for file in shelf.glob("junior*")} == {(UID, GID)}
    assert len([*shelf.glob("junior*")]) == 2


@pytest.mark.prove
def test_a_kill_at_any_moment_leaves_the_former_report_or_the_new_one(shelf: Path, edit: Edit) -> None:
    edit(*STRICTER)
    before, junior = (shelf / "junior.json").read_bytes(), shelf / "junior.json"
    subprocess.run([*DJUDGE, "rescore", "--apply", junior], capture_output=True)
    after = junior.read_bytes()
    assert after != before
    for step in range(40):
        junior.write_bytes(before)
        killed = subprocess.Popen([*DJUDGE, "rescore", "--apply", junior], stderr=subprocess.DEVNULL)
        with suppress(subprocess.TimeoutExpired):
            killed.wait(0.3 + step / 40)
        killed.kill()
        killed.wait()
        assert junior.read_bytes() in {before, after}
        assert {file.read_bytes() for file in shelf.glob("junior*.json")} <= {before, after}


def test_two_at_once_lose_nothing(shelf: Path, edit: Edit) -> None:
    edit(*STRICTER)
    before = contents(shelf)
    both = [
        subprocess.Popen([*DJUDGE, "rescore", "--apply", str(shelf)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    told = [process.communicate()[0].decode() for process in both]
    assert any("1 replaced" in each for each in told)
    assert {process.returncode for process in both} <= {0, 2}
    after = contents(shelf)
    assert sorted(after) == ["expert.json", "junior.before-" + kept_of(shelf), "junior.json"]
    assert before["junior.json"] in after.values()
    assert outcomes(shelf / "junior.json")["growth"] == "not_shown"


def kept_of(shelf: Path) -> str:
    (kept,) = shelf.glob("junior.before-*")
    return kept.name.removeprefix("junior.before-")


def test_something_else_under_the_former_reports_name_is_not_overwritten(
    djudge: Djudge, shelf: Path, edit: Edit
) -> None:
    edit(*STRICTER)
    djudge("rescore", "--apply", shelf)
    (kept,) = shelf.glob("*.before-*")
    (shelf / "junior.json").write_bytes(kept.read_bytes())
    kept.write_text("precious")
    before = contents(shelf)
    told = djudge("rescore", "--apply", shelf)
    assert told.status == 2
    assert "is there and holds something else." in told.out
    assert contents(shelf) == before


def test_former_reports_are_passed_over_in_folders_and_folders_below_are_read(
    djudge: Djudge, shelf: Path, edit: Edit
) -> None:
    edit(*STRICTER)
    (shelf / "spring").mkdir()
    (shelf / "junior.json").rename(shelf / "spring/junior.json")
    assert djudge("rescore", "--apply", shelf).status == 0
    told = djudge("rescore", shelf)
    assert told.status == 0
    assert f"{shelf}/spring/junior.json: SH4, nothing changes" in told.out
    assert told.out.splitlines()[-1] == "2 reports, 0 would change, 2 the same."


def test_reports_of_other_tasks_than_the_one_named_are_passed_over(
    djudge: Djudge, shelf: Path, edit: Edit, packs: Path
) -> None:
    edit(*STRICTER)
    shutil.copytree(TEMPLATE, packs / "shop/tasks/goods-in-numbers")
    before = contents(shelf)
    told = djudge("rescore", "--apply", "--task", "goods-in-numbers", shelf)
    assert told.status == 0
    assert told.out.splitlines()[-1] == "2 reports, 0 replaced, 0 the same, 2 of other tasks."
    assert contents(shelf) == before
    assert djudge("rescore", "--task", "SH4", shelf).status == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument 'REPORT.json|FOLDER...'"),
        (["/nowhere.json"], "There is no /nowhere.json. What to do: Name a report, or a folder of reports."),
        (["--task", "NOPE", "."], "There is no task 'NOPE'."),
        ([".", "--json", "/nowhere/x"], "/nowhere/x can't be written"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_in_a_sentence(djudge: Djudge, arguments: list[str], said: str) -> None:
    told = djudge("rescore", *arguments)
    assert told.status == 2
    assert told.out == ""
    assert said in told.err.replace("\n", " ")


def test_a_folder_without_a_report_is_told(djudge: Djudge, tmp_path: Path) -> None:
    told = djudge("rescore", tmp_path)
    assert told.status == 2
    assert f"No report (*.json) lies below {tmp_path}." in told.err


def test_names_that_would_write_on_the_terminal_are_made_visible(djudge: Djudge, shelf: Path) -> None:
    (shelf / "junior.json").rename(shelf / "\x1b[2J\u202ejunior.json")
    told = djudge("rescore", shelf)
    assert told.status == 0
    assert r"\x1b[2J\u202ejunior.json: SH4, nothing changes" in told.out
    assert "\x1b" not in told.out + told.err
