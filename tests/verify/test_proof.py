"""Tasks that changed since the committed proof are proved again here, and one of each pack in its turn.

`make prove` does all of it: every task, three seeds, twenty runs, mutants, statistics drawn anew.
"""

from datetime import UTC, datetime

import pytest

from djudge.engine.cli.library import library, named_task
from djudge.engine.folders import packs_folder
from djudge.engine.verify.committed import deviations, due
from djudge.engine.verify.proof import Thoroughness, prove

DUE = due(library().tasks, datetime.now(UTC).date())


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", DUE)
def test_the_task_grades_what_it_says_it_grades(name: str) -> None:
    how = Thoroughness(seeds=(None,))
    # One at a time: other tests run beside this one, and a machine of two cores that works for four is late with
    # everything, candidates' time-outs included.
    (proof,) = prove([named_task(name)], packs_folder(), jobs=1, tell=lambda *_: None, how=how)
    assert [f"{problem.rule}: {problem.what}" for problem in proof.problems] == []
    assert {trial.solution for trial in proof.trials} > {solution.name for solution in proof.task.solutions}
    assert list(deviations(proof)) == []


def test_no_pack_of_the_repository_has_anything_wrong_with_it() -> None:
    assert [str(diagnostic) for diagnostic in library().diagnostics] == []
