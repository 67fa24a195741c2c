"""Each rule of a proof accepts a sound task and finds exactly the fault that it is there for."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from djudge.engine.cli.library import named_task
from djudge.engine.packs.model import Expected, SolutionKind, Task
from djudge.engine.values import Outcome
from djudge.engine.verify import rules
from djudge.engine.verify.trial import Trial

SHOWN, PARTLY, NOT_SHOWN = Outcome.SHOWN, Outcome.PARTLY, Outcome.NOT_SHOWN
CHECKS = ("growth", "rows", "queries", "page", "fresh")


@pytest.fixture(scope="module")
def task() -> Task:
    return named_task("SH4")


def trial(
    solution: str,
    kind: SolutionKind | None,
    *outcomes: Outcome,
    integrity: Sequence[str] = (),
    declared: Sequence[Outcome] | None = None,
    sha256: str = "",
) -> Trial:
    """A solution that did as it declares, unless `declared` says otherwise."""
    measured = dict(zip(CHECKS, outcomes, strict=True))
    expected = Expected(
        outcomes=dict(zip(CHECKS, declared or outcomes, strict=True)), integrity=tuple(integrity), why="because"
    )
    return Trial(
        solution=solution,
        kind=kind,
        expected=expected if kind else None,
        seed="first",
        outcomes=measured,
        integrity=frozenset(integrity),
        fault="",
        sha256=sha256 or solution,
    )


NOTHING = (NOT_SHOWN, NOT_SHOWN, NOT_SHOWN, SHOWN, SHOWN)
FULL = (SHOWN, SHOWN, SHOWN, SHOWN, SHOWN)
SOUND = [
    trial("expert", SolutionKind.EXPERT, *FULL),
    trial("competent", SolutionKind.COMPETENT, SHOWN, PARTLY, SHOWN, SHOWN, SHOWN),
    trial("junior", SolutionKind.JUNIOR, PARTLY, NOT_SHOWN, PARTLY, SHOWN, SHOWN),
    trial("alternatives/one", SolutionKind.ALTERNATIVE, *FULL),
    trial("alternatives/two", SolutionKind.ALTERNATIVE, SHOWN, SHOWN, PARTLY, SHOWN, SHOWN),
    trial("wrong/cached", SolutionKind.WRONG, NOT_SHOWN, NOT_SHOWN, NOT_SHOWN, NOT_SHOWN, NOT_SHOWN),
    trial("cheats/faked", SolutionKind.CHEAT, *NOTHING, integrity=["patches-framework"]),
    trial("start", None, *NOTHING),
    trial("junk/noise", None, *NOTHING),
]


def found(task: Task, *changed: Trial) -> set[str]:
    """The rules that complain when these trials take the place of their namesakes."""
    named = {one.solution: one for one in [*SOUND, *changed]}
    return {problem.rule for problem in rules.problems_of(task, list(named.values()))}


def test_a_sound_task_is_proved(task: Task) -> None:
    assert found(task) == set()


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        (
            trial("wrong/cached", SolutionKind.WRONG, *[NOT_SHOWN] * 5, declared=[SHOWN, *[NOT_SHOWN] * 4]),
            "as declared",
        ),
        (trial("start", None, PARTLY, NOT_SHOWN, NOT_SHOWN, SHOWN, SHOWN), "nothing scores nothing"),
        (trial("junk/noise", None, *FULL), "nothing scores nothing"),
        (trial("cheats/faked", SolutionKind.CHEAT, *FULL, integrity=["patches-framework"]), "cheats gain nothing"),
        (trial("cheats/faked", SolutionKind.CHEAT, *NOTHING), "cheats are named"),
        (trial("junior", SolutionKind.JUNIOR, *FULL), "order"),
        (trial("expert", SolutionKind.EXPERT, *NOTHING), "order"),
        (trial("wrong/cached", SolutionKind.WRONG, NOT_SHOWN, NOT_SHOWN, NOT_SHOWN, SHOWN, SHOWN), "dead check"),
        (trial("alternatives/two", SolutionKind.ALTERNATIVE, PARTLY, SHOWN, SHOWN, SHOWN, SHOWN), "alternatives"),
    ],
)
def test_a_fault_of_the_task_is_named_by_its_rule(task: Task, changed: Trial, rule: str) -> None:
    assert rule in found(task, changed)


def test_an_integrity_finding_that_nobody_declared_is_not_as_declared(task: Task) -> None:
    suspected = replace(SOUND[0], integrity=frozenset({"counter-gap"}))
    assert found(task, suspected) == {"as declared"}


def test_one_alternative_is_not_enough(task: Task) -> None:
    trials = [one for one in SOUND if one.solution != "alternatives/two"]
    assert {problem.rule for problem in rules.problems_of(task, trials)} == {"alternatives"}


def test_two_different_reports_of_one_solution_under_one_seed_are_named(task: Task) -> None:
    again = replace(SOUND[0], sha256="another")
    problems = rules.problems_of(task, [*SOUND, again])
    assert [problem.rule for problem in problems] == ["sameness"]
    elsewhere = replace(again, seed="second")
    assert rules.problems_of(task, [*SOUND, elsewhere]) == ()


def test_the_brief_has_to_say_what_each_check_asks_within_400_words(task: Task) -> None:
    silent = replace(task, brief=task.brief.replace(task.checks[0].asks, ""))
    endless = replace(task, brief=task.brief + " word" * 400)
    assert {problem.rule for problem in rules.problems_of(silent, SOUND)} == {"brief"}
    assert {problem.rule for problem in rules.problems_of(endless, SOUND)} == {"brief"}
