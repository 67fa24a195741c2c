"""What becomes of a mutant: killed by the checks that it loses, equivalent with a witness, or a problem of the task."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from djudge.engine.cli.library import named_task
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.model import Task
from djudge.engine.values import Outcome
from djudge.engine.verify.equivalents import Equivalent, Witness, equivalents_of
from djudge.engine.verify.hunting import Fate, Hunt, Hunted, Look, killers, problems_of_hunt, survivor
from djudge.engine.verify.mutants import Mutant

SHOWN = dict.fromkeys(("growth", "rows", "queries", "page", "fresh"), Outcome.SHOWN)
SAME = {Witness.ANSWERS: "a", Witness.STATEMENTS: "s"}
EXPERT = Look(SHOWN, "", SAME)

MUTANT = Mutant(
    operator="drop-distinct", file="shop/a.py", line=3, text="return rows.distinct()", what="drops distinct()",
    files={}, diff="",
)  # fmt: skip
DECLARED = Equivalent(
    operator="drop-distinct", file="shop/a.py", line="return rows.distinct()", why="Rows are unique by their key.",
    witness=(Witness.ANSWERS, Witness.STATEMENTS),
)  # fmt: skip


@pytest.fixture(scope="module")
def task() -> Task:
    return named_task("SH4")


def problems(*hunted: Hunted, declared: tuple[Equivalent, ...] = ()) -> list[str]:
    return [problem.rule for problem in problems_of_hunt(hunted, declared)]


def test_a_mutant_is_killed_by_what_it_loses_and_by_a_fault(task: Task) -> None:
    assert killers(task, EXPERT, EXPERT) == ()
    lower = {**SHOWN, "rows": Outcome.PARTLY, "page": Outcome.NOT_SHOWN}
    assert killers(task, replace(EXPERT, outcomes=lower), EXPERT) == ("rows", "page")
    assert killers(task, replace(EXPERT, fault="bad_answer"), EXPERT) == ("stopped", "bad_answer")


def test_other_statements_alone_kill_nothing(task: Task) -> None:
    assert killers(task, replace(EXPERT, witnesses={**SAME, Witness.STATEMENTS: "other"}), EXPERT) == ()


def test_a_survivor_is_a_problem_unless_it_is_declared() -> None:
    undeclared = survivor(MUTANT, [(EXPERT, EXPERT)], ())
    assert undeclared.fate is Fate.SURVIVED
    assert problems(undeclared) == ["mutant survives", "kill rate"]
    equivalent = survivor(MUTANT, [(EXPERT, EXPERT)], [DECLARED])
    assert (equivalent.fate, equivalent.why) == (Fate.EQUIVALENT, "Rows are unique by their key.")
    assert problems(equivalent, declared=(DECLARED,)) == []


def test_a_declaration_does_not_count_where_its_witness_differs_under_any_seed() -> None:
    other = replace(EXPERT, witnesses={**SAME, Witness.STATEMENTS: "other"})
    refuted = survivor(MUTANT, [(EXPERT, EXPERT), (other, EXPERT)], [DECLARED])
    assert refuted.fate is Fate.SURVIVED
    assert refuted.why == "declared equivalent, but statements differ"
    by_answers = DECLARED.model_copy(update={"witness": (Witness.ANSWERS,)})
    assert survivor(MUTANT, [(other, EXPERT)], [by_answers]).fate is Fate.EQUIVALENT


def test_what_was_not_observed_bears_witness_to_nothing() -> None:
    blind = replace(EXPERT, witnesses={Witness.ANSWERS: "a"})
    unseen = survivor(MUTANT, [(blind, blind)], [DECLARED])
    assert (unseen.fate, unseen.why) == (Fate.SURVIVED, "declared equivalent, but the task observes no statements")


def test_a_declaration_of_what_is_killed_or_not_there_is_stale() -> None:
    killed = Hunted(MUTANT, Fate.KILLED, by=("page",), seed="local")
    assert problems(killed, declared=(DECLARED,)) == ["stale equivalent"]
    assert problems(replace(killed, mutant=replace(MUTANT, text="another line")), declared=(DECLARED,)) == [
        "stale equivalent"
    ]
    assert problems(killed) == []


def test_the_kill_rate_leaves_equivalent_mutants_out() -> None:
    killed, equivalent = Hunted(MUTANT, Fate.KILLED, by=("page",)), Hunted(MUTANT, Fate.EQUIVALENT)
    found = Hunt((killed, killed, killed, equivalent), ())
    assert (found.kill_rate, str(found)) == (1.0, "3 of 3 mutants killed, 1 equivalent")
    assert (found.killed_by("page"), found.killed_by("rows")) == (3, 0)
    assert Hunt((), ()).kill_rate == 1.0


@pytest.fixture
def copied(task: Task, tmp_path: Path) -> Task:
    """The task in a folder of its own, without solutions."""
    folder = tmp_path / "task"
    shutil.copytree(task.folder, folder, ignore=shutil.ignore_patterns("solutions", "__pycache__"))
    return replace(task, folder=folder)


def test_equivalents_are_read_from_the_tasks_folder(copied: Task) -> None:
    diagnostics = Diagnostics()
    assert equivalents_of(copied, diagnostics) == ()
    (copied.folder / "equivalents.toml").write_text(
        '[[equivalent]]\noperator = "drop-distinct"\nfile = "shop/a.py"\nline = "return rows.distinct()"\n'
        'why = "Rows are unique by their key."\nwitness = ["answers", "statements"]\n'
    )
    assert equivalents_of(copied, diagnostics) == (DECLARED,)
    assert list(diagnostics) == []


@pytest.mark.parametrize("witness", ['witness = ["luck"]', "witness = []", ""])
def test_an_entry_without_a_witness_is_refused_with_its_line(copied: Task, witness: str) -> None:
    (copied.folder / "equivalents.toml").write_text(
        f'[[equivalent]]\noperator = "drop-distinct"\nfile = "a.py"\nline = "b"\nwhy = "c"\n{witness}\n'
    )
    diagnostics = Diagnostics()
    assert equivalents_of(copied, diagnostics) == ()
    assert diagnostics
    assert {diagnostic.line for diagnostic in diagnostics} <= {1, 6}
