"""What somebody said of a bullet beside what their code did: two columns and an invitation to ask. Pure.

Nobody is caught lying here. Where the columns differ it is said in which direction, with what would explain it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from djudge.web.debriefs.comparing import Mark
from djudge.web.debriefs.wrote import Claim
from djudge.web.grading.library import BULLETS
from djudge.web.grading.plain_words import InPlainWords
from djudge.web.grading.reports import AssessedBulletFacts, AssessmentReport, EvidenceFacts, measured
from djudge.web.hiring.models import Job
from djudge.web.interviews.anchors import OUTCOMES
from djudge.web.interviews.bank import Question
from djudge.web.interviews.kits import questions_of
from djudge.web.interviews.models import Kit, Rating
from djudge.web.interviews.raters import names_of

#: The guide's warning signs that code can show, by their line, and the bullet that each is about.
SIGNS: Final[Mapping[int, str]] = {57: "admin", 62: "migrations-design", 67: "drf-apis"}

_MERIT: Final[Mapping[str, int]] = {"not_shown": 0, "partly": 1, "shown": 2}


class Differs(StrEnum):
    """How what was said and what was measured fit together."""

    NO = "no"
    SAID_MORE = "said more"
    DID_MORE = "did more"
    BOTH_WAYS = "both ways"
    CANT_TELL = "can't tell"


@dataclass(frozen=True, slots=True)
class Done:
    """What one task says of a bullet: its title, the outcome, what was measured, and the same in plain words."""

    task: str
    outcome: str
    because: Sequence[str]
    plain: Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One bullet. `question` is that of the phone screen, where there is one; `signs` are the guide's warning signs
    that the code raised, `wrote` what the résumé claims. Nothing is compared with the latter: paper is not asked."""

    bullet: str
    question: Question | None
    said: Sequence[Mark]
    did: Sequence[Done]
    signs: Sequence[Any]
    wrote: Sequence[Claim] = ()

    @property
    def differs(self) -> Differs:
        """In which direction, if at all. A task that was shown and one that was not are partly; a warning sign is at
        most that."""
        if not self.said or not (self.did or self.signs):
            return Differs.CANT_TELL
        gaps = [_MERIT[OUTCOMES[mark.rating.anchor]] - self._done for mark in self.said]
        if any(gap > 0 for gap in gaps) and any(gap < 0 for gap in gaps):
            return Differs.BOTH_WAYS
        if any(gap > 0 for gap in gaps):
            return Differs.SAID_MORE
        return Differs.DID_MORE if any(gap < 0 for gap in gaps) else Differs.NO

    @property
    def _done(self) -> int:
        found = {_MERIT[each.outcome] for each in self.did}
        done = found.pop() if len(found) == 1 else 1
        return min(done, 1) if self.signs else done


def rows(
    job: Job,
    placed: AssessmentReport | None,
    plain: InPlainWords,
    ratings: Sequence[Rating],
    wrote: Mapping[str, Sequence[Claim]] | None = None,
) -> list[Row]:
    """The phone screen's three bullets, whatever there is of them, then those of which two sides are known (written,
    rated, measured), in the guide's order. Ratings come with scorecard, rater and interview."""
    names = names_of(rating.scorecard for rating in ratings)
    phone = {each.bullet: each for each in questions_of(Kit.PHONE, job.use_case)}
    facts = {each.bullet: each for each in placed.bullets} if placed else {}
    found = {}
    for bullet in (*phone, *BULLETS):
        marks = [Mark(each, names[each.scorecard_id]) for each in ratings if each.bullet == bullet]
        did = _done(facts[bullet], placed, plain) if bullet in facts and placed else []
        claims = (wrote or {}).get(bullet, ())
        if bullet in phone or sum(map(bool, (marks, did, claims))) > 1:
            found[bullet] = Row(bullet, phone.get(bullet), marks, did, _signs(bullet, placed), claims)
    return list(found.values())


def _done(facts: AssessedBulletFacts, placed: AssessmentReport, plain: InPlainWords) -> list[Done]:
    titles = {each.id: each.title for each in placed.tasks}
    return [_of_task(facts.bullet, each, titles.get(each.source, each.source), plain) for each in measured(facts)]


def _of_task(bullet: str, evidence: EvidenceFacts, task: str, plain: InPlainWords) -> Done:
    said = [each.says for _, found in plain.findings for each in found if each.bullet == bullet and each.task == task]
    return Done(task, str(evidence.outcome.value), evidence.because, said)


def _signs(bullet: str, placed: AssessmentReport | None) -> list[Any]:
    return [each for each in placed.red_flags if SIGNS.get(each.flag.guide_line) == bullet] if placed else []


def unseen(placed: AssessmentReport | None, ratings: Iterable[Rating]) -> list[str]:
    """The guide's bullets of which nobody knows anything: no task could tell, nobody's rating is about them, and none
    that was shown implies them."""
    rated = {rating.bullet for rating in ratings}
    known = {each.bullet for each in placed.bullets if measured(each) or each.implied_by} if placed else set()
    return [bullet for bullet in BULLETS if bullet not in rated | known]
