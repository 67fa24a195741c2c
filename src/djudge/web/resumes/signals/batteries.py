"""Built anew what Django brings along (the guide's line 110)."""

from __future__ import annotations

import re
from typing import Final

from djudge.web.resumes.signals import claims, technology
from djudge.web.resumes.signals.findings import Finding
from djudge.web.resumes.signals.passages import Passages, Sentence
from djudge.web.resumes.signals.quoting import absent, finding
from djudge.web.resumes.signals.sections import Kind
from djudge.web.resumes.signals.words import Words

#: What comes with Django.
_BATTERIES: Final = Words(
    "login, log_in, sign_in, logins, auth, authentication, user authentication, jwt authentication",
    "authentication system, session, sessions, session handling, user registration, registration, user management",
    "password hashing, password reset, permission system, admin, admin panel, admin interface, admin pages",
    "admin area, administration, form handling, form validation, form validation framework, forms framework",
    "form library, form framework, orm, orm wrapper, mapper, query builder, template engine, templates engine",
    "templating engine, pagination, csrf, csrf protection, url router, routing, middleware stack",
    "migration system, i18n system, cache framework, benutzerverwaltung, anmeldung, admin_backend",
    "admin_oberfläche, formularverarbeitung, formularvalidierung, sitzungsverwaltung, passwort_hashing",
    "rechteverwaltung, template_engine, authentication backend",
)
#: Who made it.
_ANEW: Final = Words(
    "own, my own, our own, of our own, custom, custom built, custom_made, from scratch, from the ground up",
    "hand_written, handwritten, written by hand, by hand, myself, homemade, home_made, home_grown, homegrown",
    "self_made, self_written, self_built, reimplemented, re_implemented, reinvented, rewrote, in_house, bespoke",
    "eigene, eigenes, eigener, eigenen, eigen*bau, selbst entwickelt, selbst geschrieben, von grund auf",
    "handgeschrieben*, without any library",
)
#: Django's part is named as what it stands instead of: no further word is needed.
_INSTEAD: Final = re.compile(
    r"\b(?:replac(?:ed|ing)|instead of|without|rather than|in place of|statt|ersetzt(?:e)?|bypass(?:ed|ing))\s+"
    r"(?:us(?:e|ing)\s+|the\s+|des\s+|der\s+)?(?:django[’']?s?[\s-]+(?:own\s+|built-?in\s+)?"
    r"(?:admin|auth\w*|forms?|orm|sessions?|templates?|user|login)|django\.contrib\.\w+|django\.forms)",
    re.IGNORECASE,
)
#: What everybody does: changing Django's parts in the places that are meant for it.
_AS_MEANT: Final = Words(
    "custom user model, custom user, custom form field*, custom widget*, custom admin action*",
    "customised the admin, customized the admin, customised the django admin, customized the django admin",
    "custom permission*, custom manager*, django's own auth, django's own admin, django's own, own accounts",
    "on their own, custom template tag*, custom middleware, own domain, eigenes datenmodell, extended the admin",
    "django-allauth, allauth, custom admin view*, custom login page",
)
#: Reasons that somebody may have had. A person weighs them; here they make the doubt weak.
_REASONS: Final = Words(
    "because, since, due to, required by, requires, required, regulation*, regulated, legacy, smart card*",
    "hardware token*, could not, couldn't, did not support, does not support, not supported, no package",
    "before django had, compliance, certified, accredited, air gap*, weil, wegen, aufgrund, da es, vorschrift*",
    "gesetzlich, bestandssystem, ldap of",
)
#: No reasons.
_NO_REASONS: Final = Words(
    "never looked, didn't know, did not know, didn't like, not aware, don't trust, do not trust, faster to write",
    "nicht kannte",
)
#: Built in order to learn: no achievement that is claimed.
_TO_LEARN: Final = Words(
    "to understand, to learn, for learning, as an exercise, to see how, for fun, zum lernen, aus neugier",
)
#: Words between "own" and the thing.
_NEAR: Final = 6


def find_batteries(passages: Passages) -> Finding:
    """Told as something that was made; weaker where the sentence gives a reason."""
    # "Instead of Django's admin" names Django, too, though it is none that was used.
    names_django = any(_INSTEAD.search(sentence.text) for sentence in passages.sentences)
    if not names_django and not technology.django_mentions(passages):
        return absent("batteries", passages)
    strong: list[Sentence] = []
    weak: list[Sentence] = []
    for sentence in passages.sentences:
        if sentence.kind in (Kind.SKILLS, Kind.WISHES, Kind.STUDY) or not is_built_anew(sentence):
            continue
        (weak if _has_reason(sentence.text) else strong).append(sentence)
    return finding("batteries", passages, strong, weak)


def is_built_anew(sentence: Sentence) -> bool:
    """Whether it tells of a part of Django's that somebody wrote by themselves."""
    if is_to_learn(sentence):
        return False
    match = _INSTEAD.search(sentence.text)
    if match and not claims.is_denied(sentence, match.start()):
        return True
    text = _AS_MEANT.without(sentence.text)
    return any(
        _words_between(text, anew, battery) <= _NEAR for anew in _ANEW.spans(text) for battery in _BATTERIES.spans(text)
    )


def is_to_learn(sentence: Sentence) -> bool:
    """Whether it was built in order to understand something."""
    return _TO_LEARN.within(sentence.text)


def _words_between(text: str, one: tuple[int, int], other: tuple[int, int]) -> int:
    first, second = sorted((one, other))
    between = text[first[1] : second[0]]
    return _NEAR + 1 if ";" in between else len(between.split())


def _has_reason(text: str) -> bool:
    return _REASONS.within(text) and not _NO_REASONS.within(text)
