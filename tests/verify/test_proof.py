"""Every task of the repository is proved by its own solutions."""

import pytest

from djudge.engine.cli.library import library
from djudge.engine.folders import packs_folder
from djudge.engine.packs.model import Task
from djudge.engine.verify.proof import prove


@pytest.mark.timeout(900)
@pytest.mark.parametrize("task", library().tasks, ids=lambda task: task.name)
def test_the_task_grades_what_it_says_it_grades(task: Task) -> None:
    (proof,) = prove([task], packs_folder(), runs=1, jobs=2, tell=lambda *_: None)
    assert [f"{problem.rule}: {problem.what}" for problem in proof.problems] == []
    assert len({trial.seed for trial in proof.trials}) == 3


def test_no_pack_of_the_repository_has_anything_wrong_with_it() -> None:
    assert [str(diagnostic) for diagnostic in library().diagnostics] == []
