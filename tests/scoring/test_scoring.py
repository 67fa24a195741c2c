"""Scoring: gates, bullets, the headline. More evidence never hurts, order never matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from djudge.engine.errors import TaskFault
from djudge.engine.scoring.bullets import score, together
from djudge.engine.scoring.gates import apply_gates, lowest
from djudge.engine.scoring.headline import NAMES, headline, untested
from djudge.engine.scoring.model import MERIT, BulletScore
from djudge.engine.values import BULLETS, Finding, Outcome


@dataclass(frozen=True)
class Check:
    id: str
    bullet: str | None = None
    gate: bool = False
    title: str = "A check"
    asks: str = "Does it?"


def finding(check: str, outcome: Outcome) -> Finding:
    return Finding(check=check, outcome=outcome, measured="1", expected="1", candidate="", recruiter="")


def outcome_of(bullet: str, findings: Sequence[Finding], checks: Sequence[Check]) -> Outcome:
    return {one.bullet: one.outcome for one in score(findings, checks)}[bullet]


OUTCOMES = st.sampled_from(list(Outcome))
MERITS = st.sampled_from(MERIT)
NAMES_OF_BULLETS = st.sampled_from(sorted(BULLETS))


@st.composite
def tasks(draw: st.DrawFn) -> tuple[list[Check], list[Finding]]:
    """A task of one to eight checks, some of them gates, with an answer to each."""
    count = draw(st.integers(1, 8))
    checks = [
        Check(id=f"c{number}", bullet=draw(NAMES_OF_BULLETS), gate=draw(st.booleans())) for number in range(count)
    ]
    return checks, [finding(check.id, draw(OUTCOMES)) for check in checks]


@given(tasks(), st.randoms(use_true_random=False))
def test_the_order_of_checks_and_findings_never_matters(task, random) -> None:
    checks, findings = task
    before = score(findings, checks)

    random.shuffle(findings)
    assert score(findings, checks) == before
    random.shuffle(checks)
    assert score(findings, checks) == before


@given(tasks(), st.data())
def test_a_raised_finding_never_lowers_a_bullet(task, data) -> None:
    checks, findings = task
    position = data.draw(st.integers(0, len(findings) - 1))
    chosen = findings[position]
    if chosen.outcome not in MERIT:
        return
    higher = data.draw(st.sampled_from(MERIT[MERIT.index(chosen.outcome) :]))
    raised = [*findings]
    raised[position] = finding(chosen.check, higher)

    before = {one.bullet: one.outcome for one in score(findings, checks)}
    after = {one.bullet: one.outcome for one in score(raised, checks)}

    for bullet, outcome in before.items():
        if outcome in (Outcome.PARTLY, Outcome.SHOWN):
            assert after[bullet] in MERIT
            assert MERIT.index(after[bullet]) >= MERIT.index(outcome)


@given(st.lists(OUTCOMES))
def test_one_more_shown_never_lowers_and_one_more_not_shown_never_raises(outcomes) -> None:
    alone = together(outcomes)
    with_more, with_less = together([*outcomes, Outcome.SHOWN]), together([*outcomes, Outcome.NOT_SHOWN])
    if alone in MERIT:
        assert MERIT.index(with_more) >= MERIT.index(alone) >= MERIT.index(with_less)


@given(st.lists(MERITS, min_size=1), st.lists(st.sampled_from([Outcome.NOT_TESTED, Outcome.INFRASTRUCTURE_ERROR])))
def test_what_could_not_be_asked_counts_neither_way(told, silent) -> None:
    assert together([*told, *silent]) == together(told)


@given(tasks())
def test_gates_only_ever_lower(task) -> None:
    checks, findings = task
    for one in apply_gates(findings, checks):
        if one.outcome in MERIT and one.finding.outcome in MERIT:
            assert MERIT.index(one.outcome) <= MERIT.index(one.finding.outcome)


def test_a_gate_that_fails_takes_every_scored_check_with_it_and_is_named() -> None:
    checks = [
        Check("same", gate=True),
        Check("flat", bullet="query-optimization"),
        Check("rows", bullet="orm-queries"),
    ]
    findings = [
        finding("same", Outcome.NOT_SHOWN),
        finding("flat", Outcome.SHOWN),
        finding("rows", Outcome.NOT_SHOWN),
    ]

    scored = {one.check.id: one for one in apply_gates(findings, checks)}

    assert scored["flat"].outcome is Outcome.NOT_SHOWN
    assert scored["flat"].lowered_by == ("same",)
    assert scored["rows"].lowered_by == ()
    held = [finding("same", Outcome.SHOWN), *findings[1:]]
    assert outcome_of("query-optimization", held, checks) is Outcome.SHOWN


def test_a_gate_that_holds_raises_nothing_and_stands_for_no_bullet() -> None:
    checks = [Check("same", bullet="mvt", gate=True), Check("flat", bullet="orm-queries")]

    bullets = score([finding("same", Outcome.SHOWN), finding("flat", Outcome.NOT_SHOWN)], checks)

    assert [(one.bullet, one.outcome) for one in bullets] == [("orm-queries", Outcome.NOT_SHOWN)]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((Outcome.SHOWN, Outcome.SHOWN), Outcome.SHOWN),
        ((Outcome.SHOWN, Outcome.NOT_SHOWN), Outcome.PARTLY),
        ((Outcome.SHOWN, Outcome.PARTLY), Outcome.PARTLY),
        ((Outcome.PARTLY, Outcome.NOT_SHOWN), Outcome.PARTLY),
        ((Outcome.NOT_SHOWN, Outcome.NOT_SHOWN), Outcome.NOT_SHOWN),
        ((Outcome.SHOWN, Outcome.NOT_TESTED), Outcome.SHOWN),
        ((Outcome.NOT_TESTED,), Outcome.NOT_TESTED),
        ((Outcome.NOT_TESTED, Outcome.INFRASTRUCTURE_ERROR), Outcome.INFRASTRUCTURE_ERROR),
    ],
)
def test_a_bullet_is_shown_when_all_its_checks_are_and_not_shown_when_none_is(outcomes, expected) -> None:
    checks = [Check(f"c{number}", bullet="tests") for number in range(len(outcomes))]
    findings = [finding(check.id, outcome) for check, outcome in zip(checks, outcomes, strict=True)]
    assert outcome_of("tests", findings, checks) is expected


def test_a_gate_that_could_not_be_asked_earns_nobody_a_mark() -> None:
    assert lowest([Outcome.SHOWN, Outcome.NOT_TESTED]) is Outcome.NOT_TESTED
    assert lowest([Outcome.SHOWN, Outcome.INFRASTRUCTURE_ERROR]) is Outcome.INFRASTRUCTURE_ERROR
    assert lowest([Outcome.NOT_SHOWN, Outcome.NOT_TESTED]) is Outcome.NOT_SHOWN


def test_a_judge_that_skips_repeats_or_invents_a_check_is_its_authors_fault() -> None:
    checks = [Check("a", bullet="tests"), Check("b", bullet="tests")]
    a, b = finding("a", Outcome.SHOWN), finding("b", Outcome.SHOWN)

    assert score([a, b], checks)
    with pytest.raises(TaskFault, match="without an answer: b"):
        score([a], checks)
    with pytest.raises(TaskFault, match="“a” twice"):
        score([a, a, b], checks)
    with pytest.raises(TaskFault, match="does not name"):
        score([a, b, finding("c", Outcome.SHOWN)], checks)


def test_a_bullet_that_the_guide_does_not_have_is_the_authors_fault() -> None:
    with pytest.raises(TaskFault, match="not one of the guide's"):
        score([finding("a", Outcome.SHOWN)], [Check("a", bullet="seniority")])


def test_the_headline_carries_its_coverage() -> None:
    bullets = [
        BulletScore(bullet="orm-queries", level=2, outcome=Outcome.SHOWN, because=("a",)),
        BulletScore(bullet="caching", level=3, outcome=Outcome.PARTLY, because=("b",)),
        BulletScore(bullet="tests", level=2, outcome=Outcome.NOT_TESTED, because=("c",)),
    ]

    line = headline(bullets)

    assert line.text == "1 of 2 bullets shown, 1 partly"
    assert (line.shown, line.partly, line.not_shown, line.tested) == (1, 1, 0, 2)
    assert "tests" in line.not_tested
    assert "caching" not in line.not_tested
    assert len(untested(bullets)) == len(BULLETS) - 2


def test_nothing_measured_is_said_as_that_and_not_as_zero() -> None:
    assert headline([]).text == "Nothing could be measured"
    failed = [BulletScore(bullet="tests", level=2, outcome=Outcome.NOT_SHOWN, because=())]
    assert headline(failed, ran=False).text == "It did not run"


def test_every_bullet_of_the_guide_has_a_name_for_people() -> None:
    assert set(NAMES) == set(BULLETS)
