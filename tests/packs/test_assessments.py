"""Assessments: read beside the packs, at most ninety minutes, and with a reason for each guard that they leave open."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.packs.conftest import TASK

from djudge.engine.errors import OperatorFault, TaskFault
from djudge.engine.packs.assessments import MOST_MINUTES, discover_assessments, find_assessment
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.guards import unmet, untested
from djudge.engine.packs.loading import Library, discover
from djudge.engine.packs.model import Assessment, Guard, Lane

ASSESSMENT = """\
format = 1
id = "fair"
title = "A day at the fair"
lane = "django-ready"
tasks = ["fair/unseen-stalls", "fair/more-stalls"]

[answers]
every-bullet-tested = "Two tasks."
python-part = "Asked in another sitting."
"""


@pytest.fixture
def library(packs: Path) -> Library:
    """Two tasks: one of ORM queries, one of migrations and permissions."""
    more = packs / "fair/tasks/more-stalls"
    shutil.copytree(packs / "fair/tasks/unseen-stalls", more)
    second = TASK.replace('"FA1"', '"FA2"').replace('bullets = ["orm-queries"]', 'bullets = ["auth-permissions"]')
    (more / "task.toml").write_text(second.replace('bullet = "orm-queries"', 'bullet = "auth-permissions"'))
    (packs / "assessments").mkdir()
    return discover(packs)


def read(library: Library, text: str = ASSESSMENT, name: str = "fair") -> tuple[Assessment | None, Diagnostics]:
    (library.root / f"assessments/{name}.toml").write_text(text, encoding="utf-8")
    diagnostics = Diagnostics()
    found = discover_assessments(library, diagnostics)
    return (found[0] if found else None), diagnostics


def test_an_assessment_is_its_tasks_in_order_with_their_minutes(library: Library) -> None:
    assessment, diagnostics = read(library)

    assert not diagnostics
    assert assessment is not None
    assert [task.id for task in assessment.tasks] == ["FA1", "FA2"]
    assert (assessment.minutes, assessment.lane) == (40, Lane.DJANGO_READY)
    assert assessment.bullets == {"orm-queries", "auth-permissions"}
    assert find_assessment(library, "fair") == assessment


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("fair/more-stalls", "fair/more-stools", 5, "no task 'fair/more-stools' that could be used. Perhaps you mean"),
        ("fair/more-stalls", "fair/unseen-stalls", 5, "'fair/unseen-stalls' is asked twice"),
        ('"fair/more-stalls"', '"FA2"', 5, "`tasks.2`"),
        ('id = "fair"', 'id = "market"', 2, "The id is 'market' and the file 'fair.toml'"),
        ("django-ready", "everyone", 4, "`lane`"),
        ("python-part", "python-parts", None, "`answers.python-parts"),
        ('"Two tasks."', '""', None, "one line of text is needed"),
        ("format = 1", "format = 2", 1, "`format`"),
        ("[answers]", "minutes = 30\n[answers]", 7, "`minutes` is not a key of this file"),
    ],
)
def test_what_is_wrong_with_one_is_named_with_its_line(
    library: Library, old: str, new: str, line: int | None, said: str
) -> None:
    assert old in ASSESSMENT
    assessment, diagnostics = read(library, ASSESSMENT.replace(old, new, 1))

    assert assessment is None
    assert said in str(diagnostics.errors[0])
    assert line is None or diagnostics.errors[0].line == line
    with pytest.raises(TaskFault):
        find_assessment(library, "fair")


def test_one_that_is_broken_hides_no_other_and_an_unknown_name_lists_what_there_is(library: Library) -> None:
    read(library, "format = ", "broken")
    assessment, diagnostics = read(library)

    assert assessment is not None
    assert [entry.file.name for entry in diagnostics.errors] == ["broken.toml"]
    with pytest.raises(OperatorFault, match="There are: broken, fair"):
        find_assessment(library, "circus")


def test_more_than_ninety_minutes_are_refused(library: Library) -> None:
    for slug, minutes in (("unseen-stalls", 50), ("more-stalls", MOST_MINUTES - 50)):
        file = library.root / f"fair/tasks/{slug}/task.toml"
        file.write_text(file.read_text().replace("minutes = 20", f"minutes = {minutes}"))
    assessment, diagnostics = read(discover(library.root))
    assert (assessment is not None, list(diagnostics)) == (True, [])

    file.write_text(file.read_text().replace("minutes = 40", "minutes = 41"))
    assessment, diagnostics = read(discover(library.root))
    assert assessment is None
    assert "The tasks take 91 minutes together (FA1 50, FA2 41)." in str(diagnostics.errors[0])


def test_a_guard_that_is_left_open_is_a_warning_until_it_is_answered(library: Library) -> None:
    answered, _, unanswered = ASSESSMENT.partition('python-part = "Asked in another sitting."\n')
    assessment, diagnostics = read(library, answered + unanswered)

    assert assessment is not None
    (warning,) = diagnostics
    assert "no Python part" in warning.message
    assert 'python-part = "…" (guide, line 77)' in warning.cure
    assert "Asked" in (read(library)[0] or assessment).answers[Guard.PYTHON]


def test_an_answer_that_nobody_needs_is_a_warning(library: Library) -> None:
    assessment, diagnostics = read(library, ASSESSMENT + 'beyond-crud = "No reason."\n')
    assert assessment is not None
    assert [entry.message for entry in diagnostics] == ["beyond-crud holds here and needs no reason."]
    assert diagnostics[0].line == 10


def test_each_guard_says_what_a_set_of_tasks_can_not_tell(library: Library) -> None:
    by_id = {task.id: task for task in library.tasks}
    orm, rights = by_id["FA1"], by_id["FA2"]

    def open_guards(lane: Lane, *tasks: object) -> set[Guard]:
        return {each.guard for each in unmet(lane, tasks)}  # type: ignore[arg-type]

    assert open_guards(Lane.DJANGO_READY, orm, rights) == {Guard.BULLETS, Guard.PYTHON}
    assert open_guards(Lane.DJANGO_READY, rights) == {Guard.BULLETS, Guard.PYTHON, Guard.ORM, Guard.MINIMUM}
    assert Guard.BEYOND_CRUD in open_guards(Lane.DJANGO_READY)
    assert open_guards(Lane.PYTHON_STRONG, orm) == {Guard.PYTHON, Guard.LEARNING}
    assert "auth-permissions" in untested([orm], python=False)
    assert untested([orm, rights], python=True) == ("decorators", "context-managers", "async")
