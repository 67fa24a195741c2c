"""REST Framework, Celery, Redis (the guide's line 102): used for something, or only listed."""

from __future__ import annotations

from typing import Final

from djudge.web.resumes.signals import claims, technology
from djudge.web.resumes.signals.findings import Finding
from djudge.web.resumes.signals.passages import Passages, Sentence
from djudge.web.resumes.signals.quoting import absent, finding
from djudge.web.resumes.signals.sections import Kind
from djudge.web.resumes.signals.words import Words

#: With the names of packages and of what stands in for them. Versions may follow.
_TOOLS: Final = Words(
    "django rest framework, django rest, djangorestframework, django-rest-framework, drf, rest framework, drf-*",
    "celery, celery beat, celery-*, django-celery-*, celery5, django-celery, redis, django-redis, valkey, redis-*",
    "redis streams",
)
#: The vegetable.
_FOOD: Final = Words(
    "leek*, carrot*, onion*, soup*, chef, kitchen, stalks, root, salad*, budget, vegetable*, dip, potato*",
    "sellerie",
)
#: "Used Django and DRF" says no more than a list.
_SHORT: Final = 6
#: "Gym bookings API, Django + DRF, 26 gyms" is a list that says what for.
_SPECIFIC: Final = 3
#: Sentences about learning or teaching it say nothing of use.
_LEARNT: Final = Words(
    "learned about, heard of, certificate, exam, bootcamp, udemy, kurs, course on, course in, workshop on",
)


def find_tools(passages: Passages) -> Finding:
    """A sentence that says what one was used for; weaker where it stands in a list."""
    if not technology.is_technical(passages):
        return absent("tools", passages)
    strong: list[Sentence] = []
    weak: list[Sentence] = []
    for sentence in passages.sentences:
        if not _is_named(sentence):
            continue
        (weak if _is_listed(sentence) else strong).append(sentence)
    return finding("tools", passages, strong, weak)


def _is_named(sentence: Sentence) -> bool:
    if sentence.kind in (Kind.WISHES, Kind.STUDY, Kind.LEISURE) or _FOOD.within(sentence.text):
        return False
    if _LEARNT.within(sentence.text):
        return False
    return any(claims.is_claimed(sentence, start) for start, _ in _TOOLS.spans(sentence.text))


def _is_listed(sentence: Sentence) -> bool:
    if sentence.kind is Kind.SKILLS:
        return True
    words = len(technology.specific_words(sentence.text))
    if claims.is_list(sentence.text):
        return words < _SPECIFIC
    return not words and len(sentence.text.split()) < _SHORT
