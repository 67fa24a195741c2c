"""A task's functions run in children, under names of their own; what they bring home comes out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from djudge.engine.errors import CandidateFault, TaskFault
from djudge.engine.packs.model import Task
from djudge.engine.packs.observing import arrange_data, judge_in_child, observe_in_child
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.task_code import load_functions
from djudge.engine.values import Integrity, Observations, Outcome, Place


class Watched:
    """A run, as far as these tests need one."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.tell: Callable[[str, str], None] = lambda phase, what: self.told.append((phase, what))


class Connection:
    """Writes down what happens to it, so that it can be seen from outside the child."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def execute(self, text: str) -> None:
        with self._file.open("a") as file:
            file.write(f"{text}\n")

    def commit(self) -> None:
        self.execute("commit")


OBSERVE = """\
from djudge.engine.errors import CandidateFault
from djudge.engine.values import Observations
from ..shared import WORD
from .beside import NUMBER

def arrange(connection, random):
    connection.execute(f"insert {random.randrange(10**6)}")

def observe(run):
    run.tell("observing", "1 of 1")
    if WORD == "fault":
        raise CandidateFault("No answer.", phase="observing", kind="time_limit", detail="d")
    return Observations(seen={"word": WORD, "pair": (NUMBER, 2)}, answered={"a": 1}, claimed={"c": None})
"""

JUDGE = """\
from dataclasses import dataclass
from djudge.engine.values import Integrity, Judgement, Place, Words, not_shown, shown

WORDS = Words(measured="m", expected="e", candidate="c", recruiter="r", evidence=("word",),
              places=(Place(file="a.py", line=3),))

def judge(observations, budget):
    seen = observations.saw("pair")
    assert seen.value == [1, 2] and budget["expert"].seen["word"] == "hello"
    return Judgement(
        (shown("listed", WORDS, seen), not_shown("kept", WORDS)),
        (Integrity(kind="odd", what="w", innocent="i", places=(Place(file="b.py", line=1),)),),
    )
"""


@pytest.fixture
def working(task: Task) -> Task:
    (task.folder / "observe.py").write_text(OBSERVE)
    (task.folder / "judge.py").write_text(JUDGE)
    (task.folder / "beside.py").write_text("NUMBER = 1\n")
    (task.pack.folder / "shared.py").write_text('WORD = "hello"\n')
    return task


def test_what_is_observed_and_judged_comes_home(working: Task) -> None:
    run = Watched()
    observations = observe_in_child(working, run)
    assert run.told == [("observing", "1 of 1")]
    assert observations == Observations(seen={"word": "hello", "pair": [1, 2]}, answered={"a": 1}, claimed={"c": None})
    judgement = judge_in_child(working, observations, {"expert": observations})
    assert [(finding.check, finding.outcome) for finding in judgement.findings] == [
        ("listed", Outcome.SHOWN),
        ("kept", Outcome.NOT_SHOWN),
    ]
    assert judgement.findings[0].places == (Place(file="a.py", line=3),)
    assert judgement.integrity == (Integrity(kind="odd", what="w", innocent="i", places=(Place(file="b.py", line=1),)),)


def test_arranging_draws_from_the_seed_and_is_committed(working: Task, tmp_path: Path) -> None:
    for _ in range(2):
        arrange_data(working, Connection(tmp_path / "log"), local_seed(working))
    first, second, third, fourth = (tmp_path / "log").read_text().splitlines()
    assert first == third == f"insert {local_seed(working).random('arrange').randrange(10**6)}"
    assert second == fourth == "commit"


def test_a_task_without_arrange_keeps_the_systems_data(task: Task, tmp_path: Path) -> None:
    arrange_data(task, Connection(tmp_path / "log"), local_seed(task))
    assert (tmp_path / "log").read_text() == "commit\n"


def test_the_candidates_fault_stays_the_candidates(working: Task) -> None:
    (working.pack.folder / "shared.py").write_text('WORD = "fault"\n')
    with pytest.raises(CandidateFault) as caught:
        observe_in_child(working, Watched())
    assert (caught.value.kind, caught.value.detail) == ("time_limit", "d")


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        ("observe.py", "import nowhere_at_all\n", 1, "No module named 'nowhere_at_all'"),
        ("observe.py", "def observe(run):\n    return {}\n", None, "`observe` returned dict"),
        ("observe.py", "def observe(run):\n    return (\n", 2, "SyntaxError"),
        ("observe.py", "x = 1\n", None, "No function `observe`"),
        ("observe.py", "def observe(run):\n    helper()\ndef helper():\n    1 / 0\n", 4, "ZeroDivisionError"),
        ("shared.py", "WORD = 1 / 0\n", 1, "ZeroDivisionError"),
    ],
)
def test_a_mistake_of_the_author_is_named_with_its_line(
    working: Task, name: str, text: str, line: int | None, message: str
) -> None:
    place = (working.pack.folder if name == "shared.py" else working.folder) / name
    place.write_text(text)
    with pytest.raises(TaskFault, match=message) as caught:
        observe_in_child(working, Watched())
    assert (caught.value.path, caught.value.line) == (place, line)


def test_a_judge_that_returns_something_else_is_its_authors_fault(working: Task) -> None:
    for body in ("None", "Judgement(({},))", "Judgement((), (1,))"):
        text = "from djudge.engine.values import Judgement\n\ndef judge(observations, budget):\n"
        (working.folder / "judge.py").write_text(f"{text}    return {body}\n")
        with pytest.raises(TaskFault, match="`judge` returned"):
            judge_in_child(working, Observations(), {})


def test_a_judge_that_writes_is_refused(working: Task, tmp_path: Path) -> None:
    (working.folder / "judge.py").write_text(
        f"def judge(observations, budget):\n    open({str(tmp_path / 'x')!r}, 'w')\n"
    )
    with pytest.raises(TaskFault, match="A pure function did open") as caught:
        judge_in_child(working, Observations(), {})
    assert caught.value.line == 2
    assert not (tmp_path / "x").exists()


def test_loading_touches_neither_the_path_nor_the_pack(working: Task) -> None:
    path = list(sys.path)
    functions = load_functions(working)
    assert functions.observe.__module__.startswith("djudge_pack_fair_")
    assert functions.observe.__module__.endswith(".unseen_stalls.observe")
    assert sys.path == path
    assert "shared" not in sys.modules
    assert not list(working.pack.folder.rglob("__pycache__"))
