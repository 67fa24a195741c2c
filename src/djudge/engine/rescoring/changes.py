"""What judging again changes in a report, for people who decide whether they want it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from djudge.engine.reports.document import FindingFacts, IntegrityFacts, RedFlagFacts, Report
from djudge.engine.values import Json, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The outcome of a check or a bullet on both sides; None where that side does not have it."""

    name: str
    before: Outcome | None
    after: Outcome | None

    @property
    def differs(self) -> bool:
        """Whether the outcome is another, or the check or bullet is new or gone."""
        return self.before is not self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that is different. `parts` names what changed beside outcomes: "words of growth", "questions"."""

    version: tuple[int, int]
    headline: tuple[str, str]
    checks: tuple[Step, ...]
    bullets: tuple[Step, ...]
    integrity_new: tuple[str, ...]
    integrity_gone: tuple[str, ...]
    flags_new: tuple[str, ...]
    flags_gone: tuple[str, ...]
    parts: tuple[str, ...]
    any: bool

    def to_json(self) -> Json:
        """For machines, with the outcomes that stay as well."""
        return {
            "version": {"before": self.version[0], "after": self.version[1]},
            "headline": {"before": self.headline[0], "after": self.headline[1]},
            "checks": [_step(step) for step in self.checks],
            "bullets": [_step(step) for step in self.bullets],
            "integrity": {"new": [*self.integrity_new], "gone": [*self.integrity_gone]},
            "red_flags": {"new": [*self.flags_new], "gone": [*self.flags_gone]},
            "parts": [*self.parts],
        }


def changes_between(before: Report, after: Report) -> Changes:
    """What a reader of the second report finds different from the first."""
    kinds = (_kinds(before.integrity), _kinds(after.integrity))
    flags = (_kinds(before.red_flags), _kinds(after.red_flags))
    return Changes(
        version=(before.task.version, after.task.version),
        headline=(before.headline.text, after.headline.text),
        checks=_steps(_checks(before), _checks(after)),
        bullets=_steps(_bullets(before), _bullets(after)),
        integrity_new=tuple(sorted((kinds[1] - kinds[0]).elements())),
        integrity_gone=tuple(sorted((kinds[0] - kinds[1]).elements())),
        flags_new=tuple(sorted((flags[1] - flags[0]).elements())),
        flags_gone=tuple(sorted((flags[0] - flags[1]).elements())),
        parts=tuple(_parts(before, after)),
        any=_without_provenance(before) != _without_provenance(after),
    )


def _without_provenance(report: Report) -> Report:
    """Which Djudge judged, by which text of the task, is alone no reason to write a document anew."""
    task = report.task.model_copy(update={"digest": ""})
    return report.model_copy(update={"djudge": "", "task": task})


def _checks(report: Report) -> dict[str, Outcome]:
    return {finding.check: finding.outcome for finding in report.findings}


def _bullets(report: Report) -> dict[str, Outcome]:
    return {bullet.bullet: bullet.outcome for bullet in report.bullets}


def _steps(before: Mapping[str, Outcome], after: Mapping[str, Outcome]) -> tuple[Step, ...]:
    names = dict.fromkeys([*after, *before])
    return tuple(Step(name=name, before=before.get(name), after=after.get(name)) for name in names)


def _kinds(found: Iterable[IntegrityFacts | RedFlagFacts]) -> Counter[str]:
    return Counter(each.kind for each in found)


def _parts(before: Report, after: Report) -> Iterator[str]:
    """Parts that read otherwise although their outcome may be the same."""
    was = {finding.check: finding for finding in before.findings}
    for finding in after.findings:
        if finding.check in was and _reads_otherwise(was[finding.check], finding):
            yield f"words of {finding.check}"
    if before.integrity != after.integrity and _kinds(before.integrity) == _kinds(after.integrity):
        yield "words of integrity findings"
    if before.red_flags != after.red_flags and _kinds(before.red_flags) == _kinds(after.red_flags):
        yield "words of red flags"
    if _grounds(before) != _grounds(after):
        yield "what bullets rest on"
    if before.questions != after.questions:
        yield "questions"
    if _task(before) != _task(after):
        yield "the task's title, level or minutes"


def _reads_otherwise(before: FindingFacts, after: FindingFacts) -> bool:
    """Whether more than the outcome is different. The outcome before gates tells something where gates hid it."""
    same = {"outcome": after.outcome}
    if before.outcome is not after.outcome:
        same["own_outcome"] = after.own_outcome
    return before.model_copy(update=same) != after


def _grounds(report: Report) -> dict[str, tuple[str, ...]]:
    return {bullet.bullet: bullet.because for bullet in report.bullets}


def _task(report: Report) -> tuple[str, int, int]:
    return report.task.title, report.task.level, report.task.minutes


def _step(step: Step) -> Json:
    return {"name": step.name, "before": step.before, "after": step.after}
