"""Mutants graded in real slots: a mistake is killed, and what is none has to be declared with a witness that holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from djudge.engine.packs.loading import discover
from djudge.engine.verify.hunting import Fate, Hunt, hunt

ROOT = Path(__file__).parents[2]

#: No brand has the key 0, so that only the plan of the statement tells what this condition is for.
CONDITION = "Brand.objects.exclude(pk=0).count()"
ENTRY = """
[[equivalent]]
operator = "drop-scope"
file = "catalogue/status.py"
line = 'return JsonResponse({{"brands": {condition}}})'
why = "No brand has the key 0."
witness = [{witness}]
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """The shop with the template task, whose expert leaves out what is not there."""
    ignored = shutil.ignore_patterns("tasks", "__pycache__")
    shutil.copytree(ROOT / "packs/shop", tmp_path / "shop", ignore=ignored)
    shutil.copytree(ROOT / "docs/how-to/task-template", tmp_path / "shop/tasks/goods-in-numbers")
    expert = tmp_path / "shop/tasks/goods-in-numbers/solutions/expert/catalogue/status.py"
    expert.write_text(expert.read_text().replace("Brand.objects.count()", CONDITION))
    return tmp_path


def hunted(packs: Path, *witness: str) -> Hunt:
    """All mutants under one seed, with an entry in equivalents.toml where a witness is named."""
    (task,) = discover(packs).tasks
    if witness:
        named = ", ".join(f'"{one}"' for one in witness)
        (task.folder / "equivalents.toml").write_text(ENTRY.format(condition=CONDITION, witness=named))
    return hunt(task, packs, seeds=(None,), jobs=1, tell=lambda *_: None)


def test_a_mistake_is_killed_and_an_undeclared_survivor_is_a_problem(packs: Path) -> None:
    found = hunted(packs)
    fates = {one.mutant.operator: (one.fate, one.by) for one in found.hunted}
    assert fates["swap-filter-exclude"][0] is Fate.KILLED
    assert "counted" in fates["swap-filter-exclude"][1] or "answers" in fates["swap-filter-exclude"][1]
    assert fates["drop-scope"] == (Fate.SURVIVED, ())
    assert [problem.rule for problem in found.problems] == ["mutant survives", "kill rate"]


def test_a_declared_survivor_is_equivalent_where_the_answers_are_compared(packs: Path) -> None:
    found = hunted(packs, "answers")
    assert str(found) == "1 of 1 mutants killed, 1 equivalent"
    assert found.problems == ()
