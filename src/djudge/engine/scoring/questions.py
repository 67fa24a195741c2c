"""Three interview questions, made from what was measured.

No question accuses and none can be answered by a definition: each names a figure or a line of the candidate's
own work and asks how it came about. The most telling measurements ask first; questions that fit any
submission fill up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from djudge.engine.scoring import prompts
from djudge.engine.scoring.measurements import Axis, Growth, brief, growth_of, named, references
from djudge.engine.scoring.model import Question, Scored
from djudge.engine.values import Budget, Integrity, Observations, Outcome, RedFlag

QUESTIONS: Final = 3
_ABOUT_ONE_CHECK: Final = 2
_WEAK: Final = (Outcome.NOT_SHOWN, Outcome.PARTLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What questions are chosen from. `fault` is what stopped the code; `files` are those changed."""

    scored: Sequence[Scored]
    observations: Observations
    budget: Budget
    integrity: Sequence[Integrity] = ()
    red_flags: Sequence[RedFlag] = ()
    fault: str = ""
    files: Sequence[str] = ()


def choose_questions(asked: Asked) -> tuple[Question, ...]:
    """The three questions that this run suggests, the most telling first."""
    unique = {question.text: question for question in _suggested(asked)}
    chosen: list[Question] = []
    for question in unique.values():
        about_same = sum(each.check == question.check for each in chosen if question.check)
        if about_same < _ABOUT_ONE_CHECK:
            chosen.append(question)
    return tuple(chosen[:QUESTIONS])


def _suggested(asked: Asked) -> Iterator[Question]:
    yield from _about_faults_and_gates(asked)
    yield from _about_loops(asked)
    yield from _about_repeats(asked)
    yield from islice(map(_about_red_flag, asked.red_flags), 1)
    yield from islice(map(_about_integrity, asked.integrity), 1)
    if not asked.fault:
        yield from _about_gaps(asked.scored)
    yield from _about_trade_offs(asked)
    yield from _about_rows(asked)
    yield from _about_places(asked.scored)
    yield from _about_anything(asked.files)


def _about_faults_and_gates(asked: Asked) -> Iterator[Question]:
    if asked.fault:
        yield Question(text=prompts.FAULT, because=asked.fault, listen_for=prompts.FAULT_ANSWERS)
    for one in asked.scored:
        if one.check.gate and one.outcome in _WEAK and not asked.fault:
            yield _question(one, prompts.GATE, prompts.GATE_ANSWERS)
            return


def _about_loops(asked: Asked) -> Iterator[Question]:
    for one, name, growth in _growths(asked, _WEAK):
        axis = growth.steepest
        if axis and axis.added > max(1, _most_added(asked.budget, name, axis)):
            first, last = axis.first, axis.last
            text = prompts.LOOP.format(axis=axis.name, few=first, many=last)
            yield _question(one, text, prompts.LOOP_ANSWERS)
            return


def _about_repeats(asked: Asked) -> Iterator[Question]:
    for one, _, growth in _growths(asked, _WEAK):
        for group in growth.groups:
            if group.repeated:
                yield Question(
                    text=prompts.REPEAT.format(count=group.count),
                    because=f"×{group.count} {brief(group.shape)[:160]}",
                    listen_for=prompts.REPEAT_ANSWERS,
                    check=one.check.id,
                )
                return


def _about_integrity(finding: Integrity) -> Question:
    return Question(
        text=prompts.INTEGRITY,
        because=finding.what,
        listen_for=f"An ordinary explanation is possible: {finding.innocent}",
    )


def _about_red_flag(flag: RedFlag) -> Question:
    first = flag.text[0]
    return Question(
        text=prompts.RED_FLAG.format(file=first.place.file, line=first.place.line, what=first.what),
        because=f"{flag.what} {flag.behaviour[0].value}",
        listen_for=f"{prompts.RED_FLAG_ANSWERS} {flag.innocent}",
    )


def _about_gaps(scored: Iterable[Scored]) -> Iterator[Question]:
    for one in scored:
        if one.counts and one.finding.outcome in _WEAK:
            yield _question(one, f"{one.check.asks} {prompts.GAP}", prompts.GAP_ANSWERS)


def _about_trade_offs(asked: Asked) -> Iterator[Question]:
    for one, _, growth in _growths(asked, (Outcome.SHOWN,)):
        axis = growth.steepest
        if axis:
            text = prompts.TRADE_OFF.format(axis=axis.name, many=axis.last)
            yield _question(one, text, prompts.TRADE_OFF_ANSWERS)
            return


def _about_rows(asked: Asked) -> Iterator[Question]:
    for one, name, growth in _growths(asked, tuple(Outcome)):
        for axis in growth.axes:
            allowed = max((each.last.rows for each in _references(asked.budget, name, axis)), default=0)
            if allowed and axis.last.rows > 2 * allowed:
                text = prompts.ROWS.format(rows=axis.last.rows, allowed=allowed)
                yield _question(one, text, prompts.ROWS_ANSWERS)
                return


def _about_places(scored: Iterable[Scored]) -> Iterator[Question]:
    for one in scored:
        for place in one.finding.places[:1]:
            text = prompts.PLACE.format(file=place.file, line=place.line)
            yield _question(one, text, prompts.PLACE_ANSWERS)
            return


def _about_anything(files: Sequence[str]) -> Iterator[Question]:
    work = f"Changed: {', '.join(files[:5])}." if files else "Nothing was changed."
    for text, answers in prompts.ANYTHING:
        yield Question(text=text, because=work, listen_for=answers)


def _question(one: Scored, text: str, answers: str) -> Question:
    compared = f"{one.finding.measured}; expected: {one.finding.expected}".rstrip(".")
    return Question(text=text, because=f"{one.check.title}: {compared}.", listen_for=answers, check=one.check.id)


def _growths(asked: Asked, outcomes: Sequence[Outcome]) -> Iterator[tuple[Scored, str, Growth]]:
    for one in asked.scored:
        if one.finding.outcome not in outcomes:
            continue
        for name in one.finding.evidence:
            growth = growth_of(named(asked.observations, name))
            if growth:
                yield one, name, growth


def _most_added(budget: Budget, name: str, axis: Axis) -> int:
    return max((reference.added for reference in _references(budget, name, axis)), default=0)


def _references(budget: Budget, name: str, axis: Axis) -> Iterator[Axis]:
    for observations in references(budget).values():
        growth = growth_of(named(observations, name))
        reference = growth.axis(axis.name) if growth else None
        if reference:
            yield reference
