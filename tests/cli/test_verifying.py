"""`djudge verify` on the template task: proved as it is, and refused with the reason when a declaration is wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Called

from djudge.engine.packs.model import Task

TEMPLATE = Path(__file__).parents[2] / "docs/how-to/task-template"

type Djudge = Callable[..., Called]


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, task: Task) -> Path:
    """A folder of packs: the shop with the template task and no other."""
    ignored = shutil.ignore_patterns("tasks", "__pycache__")
    shutil.copytree(task.pack.folder, tmp_path / "packs/shop", ignore=ignored)
    shutil.copytree(TEMPLATE, tmp_path / "packs/shop/tasks/goods-in-numbers")
    monkeypatch.setenv("DJUDGE_PACKS", str(tmp_path / "packs"))
    return tmp_path / "packs"


@pytest.mark.prove
def test_the_template_is_proved(djudge: Djudge, packs: Path, tmp_path: Path) -> None:
    told = djudge("verify", "shop", "--jobs", "2", "--json", tmp_path / "proof.json")
    assert told.status == 0, told.out
    (proof,) = json.loads((tmp_path / "proof.json").read_text())
    assert proof["holds"] is True
    assert ": proved, " in told.out


@pytest.mark.prove
def test_a_wrong_declaration_is_a_failed_verification(djudge: Djudge, packs: Path) -> None:
    declared = packs / "shop/tasks/goods-in-numbers/solutions/junior/expected.toml"
    text = declared.read_text()
    assert '"not_shown"' in text
    declared.write_text(text.replace('"not_shown"', '"shown"', 1))
    told = djudge("verify", "--json", "-")
    assert told.status == 1
    (proof,) = json.loads(told.out)
    assert not proof["holds"]
    assert any("junior" in problem["what"] and "declared shown" in problem["what"] for problem in proof["problems"])
    assert "as declared: junior" in told.err


def test_half_a_proof_is_never_recorded(djudge: Djudge) -> None:
    for options in ((), ("--mutants",), ("--redraw", "5")):
        told = djudge("verify", "SH4", "--record", *options)
        assert told.status == 2
        assert "add --mutants and --redraw 5" in told.err


@pytest.mark.prove
def test_a_whole_proof_is_recorded_and_told_in_a_line(djudge: Djudge, packs: Path) -> None:
    expert = packs / "shop/tasks/goods-in-numbers/solutions/expert/catalogue/status.py"
    text = expert.read_text()
    assert "Brand.objects.count()" in text
    expert.write_text(text.replace("Brand.objects.count()", "Brand.objects.exclude(pk=0).count()"))
    told = djudge("verify", "--jobs", "2", "--mutants", "--redraw", "2", "--record", "--json", "-")
    assert "mutant survives: drop-scope at catalogue/status.py" in told.err
    assert "1 of 2 mutants killed, 0 equivalent, statistics drawn anew 2 times" in " ".join(told.err.split())
    assert not (packs / "shop/tasks/proofs.json").exists()
    expert.write_text(text)
    told = djudge("verify", "--jobs", "2", "--mutants", "--redraw", "2", "--record", "--json", "-")
    assert told.status == 0, told.err
    (kept,) = json.loads((packs / "shop/tasks/proofs.json").read_text())["tasks"].values()
    assert (kept["redraws"], len(kept["environments"])) == (2, 3)


def test_a_pack_that_can_not_be_read_fails_the_verification_in_words(
    djudge: Djudge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/pack.toml").write_text("format = 2\n")
    monkeypatch.setenv("DJUDGE_PACKS", str(tmp_path))
    told = djudge("verify")
    assert told.status == 1
    assert "broken/pack.toml:1: " in told.out
