"""The ready assessments: junior, competent and expert work ends where it belongs, by what each solution declares.

`verify` proves that solutions earn what they declare, so this needs no sandbox and covers every task that there is.
"""

from __future__ import annotations

import pytest
from tests.assessing.conftest import declared

from djudge.engine.packs.assessments import MOST_MINUTES, discover_assessments, find_assessment
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.loading import Library
from djudge.engine.packs.model import Assessment, Lane
from djudge.engine.reports.assessment_building import scope_of
from djudge.engine.scoring.implications import IMPLICATIONS
from djudge.engine.scoring.levels import Minimum, Placement, place
from djudge.engine.values import Outcome

READY = ("shop", "python-strong")
MOST = {"junior": 1, "competent": 2, "expert": 3}


def placed(assessment: Assessment, solution: str) -> Placement:
    """The level of a bundle that is made of one kind of solution. A task without such a solution is an error."""
    pieces = [piece for task in assessment.tasks for piece in declared(task, task.solution(solution))]
    return place(scope_of(assessment), pieces)


def test_the_ready_assessments_are_usable_and_leave_no_guard_unanswered(library: Library) -> None:
    diagnostics = Diagnostics()
    found = {each.id: each for each in discover_assessments(library, diagnostics)}

    assert not list(diagnostics), "\n".join(map(str, diagnostics))
    assert set(found) == set(READY)
    for assessment in found.values():
        assert assessment.minutes <= MOST_MINUTES


@pytest.mark.parametrize("solution", MOST)
def test_work_of_each_kind_lands_at_its_level_at_most(library: Library, solution: str) -> None:
    for name in READY:
        placement = placed(find_assessment(library, name), solution)
        assert placement.level <= MOST[solution], name
        assert placement.confirmed <= MOST[solution], name


def test_the_shop_tells_junior_work_from_competent_work(library: Library) -> None:
    junior, competent, expert = (placed(find_assessment(library, "shop"), solution) for solution in MOST)

    assert junior.level < competent.level <= expert.level
    assert (junior.minimum is Minimum.YES, expert.minimum is Minimum.YES) == (False, True)


def test_python_strong_places_no_level_and_tells_three_results(library: Library) -> None:
    assessment = find_assessment(library, "python-strong")
    shown = {
        solution: sum(each.outcome is Outcome.SHOWN for each in placed(assessment, solution).of(0)) for solution in MOST
    }

    assert assessment.lane is Lane.PYTHON_STRONG
    assert shown["expert"] == 3
    assert shown["junior"] < shown["competent"] <= shown["expert"]
    assert [placed(assessment, solution).level for solution in MOST] == [0, 0, 0]
    assert all(each.confirmed for each in placed(assessment, "expert").of(0))


def test_each_bullet_of_python_is_asked_for_by_two_tasks(library: Library) -> None:
    scope = scope_of(find_assessment(library, "python-strong"))
    for bullet in ("decorators", "context-managers", "async"):
        assert len(scope.asked(bullet)) > 1, bullet


def test_a_row_of_the_implication_table_that_is_used_is_proved_by_junior_work_failing(library: Library) -> None:
    """Who shows the higher bullet is no beginner: no junior solution does, and none that does fails the lower one."""
    used = 0
    for row in IMPLICATIONS:
        for task in (task for task in library.tasks if row.higher in task.bullets):
            used += 1
            for solution in task.solutions:
                outcomes = {piece.bullet: piece.outcome for piece in declared(task, solution)}
                if solution.name == "junior":
                    assert outcomes[row.higher] is not Outcome.SHOWN, f"{task.name}: {row.higher}"
                if outcomes[row.higher] is Outcome.SHOWN:
                    assert outcomes.get(row.lower, Outcome.SHOWN) is Outcome.SHOWN, f"{task.name}: {row.lower}"
    assert used, "No task serves a bullet that implies another, so that no row is proved."
