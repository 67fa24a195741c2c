"""Figures in templates: spans of time, and what a task's page says of the team's candidates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from djudge.web.insights import selectors

register = template.Library()


@register.inclusion_tag("insights/_task_figures.html", takes_context=True)
def task_figures(context: template.Context, name: str) -> dict[str, Any]:
    """What the team of whoever looks has learnt about a task. One statement.

    A tag, because the page belongs to an app that knows nothing of candidates.
    """
    membership = context["membership"]
    return {"figures": selectors.task_figures(membership.team, name)}


@register.filter
def span(value: timedelta | None) -> str:
    """How long, in the two units that matter; a dash where it is not known."""
    if value is None:
        return "–"
    minutes = round(value.total_seconds() / 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else "",
        _("%(n)s h") % {"n": hours} if hours else "",
        _("%(n)s min") % {"n": minutes} if not days and (minutes or not hours) else "",
    ]
    return " ".join(part for part in parts if part)


@register.filter
def times(value: int, factor: int) -> int:
    """A product, for places in a drawing."""
    return value * factor


@register.filter
def percent(value: float) -> str:
    """A share with one decimal: 0.125 is 12.5 %."""
    return f"{100 * value:.1f} %"


@register.filter
def ratio(value: float) -> str:
    """Two decimals."""
    return f"{value:.2f}"
