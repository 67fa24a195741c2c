"""A placement in sentences: the headline with its coverage, and what each level lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from djudge.engine.scoring.headline import NAMES
from djudge.engine.scoring.levels import LEVELS, MINIMUM, BulletResult, Minimum, Placement
from djudge.engine.scoring.model import MERIT
from djudge.engine.values import BULLETS, Outcome

#: The levels in words; the third is never inferred from years (guide, line 51).
LEVEL_NAMES: Final = {1: "basic", 2: "competent", 3: "expert (senior/staff territory)"}

MINIMUM_WORDS: Final = {
    Minimum.YES: "yes",
    Minimum.NO: "no",
    Minimum.NOT_ENOUGH_EVIDENCE: "not enough evidence",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelHeadline:
    """The first line of an assessment's report, and as large beside it what was not tested."""

    text: str
    not_tested: str


def level_headline(placement: Placement) -> LevelHeadline:
    """The level with its coverage: "Level 2 indicated on 8 of 9 bullets; not tested: admin"."""
    if placement.level:
        text = _level_text(placement)
    else:
        tested = len([each for each in placement.upto(LEVELS[-1]) if each.outcome in MERIT])
        text = f"No level indicated; {_counted(tested, len(placement.upto(LEVELS[-1])))} tested"
    return LevelHeadline(text=text, not_tested=_not_tested(placement))


def _level_text(placement: Placement) -> str:
    level = placement.level
    upto = placement.upto(level)
    word = "confirmed" if placement.confirmed == level else "indicated"
    known = [each for each in upto if each.positive]
    untested = [each.bullet for each in upto if each.outcome not in MERIT]
    name = f"Level {level}" if level < LEVELS[-1] else f"Level {level}, {LEVEL_NAMES[level]},"
    covered = f"{name} {word} on {_counted(len(known), len(upto))}"
    return f"{covered}; not tested: {listed(untested)}" if untested else covered


def python_headline(placement: Placement) -> LevelHeadline:
    """The first line for people who are strong in Python and new to Django: three results and no level."""
    results = placement.of(0)
    shown = [each for each in results if each.outcome is Outcome.SHOWN]
    partly = [each for each in results if each.outcome is Outcome.PARTLY]
    text = f"{len(shown)} of {len(results)} Python results shown"
    if partly:
        text += f", {len(partly)} partly"
    return LevelHeadline(text=text, not_tested=_not_tested(placement))


def _not_tested(placement: Placement) -> str:
    untested = [each.bullet for each in placement.bullets if each.outcome not in MERIT]
    return listed(untested) or "every bullet of the guide was tested"


def lacking(placement: Placement, level: int) -> tuple[str, ...]:
    """What keeps a level from being indicated, a sentence each; none where it is."""
    return tuple(_lacking(placement, level))


def _lacking(placement: Placement, level: int) -> Iterator[str]:
    for below in range(1, level):
        if any(_missing(placement, below)):
            yield f"Level {below} is not satisfied."
    yield from _missing(placement, level)
    if not placement.enough(level):
        number = sum(each.counts for each in placement.of(level))
        told = "no bullet" if not number else "one bullet only"
        yield f"Not enough evidence: {told} of level {level} was asked for, and two are needed."


def _missing(placement: Placement, level: int) -> Iterator[str]:
    """What is wrong among the bullets of one level that count."""
    counted = [each for each in placement.of(level) if each.counts]
    failed = [each.bullet for each in counted if each.outcome is Outcome.NOT_SHOWN]
    silent = [each for each in counted if each.outcome not in MERIT]
    partly = placement.too_partly(level)
    if failed:
        yield f"Not shown: {listed(failed)}."
    if partly:
        yield f"More than one bullet is only partly shown: {listed(each.bullet for each in partly)}."
    if silent:
        yield f"Not enough evidence: missing {listed(each.bullet for each in silent)}{_because_of(silent)}."


def _because_of(silent: Iterable[BulletResult]) -> str:
    tasks = sorted({task for each in silent for task in each.silent})
    return f" (nothing came from {', '.join(tasks)})" if tasks else ""


def unconfirmed(placement: Placement, level: int) -> tuple[str, ...]:
    """The guide's bullets up to a level without two independent pieces of evidence."""
    return tuple(each.bullet for each in placement.upto(level) if not each.confirmed)


def minimum_text(placement: Placement) -> str:
    """The guide's minimum (its line 44) in a sentence."""
    return f"Meets the guide's minimum (level {MINIMUM}): {MINIMUM_WORDS[placement.minimum]}"


def listed(bullets: Iterable[str]) -> str:
    """Bullets by their names for people, in the guide's order."""
    wanted = set(bullets)
    return ", ".join(NAMES[name] for name in BULLETS if name in wanted)


def _counted(some: int, of: int) -> str:
    return f"{some} of {of} {'bullet' if of == 1 else 'bullets'}"
