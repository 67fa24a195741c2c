"""Django, and no Python besides (the guide's line 107): a doubt, asked as a question."""

from __future__ import annotations

from djudge.web.resumes.signals import claims, technology
from djudge.web.resumes.signals.findings import Finding
from djudge.web.resumes.signals.passages import Passages, Sentence
from djudge.web.resumes.signals.quoting import absent, finding, is_incomplete, not_there
from djudge.web.resumes.signals.sections import Kind

#: Where Django is named; more would only repeat it.
_MOST: int = 2


def find_python(passages: Passages) -> Finding:
    """Found where Django is claimed and Python nowhere; weaker where Python stands in lists and courses alone.

    Quoted are the places that name Django, and for a weaker one those that list Python.
    """
    django = [sentence for sentence, _ in technology.django_mentions(passages)][:_MOST]
    named = [sentence for sentence in passages.sentences if _is_named(sentence)]
    if any(not _is_listed(sentence) for sentence in named):
        return not_there("python")
    if not django or is_incomplete(passages):
        return absent("python", passages)
    return finding("python", passages, () if named else django, [*django, *named])


def _is_named(sentence: Sentence) -> bool:
    """In the sentence, or in the heading above it."""
    return technology.PYTHON.within(sentence.section) or any(
        claims.is_claimed(sentence, start) for start, _ in technology.PYTHON.spans(sentence.text)
    )


def _is_listed(sentence: Sentence) -> bool:
    """A list of skills, a course, or a self-rating: named, but nothing done with it."""
    if sentence.kind is Kind.SKILLS or claims.is_heard_of(sentence):
        return True
    return technology.is_stack(sentence.text) and not sentence.is_title
