"""What is told of two reports of one run: outcomes on both sides, findings of integrity, and other words."""

from __future__ import annotations

from tests.reports.sample_reports import competent, good, junior

from djudge.engine.reports.document import IntegrityFacts, Report
from djudge.engine.rescoring.changes import Changes, changes_between
from djudge.engine.values import Outcome


def differing(changes: Changes) -> dict[str, tuple[Outcome | None, Outcome | None]]:
    return {step.name: (step.before, step.after) for step in (*changes.checks, *changes.bullets) if step.differs}


def with_first_finding(report: Report, **changes: object) -> Report:
    first, *others = report.findings
    return report.model_copy(update={"findings": (first.model_copy(update=changes), *others)})


def test_a_report_and_itself_have_no_changes() -> None:
    found = changes_between(junior(), junior())
    assert not found.any
    assert not differing(found)
    assert found.parts == ()


def test_which_djudge_and_which_text_of_the_task_judged_is_no_change() -> None:
    made = junior()
    task = made.task.model_copy(update={"digest": "another"})
    assert not changes_between(made, made.model_copy(update={"djudge": "9.9", "task": task})).any
    newer = made.task.model_copy(update={"version": 2})
    assert changes_between(made, made.model_copy(update={"task": newer})).any


def test_outcomes_are_told_on_both_sides() -> None:
    found = changes_between(competent(), good())
    assert found.any
    assert differing(found)["rows-read"] == (Outcome.PARTLY, Outcome.SHOWN)
    assert "flat-growth" not in differing(found)
    assert found.headline == (competent().headline.text, good().headline.text)
    assert "words of rows-read" in found.parts


def test_a_check_that_is_new_or_gone_has_one_side_only() -> None:
    made = good()
    fewer = made.model_copy(update={"findings": made.findings[1:]})
    assert differing(changes_between(fewer, made)) == {"same-page": (None, Outcome.SHOWN)}
    assert differing(changes_between(made, fewer)) == {"same-page": (Outcome.SHOWN, None)}


def test_words_figures_questions_and_the_task_are_named_where_outcomes_stay() -> None:
    made = good()
    for changed, part in (
        (with_first_finding(made, measured="25 of 25"), "words of same-page"),
        (with_first_finding(made, own_outcome=Outcome.PARTLY), "words of same-page"),
        (made.model_copy(update={"questions": ()}), "questions"),
        (made.model_copy(update={"task": made.task.model_copy(update={"minutes": 30})}), "the task's title, level or"),
        (made.model_copy(update={"bullets": tuple(each.model_copy(update={"because": ()}) for each in made.bullets)}),
         "what bullets rest on"),
    ):  # fmt: skip
        found = changes_between(made, changed)
        assert found.any
        assert not differing(found)
        assert [each for each in found.parts if each.startswith(part)] == list(found.parts)
        assert len(found.parts) == 1


def test_integrity_findings_are_counted_by_kind() -> None:
    gap, forged = (
        IntegrityFacts(kind=kind, what="w", innocent="i", places=()) for kind in ("counter-gap", "foreign-frame")
    )
    once, twice = (good().model_copy(update={"integrity": each}) for each in ((gap,), (gap, gap, forged)))
    assert changes_between(once, twice).integrity_new == ("counter-gap", "foreign-frame")
    assert changes_between(twice, once).integrity_gone == ("counter-gap", "foreign-frame")
    reworded = once.model_copy(update={"integrity": (gap.model_copy(update={"what": "more"}),)})
    assert changes_between(once, reworded).parts == ("words of integrity findings",)
