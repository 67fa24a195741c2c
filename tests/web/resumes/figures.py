"""Precision and recall of each signal on the labelled set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from djudge.web.resumes.document import Document
from djudge.web.resumes.signals import SIGNALS, Finding, State, find
from tests.web.resumes.labelled_set import Labelled, Written

#: Of these a quote has to touch a line that people marked; the others say what is *not* there.
QUOTED = ("own-projects", "tools", "performance", "relations", "production", "expert", "batteries")


@dataclass(slots=True)
class Count:
    """How often a signal was found rightly, found wrongly, and missed. A weaker one counts as found if people say weak,
    too; a weak one shown as a strong one is wrong, a strong one shown as weaker is missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    quotes: int = 0
    quotes_right: int = 0
    mistakes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of what was found, how much is there."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of what is there, how much was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def counted(
    resumes: Sequence[Labelled], read: Callable[[Labelled], Document] = lambda each: each.document
) -> dict[str, Count]:
    """By signal. `read` says where the document comes from: the written text, or a file that was rendered and read."""
    counts = {signal: Count() for signal in SIGNALS}
    for resume in resumes:
        for finding in find(read(resume)):
            _count(counts[finding.signal], resume, finding)
    return counts


def _count(count: Count, resume: Labelled, finding: Finding) -> None:
    expected = resume.signs.get(finding.signal, "")
    got = ("weak" if finding.weaker else "strong") if finding.state == State.FOUND else ""
    quotes_right = list(_quotes_right(resume, finding))
    if finding.signal in QUOTED:
        count.quotes += len(quotes_right)
        count.quotes_right += sum(quotes_right)
    if got and got == expected and any(quotes_right):
        count.right += 1
        return
    if got:
        count.wrong += 1
    if expected:
        count.missed += 1
    if got or expected:
        count.mistakes.append(f"{resume.id}: {expected or 'nothing'}, found {got or 'nothing'}")


def _quotes_right(resume: Labelled, finding: Finding) -> Iterator[bool]:
    """For each quote whether it touches a line that people marked."""
    if finding.signal not in QUOTED:
        yield from (True for _ in finding.quotes)
        return
    marked = [_plain(line) for line in resume.lines_that_show(finding.signal)]
    for quote in finding.quotes:
        plain = _letters(quote.text)
        yield any(plain in line or line in plain for line in marked)


def _plain(line: Written) -> str:
    return _letters(line.text)


def _letters(text: str) -> str:
    """Letters and digits alone: a rendered line may break, or part a word, anywhere."""
    return "".join(each for each in text.casefold() if each.isalnum())
