"""Rule 2: the type checker refuses a judge function that raises a score from a claim."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from djudge.engine.values import Answered, Claimed, Observations, Outcome, Seen, Words, partly, shown

JUDGES = Path(__file__).parent / "judges"
ROOT = Path(__file__).resolve().parents[2]
WORDS = Words(measured="4 statements", expected="4 statements", candidate="", recruiter="")


@pytest.fixture(scope="module")
def refusals() -> set[tuple[str, int, str]]:
    files = sorted(str(file) for file in JUDGES.glob("*.py"))
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", str(ROOT / "pyproject.toml"), *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    found = re.findall(r"(?m)^.*?(\w+\.py):(\d+): error: .*\[([\w-]+)\]$", checked.stdout)
    return {(file, int(line), code) for file, line, code in found}


def announced(file: Path) -> set[tuple[str, int, str]]:
    return {
        (file.name, number, code)
        for number, line in enumerate(file.read_text().splitlines(), 1)
        for code in re.findall(r"# refused: ([\w-]+)", line)
    }


@pytest.mark.parametrize("judge", sorted(JUDGES.glob("*.py")), ids=lambda file: file.stem)
def test_mypy_refuses_exactly_the_lines_that_let_a_claim_decide(
    judge: Path, refusals: set[tuple[str, int, str]]
) -> None:
    expected = announced(judge)
    assert expected or judge.stem == "rests_on_evidence"
    found = {refusal for refusal in refusals if refusal[0] == judge.name}
    assert expected <= found
    assert {line for _, line, _ in found} <= {line for _, line, _ in expected} | _unreachable(judge, found)


def _unreachable(judge: Path, found: set[tuple[str, int, str]]) -> set[int]:
    """Lines after a claim was asked to decide are unreachable to the type checker; each is reported."""
    return {line for _, line, code in found if code == "unreachable"}


def test_a_score_needs_evidence_and_a_claim_wrapped_by_hand_is_none() -> None:
    assert shown("growth", WORDS, Seen(4)).outcome is Outcome.SHOWN
    assert partly("growth", WORDS, Answered("a page")).outcome is Outcome.PARTLY
    with pytest.raises(TypeError, match="names no evidence"):
        shown("growth", WORDS)
    with pytest.raises(TypeError, match="wrapped"):
        Seen(Claimed("four statements, honestly"))


def test_a_claim_can_be_quoted_and_decides_nothing_at_run_time_either() -> None:
    claim = Observations(claimed={"said": "4 statements"}).claim("said")
    with pytest.raises(TypeError, match="can't decide"):
        bool(claim)
    with pytest.raises(TypeError, match="can't decide"):
        bool(claim.quote())
    assert claim.quote() != "4 statements"
