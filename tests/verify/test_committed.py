"""The committed proof: what changed since it was written is noticed, and a report that is another one too."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from djudge.engine.errors import OperatorFault, TaskFault
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.loading import discover
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.verify.committed import changed_since_proved, deviations, due, record
from djudge.engine.verify.hunting import Hunt
from djudge.engine.verify.proof import SEEDS, Proof
from djudge.engine.verify.rules import Problem
from djudge.engine.verify.trial import Trial

PACKS = Path(__file__).parents[2] / "packs"
MONDAY = date(2026, 11, 23)


@pytest.fixture
def tasks(tmp_path: Path) -> Callable[[], tuple[Task, ...]]:
    """Reads a pack with two tasks of the same text, anew at each call."""
    pack = tmp_path / "packs/shop"
    others = [folder.name for folder in (PACKS / "shop/tasks").iterdir() if folder.name != "slow-product-list"]
    shutil.copytree(PACKS / "shop", pack, ignore=shutil.ignore_patterns("__pycache__", *others))
    shutil.copytree(pack / "tasks/slow-product-list", pack / "tasks/another")
    manifest = pack / "tasks/another/task.toml"
    manifest.write_text(manifest.read_text().replace('"SH4"', '"SH5"'))

    def read() -> tuple[Task, ...]:
        library = discover(tmp_path / "packs")
        assert isinstance(library.diagnostics, Diagnostics)
        assert list(library.diagnostics) == []
        return library.tasks

    return read


def proof(task: Task, sha256: str = "sha") -> Proof:
    """A whole proof that holds: its expert under all seeds."""
    trials = tuple(
        Trial(
            solution="expert", kind=None, expected=None, seed=local_seed(task, seed).hex[:8], outcomes={},
            integrity=frozenset(), fault="", sha256=sha256,
        )
        for seed in SEEDS
    )  # fmt: skip
    return Proof(task, trials, (), Hunt((), ()), 5)


def test_a_task_is_unchanged_after_its_proof_was_recorded(tasks: Callable[[], tuple[Task, ...]]) -> None:
    another, slow = tasks()
    assert changed_since_proved(slow) == "was never proved"
    (file,) = record([proof(slow)], 20)
    assert file == slow.pack.folder / "tasks/proofs.json"
    assert changed_since_proved(slow) == ""
    assert changed_since_proved(another) == "was never proved"
    (kept,) = json.loads(file.read_text())["tasks"].values()
    assert (kept["runs"], len(kept["environments"])) == (20, 3)


def test_recording_one_task_keeps_the_others(tasks: Callable[[], tuple[Task, ...]]) -> None:
    another, slow = tasks()
    record([proof(slow)], 20)
    record([proof(another)], 20)
    assert [changed_since_proved(task) for task in tasks()] == ["", ""]


def test_a_changed_task_and_a_changed_pack_are_noticed(tasks: Callable[[], tuple[Task, ...]]) -> None:
    another, slow = tasks()
    record([proof(slow), proof(another)], 20)
    (slow.folder / "judge.py").write_text((slow.folder / "judge.py").read_text() + "\n# changed\n")
    assert changed_since_proved(slow) == "has changed since it was proved"
    assert changed_since_proved(another) == ""
    (slow.pack.system / "README.md").write_text("changed")
    assert changed_since_proved(another) == "belongs to a pack that has changed since it was proved"


def test_what_changed_is_due_and_one_task_of_the_pack_in_turn(tasks: Callable[[], tuple[Task, ...]]) -> None:
    both = tasks()
    assert set(due(both, MONDAY).values()) == {"was never proved"}
    record([proof(task) for task in both], 20)
    (first,), (second,) = due(both, MONDAY).items(), due(both, date(2026, 11, 30)).items()
    assert first[1] == "has its turn in week 48"
    assert {first[0], second[0]} == {task.name for task in both}
    assert due(both, date(2026, 11, 29)) == dict([first])


def test_another_report_in_the_same_environment_is_a_deviation(tasks: Callable[[], tuple[Task, ...]]) -> None:
    _, slow = tasks()
    record([proof(slow)], 20)
    assert list(deviations(proof(slow))) == []
    assert list(deviations(proof(slow, "another"))) == [
        f"expert under seed {seed}: not the report that was proved" for seed in ("local", "second", "third")
    ]


def test_in_another_environment_no_report_is_compared(tasks: Callable[[], tuple[Task, ...]]) -> None:
    _, slow = tasks()
    (file,) = record([proof(slow)], 20)
    kept = json.loads(file.read_text())
    (entry,) = kept["tasks"].values()
    entry["environments"] = {f"elsewhere{number}": one for number, one in enumerate(entry["environments"].values())}
    file.write_text(json.dumps(kept))
    assert list(deviations(proof(slow, "another"))) == []


def test_what_does_not_hold_and_what_is_half_proved_is_not_recorded(tasks: Callable[[], tuple[Task, ...]]) -> None:
    _, slow = tasks()
    assert record([replace(proof(slow), problems=(Problem("order", "junior earns more"),))], 20) == ()
    assert changed_since_proved(slow) == "was never proved"
    for half in (replace(proof(slow), hunt=None), replace(proof(slow), redraws=0)):
        with pytest.raises(OperatorFault, match="Only a whole proof"):
            record([half], 20)


def test_a_file_that_holds_no_proofs_is_named(tasks: Callable[[], tuple[Task, ...]]) -> None:
    _, slow = tasks()
    (slow.pack.tasks_folder / "proofs.json").write_text('{"format": 2}')
    with pytest.raises(TaskFault, match="no proofs"):
        changed_since_proved(slow)
