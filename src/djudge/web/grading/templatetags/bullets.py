"""The guide's bullets in templates, by the names that the engine gives them."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from djudge.web.grading import reports
from djudge.web.grading.library import NAMES
from djudge.web.grading.reports import AssessedBulletFacts, EvidenceFacts

register = template.Library()


@register.filter
def bullet(name: str) -> str:
    """One of the guide's bullets in words for people; an unknown one by its name."""
    return _(NAMES.get(name, name))


@register.filter
def by_people(facts: AssessedBulletFacts) -> list[EvidenceFacts]:
    """The evidence on a bullet that is somebody's rating."""
    return reports.by_people(facts)


@register.filter
def by_tasks(facts: AssessedBulletFacts) -> list[EvidenceFacts]:
    """The evidence on a bullet that is no rating."""
    people = reports.by_people(facts)
    return [each for each in facts.evidence if each not in people]


@register.filter
def lacks_a_second_rater(facts: AssessedBulletFacts) -> bool:
    """Whether only one of the two people has rated who are needed."""
    return reports.lacks_a_second_rater(facts)
