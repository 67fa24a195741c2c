"""What reports say to people who are no engineers: what each finding is about, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Final

from djudge.engine.reports.document import QuestionFacts, Report
from djudge.engine.values import Outcome
from djudge.web.grading.models import Result
from djudge.web.grading.reports import read

#: As many questions fit into an interview beside its own.
MOST_QUESTIONS: Final = 3

#: In the order in which somebody wants to read them.
_OUTCOMES: Final = (Outcome.SHOWN, Outcome.PARTLY, Outcome.NOT_SHOWN)


@dataclass(frozen=True, slots=True)
class Said:
    """One finding in plain words, the guide's bullet that it tells of, and the task."""

    says: str
    bullet: str
    task: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask, why, and what to listen for; drawn from what was measured."""

    task: str
    text: str
    because: str
    listen_for: str


@dataclass(frozen=True, slots=True)
class InPlainWords:
    """The findings of one sitting by outcome, and the questions that follow from them."""

    findings: Sequence[tuple[str, Sequence[Said]]]
    questions: Sequence[Question]


def in_plain_words(results: Iterable[Result]) -> InPlainWords:
    """Of all reports of one sitting. Pure but for reading the documents: some milliseconds each."""
    reports = [read(result) for result in results]
    said = {outcome: list(_said(reports, outcome)) for outcome in _OUTCOMES}
    return InPlainWords(
        findings=[(outcome.value, found) for outcome, found in said.items() if found],
        questions=_questions(reports),
    )


def _said(reports: Sequence[Report], outcome: Outcome) -> Iterable[Said]:
    """Each sentence once: several checks may be about the same thing."""
    seen = set()
    for report in reports:
        for finding in report.findings if report.fault is None else ():
            key = (finding.recruiter, finding.bullet)
            if finding.bullet and finding.outcome == outcome and key not in seen:
                seen.add(key)
                yield Said(says=finding.recruiter, bullet=finding.bullet, task=report.task.title)


def _questions(reports: Sequence[Report]) -> Sequence[Question]:
    """The first one of each task, then the second ones: an interview is about all of the work."""
    by_task = [[_question(report, each) for each in report.questions] for report in reports]
    in_turn = chain.from_iterable(zip_longest(*by_task))
    return [each for each in in_turn if each is not None][:MOST_QUESTIONS]


def _question(report: Report, asked: QuestionFacts) -> Question:
    return Question(task=report.task.title, text=asked.text, because=asked.because, listen_for=asked.listen_for)
