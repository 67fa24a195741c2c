"""Calls themselves an expert in Django and names only what courses let everybody build (the guide's line 109)."""

from __future__ import annotations

import re
from typing import Final

from djudge.web.resumes.signals import claims, technology
from djudge.web.resumes.signals.findings import Finding, State
from djudge.web.resumes.signals.passages import Passages, Sentence
from djudge.web.resumes.signals.production import find_production
from djudge.web.resumes.signals.projects import projects_of
from djudge.web.resumes.signals.quoting import absent, finding, is_incomplete, not_there
from djudge.web.resumes.signals.sections import Kind
from djudge.web.resumes.signals.words import Words

_EXPERT: Final = Words(
    "expert, experts, expert_level, expertise, guru, master, ninja, rockstar, rock star, wizard, 10/10",
    "world class, mastery, top expert, experte, expertin, django_experte, django_expertin, profi, meister",
    "expertenwissen, *_experte",
)
#: A master's degree, a build master.
_NOT_EXPERT: Final = Words("master's, master of science, master of arts, msc, scrum master, webmaster, master thesis")
_LOW: Final = Words("beginner, basic, basics, novice, junior, learning, anfänger, grundkenntnisse, good, intermediate")
_CLAUSE: Final = re.compile(r"[;.]|\bbut\b|\baber\b")


def find_expert(passages: Passages) -> Finding:
    """Needs both: a place that claims it, and one that names such a project; a project of one's own rules it out."""
    projects = projects_of(passages)
    claimed = [sentence for sentence in passages.sentences if _is_claim(sentence)]
    others = [*projects.own, *projects.named_only, *projects.other_work]
    if any(each not in claimed for each in others) or _ran(passages):
        return not_there("expert")
    of_courses = [each for each in projects.of_courses if _is_with_django(each)]
    if not claimed or not of_courses or is_incomplete(passages):
        return absent("expert", passages)
    return finding("expert", passages, [*claimed[:2], *of_courses[:4]])


def _ran(passages: Passages) -> bool:
    production = find_production(passages)
    return production.state == State.FOUND and not production.weaker


def _is_with_django(sentence: Sentence) -> bool:
    """Not a game in Python, not a certificate."""
    if technology.DJANGO.within(sentence.text):
        return sentence.kind is not Kind.STUDY
    return not technology.NAMES.within(sentence.text)


def _is_of_django(clause: str, expert: tuple[int, int]) -> bool:
    """Whether the rating is Django's: "Guitar (expert), Django (beginner)" rates something else."""
    django = technology.DJANGO.first(clause)
    if django is None:
        return False
    between = clause[min(expert[1], django[1]) : max(expert[0], django[0])]
    item = next(each for each in clause[django[0] :].split(","))
    rates_before = expert[1] <= django[0]
    return "," not in between or (rates_before and ")" not in between and not _LOW.within(item))


def _is_claim(sentence: Sentence) -> bool:
    if _NOT_EXPERT.within(sentence.text):
        return False
    start = 0
    for clause in _CLAUSE.split(sentence.text):
        span = _EXPERT.first(clause)
        if span and _is_of_django(clause, span) and claims.is_claimed(sentence, start + span[0]):
            return True
        start += len(clause) + 1
    return False
