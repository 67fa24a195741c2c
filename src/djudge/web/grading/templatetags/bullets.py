"""The guide's bullets in templates, by the names that the engine gives them."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from djudge.web.grading.library import NAMES

register = template.Library()


@register.filter
def bullet(name: str) -> str:
    """One of the guide's bullets in words for people; an unknown one by its name."""
    return _(NAMES.get(name, name))
