"""What a résumé says of the guide's bullets: quotes of its good signs, to stand beside what was said and done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from djudge.web.hiring.models import Application
from djudge.web.resumes import selectors
from djudge.web.resumes.documents import present_of
from djudge.web.resumes.models import State
from djudge.web.resumes.showing import Question, Quoted, Showing
from djudge.web.resumes.signals import State as Found

#: The bullet that a good sign is about, where it is about one.
_BULLETS: Final[Mapping[str, str]] = {
    "tools": "drf-apis",
    "performance": "query-optimization",
    "relations": "migrations-design",
}
#: Of the tools (the guide's line 102) REST Framework alone is a bullet.
_DRF: Final = re.compile(r"\bdrf\b|rest[\s_-]*framework|\bdjango[\s-]rest\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A quote as the reader may see it, with its place; `is_weak` where it only stands in a list."""

    quote: Quoted
    is_weak: bool


def claims_of(application: Application, *, is_blind: bool) -> dict[str, list[Claim]] | None:
    """What the present résumé, in the candidate's words where they corrected it, claims of each bullet; None where no
    file was read. `is_blind` hides who it is in the quotes. Two statements, and some milliseconds."""
    reading = selectors.reading_of(application)
    if reading is None or reading.state != State.READ:
        return None
    document = present_of(reading, selectors.correction_of(reading))
    showing = Showing(document, name=application.candidate.name if is_blind else "")
    found: dict[str, list[Claim]] = {}
    for question in showing.questions({}, None, {}):
        bullet = _BULLETS.get(question.signal.id)
        if bullet and question.finding.state == Found.FOUND:
            found.setdefault(bullet, []).extend(_claims(question))
    return found


def _claims(question: Question) -> Sequence[Claim]:
    quotes = zip(question.finding.quotes, question.quotes, strict=True)
    is_about_tools = question.signal.id == "tools"
    return [
        Claim(shown, question.finding.weaker)
        for quote, shown in quotes
        if not is_about_tools or _DRF.search(quote.text)
    ]
