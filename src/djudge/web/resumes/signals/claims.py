"""Whether words are claimed: not denied, not wished for, not heard of in a course alone, no mere item of a list."""

from __future__ import annotations

import re
from typing import Final

from djudge.web.resumes.signals.passages import Sentence
from djudge.web.resumes.signals.sections import Kind
from djudge.web.resumes.signals.words import Words

#: Before the word, in the same clause.
_DENIED: Final = Words(
    "no, not, never, neither, nor, without, lack, lacking, instead of, rather than, other than, except, don't",
    "haven't, didn't, kein, keine, keinen, keiner, keinerlei, nicht, nie, niemals, ohne, statt, anstatt",
    "no experience",
)
#: A denial of something else: "not only Django", "no longer", "not just".
_NOT_DENIED: Final = Words(
    "not only, not just, no longer, nicht nur, no less, no fewer, not least, no doubt, never mind",
)
#: Anywhere before the word in its sentence.
_WISHED: Final = Words(
    "want to, wants to, would like to, would love to, would like, would love, like to learn, love to learn",
    "eager to, keen to, hope to, hoping to, plan to, planning to, aim to, wish to, interested in, interest in",
    "curious about, looking forward to, willing to learn, looking for, seeking, in search of, to learn",
    "learning about, next year, reading about, only read about, read about, starts in, möchte, möchten, will ich",
    "würde gerne, würde gern, interesse an, interesse für, interessiere mich, aufbauen möchte, gerne lernen",
    "planned, soon, currently learning, now learning",
)
#: After the word: "Kenntnisse in Redis möchte ich aufbauen", "Django next year perhaps", "Redis: only read about it".
_WISHED_AFTER: Final = Words(
    "möchte ich, will ich, next year, starts in, only read about, read about it, is next, not yet, noch nicht",
    "for a weekend, did not like it",
)
#: What was learned and may never have been used.
_HEARD_OF: Final = Words(
    "course, courses, certificate, certified, bootcamp, udemy, coursera, workshop on, lecture, seminar, kurs",
    "lehrgang",
)
#: Made for a course, and so made.
_COURSE_WORK: Final = Words("course work, coursework, course project, course projects, kursprojekt")
_BUILT: Final = Words(
    "built, wrote, developed, designed, created, implemented, programmed, entwickelt, programmiert, gebaut",
)
_CLAUSE_END: Final = re.compile(r"[;:]|\s[–—-]\s|\.\s|\b(?:but|aber|sondern|however|though)\b", re.IGNORECASE)
_DENIAL_REACHES: Final = 8
_SEPARATOR: Final = re.compile(r"\s*(?:[,;/|·•+&→()\[\]★☆●○]+|\s[–—-]\s|\s{2,}|\band\b|\bund\b)\s*")
#: Items of a list have hardly more words than this.
_ITEM_WORDS: Final = 2.3
#: A list has none of these: they tie words into a sentence.
_TIES: Final = Words(
    "for, with, to, from, of, in, on, by, at, into, so that, since, the, a, is, are, was, were, all, my, our, its",
    "over, für, mit, von, vom, zu, zum, zur, im, am, aus, bei, der, die, das, den, dem, des, ein, eine, wrote",
    "built, reads",
)


def is_claimed(sentence: Sentence, start: int) -> bool:
    """Of the word that begins at `start`: whether somebody says that they have or did it."""
    if sentence.kind is Kind.WISHES:
        return False
    before, after = sentence.text[:start], sentence.text[start:]
    if _WISHED.within(before) or _WISHED_AFTER.within(after):
        return False
    return not _is_denied(before)


def is_denied(sentence: Sentence, start: int) -> bool:
    """Of the word that begins at `start`."""
    return _is_denied(sentence.text[:start])


def _is_denied(before: str) -> bool:
    clause = _CLAUSE_END.split(_NOT_DENIED.without(before))[-1]
    near = " ".join(clause.split()[-_DENIAL_REACHES:])
    spans = list(_DENIED.spans(near))
    if not spans:
        return False
    # "no tests, Celery for mail": a short denial ends at its comma unless what follows is a list of the same.
    rest = near[spans[-1][1] :]
    return "," not in rest or _is_listing(rest)


def _is_listing(rest: str) -> bool:
    return all(len(item.split()) <= 3 for item in rest.split(","))


def is_heard_of(sentence: Sentence) -> bool:
    """Whether it tells of a course rather than of work."""
    return is_study(sentence) or _HEARD_OF.within(_COURSE_WORK.without(sentence.text))


def is_study(sentence: Sentence) -> bool:
    """Whether it stands below education or certificates, and tells of nothing that was made there."""
    return sentence.kind is Kind.STUDY and not _BUILT.within(sentence.text)


def is_list(text: str) -> bool:
    """Whether it is a row of names ("Python, Django, DRF") and no sentence."""
    if _TIES.within(text):
        return False
    words = [len(item.split()) for item in _SEPARATOR.split(text.rstrip(" .")) if item.strip()]
    return not words or (sum(words) / len(words) <= _ITEM_WORDS and max(words) <= 4)
