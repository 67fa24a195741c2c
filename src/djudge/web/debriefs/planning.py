"""What an interview with somebody could ask, and what it will: the kit, who has covered what, questions about their own
work, and the minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from djudge.web.grading.models import Result
from djudge.web.grading.plain_words import in_plain_words
from djudge.web.hiring.models import Application, Job
from djudge.web.interviews import kits
from djudge.web.interviews.actions import Planned
from djudge.web.interviews.bank import Question, questions
from djudge.web.interviews.models import Kit
from djudge.web.interviews.selectors import Covering

#: The groups of what is offered, in the order in which pages show them.
OF_KIT: Final = "kit"
OF_BANK: Final = "bank"
OWN: Final = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What somebody has chosen so far, as it came from a page: known kinds and lengths, whatever else was sent.

    `asked` are keys of offered questions. `is_new_kit` says that the ticks were made for another kind.
    """

    kit: str
    minutes: int
    domain: str
    asked: frozenset[str] | None
    is_new_kit: bool

    @classmethod
    def of(cls, sent: QueryDict, job: Job) -> Choices:
        """From the fields of a page; what is absent or unknown is what would be proposed."""
        kit = sent.get("kit", "")
        kit = kit if kit in Kit.values else Kit.DEVELOPER.value
        lengths = {str(each): each for each in kits.MINUTES[kit]}
        return cls(
            kit=kit,
            minutes=lengths.get(sent.get("minutes", ""), kits.MINUTES[kit][0]),
            domain=" ".join(sent.get("domain", "").split())[:120] or kits.domain_of(job),
            asked=frozenset(sent.getlist("ask")) if "shown" in sent or "ask" in sent else None,
            is_new_kit=sent.get("shown", kit) != kit,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A question that may be asked: whence it comes, who covers it already, and whether it will be asked."""

    key: str
    group: str
    question: Planned
    bank: Question | None
    covered: Sequence[Covering]
    is_asked: bool
    fills_a_gap: bool = False
    task: str = ""

    @property
    def asked_by(self) -> str:
        """Who has asked it and filed."""
        return ", ".join(dict.fromkeys(each.who for each in self.covered if each.is_filed))

    @property
    def planned_by(self) -> str:
        """On whose plan it is."""
        return ", ".join(dict.fromkeys(each.who for each in self.covered if not each.is_filed))


def own_questions(results: Iterable[Result]) -> list[tuple[str, Planned]]:
    """Up to three questions from what was measured of somebody's work, each with its task. Some milliseconds."""
    return [
        (
            each.task,
            Planned(
                text=each.text[:600], because=each.because[:600], listen_for=each.listen_for[:1000],
                minutes=kits.OWN_MINUTES,
            ),
        )
        for each in in_plain_words(results).questions
    ]  # fmt: skip


def offers(
    application: Application,
    choices: Choices,
    covered: Sequence[Covering],
    own: Sequence[tuple[str, Planned]],
    gaps: frozenset[str] = frozenset(),
) -> list[Offer]:
    """Everything that may be asked: the kit's questions, the rest of the bank, the candidate's own work. Pure.

    Where nothing was chosen yet, or for another kind, the kit is, without what others cover already.
    """
    of_kit = kits.questions_of(choices.kit, application.job.use_case)
    names = {each.id for each in of_kit}
    rest = [each for each in questions().values() if each.id not in names]
    found = [_of_bank(each, OF_KIT, choices, covered, gaps) for each in of_kit]
    found += [_of_bank(each, OF_BANK, choices, covered, gaps) for each in rest]
    return found + [_of_work(at, task, each, choices, covered) for at, (task, each) in enumerate(own, 1)]


def _of_bank(
    question: Question, group: str, choices: Choices, covered: Sequence[Covering], gaps: frozenset[str]
) -> Offer:
    by = [each for each in covered if each.question_id == question.id]
    proposes = group == OF_KIT and not by
    return Offer(
        key=question.id,
        group=group,
        question=kits.as_asked(question, choices.domain),
        bank=question,
        covered=by,
        is_asked=_is_asked(question.id, choices, proposes),
        fills_a_gap=question.bullet in gaps,
    )


def _of_work(at: int, task: str, question: Planned, choices: Choices, covered: Sequence[Covering]) -> Offer:
    key = f"own-{at}"
    by = [each for each in covered if not each.question_id and each.text == question.text]
    is_asked = key in (choices.asked or ())
    return Offer(key=key, group=OWN, question=question, bank=None, covered=by, is_asked=is_asked, task=task)


def _is_asked(key: str, choices: Choices, proposes: bool) -> bool:
    return proposes if choices.asked is None or choices.is_new_kit else key in choices.asked


def asked_of(found: Iterable[Offer]) -> list[Planned]:
    """What will be asked, in the order of the page."""
    return [each.question for each in found if each.is_asked]
